import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cannotStart } from '../fixtures/mail-host.ts';
import { manyCommits } from '../fixtures/many-commits.ts';
import { cannotVerify, verified } from '../fixtures/opendkim.ts';
import { startPostfix } from '../fixtures/postfix.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

/** Settings by which mails are signed, and the record by which they can be verified. */
function signing(t: TestContext) {
  const path = join(temporaryFolder(t), 'dkim.pem');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const settings = {
    'refpost.dkimDomain': 'example.org',
    'refpost.dkimSelector': 'key',
    'refpost.dkimKeyFile': path,
  };
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return { path, settings, record: `v=DKIM1; k=rsa; p=${der.toString('base64')}` };
}

test('signatures hold on their way through Postfix into a mailbox', async t => {
  const obstacle = cannotStart('postfix') ?? cannotVerify();
  if (obstacle !== undefined) return t.skip(obstacle);
  const host = await startPostfix(t);
  const { settings, record } = signing(t);
  const server = await serverRepository(t, { port: host.port, settings });
  manyCommits({ clone: server.clone, count: 3, title: 'One' });
  server.clone.commit({
    message: `Grüße\n\n${'x'.repeat(2000)}\nFrom here\n.\n`,
    files: { crlf: 'a\r\n \r\n' },
  });
  await server.push();
  const folder = join(host.maildir, 'new');
  const names = () => (existsSync(folder) ? readdirSync(folder) : []);
  await waitUntil('four mails are in the mailbox', () => names().length === 4, {
    explain: () => server.log() + host.log(),
  });
  const mails = names().map(name => readFileSync(join(folder, name)));
  for (const mail of mails) assert.match(String(mail), /^DKIM-Signature: v=1; a=rsa-sha256; /m);
  assert.deepEqual(await verified(t, mails, record), Array(4).fill('succeeded'));
});

test('a key that others can read holds the push until it is corrected; its mails are signed then', async t => {
  const inbox = await startInbox(t);
  const { path, settings } = signing(t);
  chmodSync(path, 0o644);
  const server = await serverRepository(t, {
    port: inbox.port,
    settings: { ...settings, 'refpost.worker': 'service' },
  });
  const work = () => runHere(['work', '--once'], server.bare, server.env);
  server.clone.commit({ message: 'One' });
  await server.push();
  await work();
  assert.equal(inbox.received.length, 0);
  const status = await runHere(['status'], server.bare, server.env);
  assert.match(status.stdout, /held: refpost\.dkimKeyFile, \S+, can be read by every user of this machine/);
  assert.match(status.stdout, new RegExp(`chmod o= ${path}`));
  chmodSync(path, 0o600);
  await work();
  assert.match(String(inbox.received[0]?.bytes), /^DKIM-Signature: /);
});

test('each audience is signed for as its settings say', async t => {
  const inbox = await startInbox(t);
  const { path, settings } = signing(t);
  const server = await serverRepository(t, {
    port: inbox.port,
    settings: {
      ...settings,
      'refpost.worker': 'service',
      'refpost.other.to': 'other@example.org',
      'refpost.other.dkimDomain': 'other.example.org',
      'refpost.none.to': 'none@example.org',
      'refpost.none.dkimDomain': '',
      'refpost.none.dkimSelector': '',
      'refpost.none.dkimKeyFile': '',
    },
  });
  assert.ok(existsSync(path));
  server.clone.commit({ message: 'One' });
  await server.push();
  await runHere(['work', '--once'], server.bare, server.env);
  const domains = inbox.received.map(({ to, bytes }) => [
    to[0],
    /^DKIM-Signature:.* d=([^;]*);/.exec(String(bytes))?.[1],
  ]);
  assert.deepEqual(domains.sort(), [
    ['commits@example.org', 'example.org'],
    ['none@example.org', undefined],
    ['other@example.org', 'other.example.org'],
  ]);
});

for (const oversize of ['truncate', 'split', 'stat', 'attach']) {
  test(`a signed mail is no larger than the server takes: oversize = ${oversize}`, async t => {
    const limit = 9000;
    const inbox = await startInbox(t, { extensions: [`SIZE ${limit}`] });
    const settings = { ...signing(t).settings, 'refpost.worker': 'service', 'refpost.oversize': oversize };
    const server = await serverRepository(t, { port: inbox.port, settings });
    const text = Array.from({ length: 2000 }, (_, line) => `${line} of many\n`).join('');
    server.clone.commit({ message: 'Large', files: { text } });
    await server.push();
    await runHere(['work', '--once'], server.bare, server.env);
    assert.ok(inbox.received.length > 0);
    for (const { bytes } of inbox.received) {
      assert.ok(bytes.length <= limit, `${bytes.length} bytes`);
      assert.match(String(bytes), /^DKIM-Signature: /);
      assert.doesNotMatch(String(bytes), /The rest is left out/);
    }
  });
}
