import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSender } from '../../src/delivery/sender.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { inShort, outgoingMail } from '../fixtures/smtp-client.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

const OPTIONS = { tls: 'verify', password: async () => 'secret', clientName: 'client.test' } as const;

/** A server behind a Unix socket. */
async function socketTo(t: TestContext, port: number): Promise<string> {
  const socket = join(temporaryFolder(t), 'lmtp');
  const server = createServer(client => {
    client.pipe(connect(port, '127.0.0.1')).pipe(client);
  }).listen(socket);
  await once(server, 'listening');
  t.after(() => server.close());
  return socket;
}

test('an LMTP server behind a socket of this machine gets mails, and a login without TLS', async t => {
  const server = await startScripted(t, [{ at: 'DOT', nth: 2, reply: '550 5.1.1 nobody' }], {
    lmtp: true,
    extensions: ['AUTH PLAIN', 'PIPELINING'],
  });
  const socket = await socketTo(t, server.port);
  const sender = openSender({ kind: 'lmtp', socket }, { ...OPTIONS, user: 'git' });
  const mail = outgoingMail(1, ['one@example.org', 'two@example.org']);
  assert.equal(inShort(await sender.send(mail)), 'one sent: taken, two rejected: 550 5.1.1 nobody');
  await sender.close();
  assert.match(server.commands[0] ?? '', /^LHLO client\.test$/);
  assert.match(server.commands[1] ?? '', /^AUTH PLAIN /);
});

test('a socket that is not there, or that nobody listens at, is waited for', async t => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'file'), '');
  for (const [name, comes] of [
    ['gone', /^unreachable: lmtp:unix:\S+: connect ENOENT /],
    ['file', /^unreachable: lmtp:unix:\S+: connect E(?:CONNREFUSED|NOTSOCK) /],
  ] as const) {
    const sender = openSender({ kind: 'lmtp', socket: join(folder, name) }, OPTIONS);
    assert.match(inShort(await sender.send(outgoingMail())), comes);
    await sender.close();
  }
});
