import { createServer, type Socket } from 'node:net';

/**
 * A mail server in a process of its own that does as little as one can: `node sink.js fine`, `node sink.js far`, whose answers to all that
 * has come take 20 ms, `node sink.js slow`, which takes 20 ms for each message, or `node sink.js hanging`, which takes connections and never
 * greets. Prints its port, and a line when the first message has come; with `each` after it, for each.
 */
const manner = process.argv[2];
const each = process.argv[3] === 'each';
const ROUND_TRIP = 20;
const END = Buffer.from('\r\n.\r\n');
let messages = 0;

const server = createServer({ noDelay: true }, socket => {
  socket.on('error', () => {});
  if (manner !== 'hanging') serve(socket);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});

function serve(socket: Socket): void {
  if (manner === 'far') delay(socket);
  let pending = Buffer.alloc(0);
  let [inMessage, isBusy] = [false, false];
  const hear = () => {
    while (!isBusy) {
      const end = pending.indexOf(inMessage ? END : '\r\n');
      if (end < 0) return;
      const line = inMessage ? '.' : pending.toString('latin1', 0, end);
      pending = pending.subarray(end + (inMessage ? END.length : 2));
      isBusy = inMessage && manner === 'slow';
      if (isBusy) setTimeout(goOn, ROUND_TRIP);
      else inMessage = obey(socket, line);
    }
  };
  const goOn = () => {
    [inMessage, isBusy] = [obey(socket, '.'), false];
    hear();
  };
  socket.write('220 sink\r\n');
  socket.on('data', chunk => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    hear();
  });
}

/** What is written goes out together, so long after the first of it. */
function delay(socket: Socket): void {
  const write = socket.write.bind(socket);
  let held = '';
  socket.write = (reply: string) => {
    if (held === '')
      setTimeout(() => {
        const replies = held;
        held = '';
        write(replies);
      }, ROUND_TRIP);
    held += reply;
    return true;
  };
}

/** Returns whether a message follows. */
function obey(socket: Socket, line: string): boolean {
  const verb = line.slice(0, 4).toUpperCase();
  if (verb === 'EHLO') socket.write('250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
  else if (verb === 'DATA') socket.write('354 go on\r\n');
  else if (verb === 'QUIT') socket.end('221 bye\r\n');
  else socket.write('250 ok\r\n');
  if (line === '.' && (++messages === 1 || each)) process.stdout.write('come\n');
  return verb === 'DATA';
}
