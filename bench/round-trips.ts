import { once } from 'node:events';
import { connect } from 'node:net';

/** `node round-trips.js PORT COUNT`: asks a mail server so many things, one after the other. */
const [port, count] = process.argv.slice(2).map(Number) as [number, number];
const socket = connect({ port, host: '127.0.0.1', noDelay: true });
await once(socket, 'data');
for (let asked = 0; asked < count; asked++) {
  socket.write('NOOP\r\n');
  await once(socket, 'data');
}
socket.destroy();
