import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotStartPostgres, startPostgres } from './fixtures/postgres.ts';
import { start, waitUntil } from './fixtures/processes.ts';
import { startTcpProxy } from './fixtures/tcp-proxy.ts';

const skip = cannotStartPostgres();

test('what the database has committed is there after it was killed, and in databases that are made like it', {
  skip,
}, async () => {
  const postgres = await startPostgres({ after });
  const first = await postgres.database();
  await postgres.sql('create table kept as select 7 as number', first);
  postgres.kill();
  await postgres.start();
  const second = await postgres.database(first);
  assert.deepEqual(await Promise.all([first, second].map(each => postgres.sql('table kept', each))), [
    '7',
    '7',
  ]);
});

test('the database of a test goes with its process, in whatever way that ends', { skip }, async () => {
  const fixture = new URL('./fixtures/postgres.js', import.meta.url).href;
  const script = `import { startPostgres } from '${fixture}';
    console.log((await startPostgres({ after() {} })).folder);
    setInterval(() => {}, 1000);`;
  const { child, ended } = start([process.execPath, '--input-type=module', '-e', script]);
  const folder = `${await once(child.stdout ?? child, 'data')}`.trim();
  assert.ok(existsSync(`${folder}/data/postmaster.pid`));
  child.kill('SIGKILL');
  await ended;
  await waitUntil('its folder is gone', () => !existsSync(folder));
});

test('a network of tests stalls, is back, closes one side, and breaks', async t => {
  const sockets: Socket[] = [];
  const echo = createServer(
    { allowHalfOpen: true },
    socket => void sockets.push(socket.on('error', () => {})),
  );
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  t.after(() => echo.close());
  const address = echo.address();
  const proxy = await startTcpProxy(t, { port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
  const client = connect(proxy.port, '127.0.0.1');
  await once(client, 'connect');
  await waitUntil('the server has the connection', () => sockets.length === 1);
  const [server] = sockets as [Socket];
  const heard: string[] = [];
  server.on('data', text => void heard.push(`${text}`)).on('end', () => void heard.push('end'));
  proxy.stall();
  client.write('one');
  await sleep(50);
  assert.deepEqual(heard, []);
  proxy.resume();
  await waitUntil('what was said has come', () => heard.length === 1);
  proxy.halfClose('server');
  await waitUntil('one side is closed', () => heard.length === 2);
  proxy.cut();
  await once(client.resume(), 'close');
  assert.deepEqual(heard, ['one', 'end']);
  await waitUntil('no connection is left', () => proxy.open === 0);
});
