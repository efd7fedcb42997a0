import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cannotStartDovecot, startDovecot } from '../fixtures/dovecot.ts';
import { cannotStart, isInstalled, type MailHost } from '../fixtures/mail-host.ts';
import { manyCommits } from '../fixtures/many-commits.ts';
import { startPostfix } from '../fixtures/postfix.ts';
import { run, waitUntil } from '../fixtures/processes.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { serverRepository } from '../fixtures/server-repository.ts';

const receivers = [
  { program: 'postfix', start: startPostfix, cannot: () => cannotStart('postfix'), by: 'smtp' },
  { program: 'dovecot', start: startDovecot, cannot: cannotStartDovecot, by: 'lmtp' },
  { program: 'dovecot', start: startDovecot, cannot: cannotStartDovecot, by: 'a socket' },
];

/** How refpost.transport names it. */
function transportTo({ port, socket }: MailHost, by: string): string {
  return by === 'a socket' ? `lmtp:unix:${socket}` : `${by}://127.0.0.1:${port}`;
}

for (const { program, by, start, cannot } of receivers) {
  test(`a push of four commits is one thread of four in a mailbox behind ${program}, by ${by}`, async t => {
    const obstacle = cannot();
    if (obstacle !== undefined) return t.skip(obstacle);
    if (!isInstalled('notmuch')) return t.skip('notmuch is not installed here');
    const host = await start(t);
    const settings = { 'refpost.transport': transportTo(host, by) };
    const server = await serverRepository(t, { port: host.port, settings });
    manyCommits({ clone: server.clone, count: 4, title: 'One' });
    assert.deepEqual(await server.push(), { code: 0, signal: null, stdout: '', stderr: '' });
    await waitUntil('four mails are in the mailbox', () => mailsIn(host) >= 4, {
      explain: () => server.log() + host.log(),
    });
    await server.idle();
    assert.equal(mailsIn(host), 4);
    assert.deepEqual(await threadsIn(t, host.maildir), [
      {
        subject: '[1/4] project git commit: One, commit 01',
        answers: [2, 3, 4].map(number => ({
          subject: `[${number}/4] project git commit: One, commit 0${number}`,
          answers: [],
        })),
      },
    ]);
  });
}

test('a mail is made no larger than Postfix takes, which counts its own notes of a mail, too', async t => {
  const obstacle = cannotStart('postfix');
  if (obstacle !== undefined) return t.skip(obstacle);
  const host = await startPostfix(t, 'message_size_limit = 20000\n');
  const server = await serverRepository(t, { port: host.port });
  const text = Array.from({ length: 9000 }, (_, line) => `${line}\n`).join('');
  server.clone.commit({ message: 'Large', files: { large: text } });
  await server.push();
  await waitUntil('it is in the mailbox', () => mailsIn(host) === 1, {
    explain: () => server.log() + host.log(),
  });
});

test('recipients of another script and in a domain of another script are reached through Postfix', async t => {
  const obstacle = cannotStart('postfix');
  if (obstacle !== undefined) return t.skip(obstacle);
  const host = await startPostfix(t, 'virtual_mailbox_domains = example.org, xn--jgeva-dua.ee\n');
  const recipients = ['commits@example.org', 'jürgen@example.org', 'list@jõgeva.ee'];
  const server = await serverRepository(t, { port: host.port, recipients });
  server.clone.commit({ message: 'One' });
  await server.push();
  await waitUntil('three are in the mailbox', () => mailsIn(host) >= 3, {
    explain: () => server.log() + host.log(),
  });
  await server.idle();
  assert.equal(mailsIn(host), 3);
});

function mailsIn({ maildir }: MailHost): number {
  const folder = join(maildir, 'new');
  return existsSync(folder) ? readdirSync(folder).length : 0;
}

interface Thread {
  readonly subject: string;
  readonly answers: readonly Thread[];
}

/** How `notmuch show` gives a mail and its answers. */
type Shown = readonly [{ readonly headers: { readonly Subject: string } }, readonly Shown[]];

/** The threads of a Maildir as a mail reader sees them. */
async function threadsIn(t: TestContext, maildir: string): Promise<readonly Thread[]> {
  const config = join(temporaryFolder(t), 'notmuch-config');
  writeFileSync(
    config,
    `[database]\npath=${maildir}\n[user]\nname=Reader\nprimary_email=reader@example.org\n`,
  );
  const env = gitEnvironment({ NOTMUCH_CONFIG: config });
  const found = await run(['notmuch', 'new', '--quiet'], { env });
  assert.equal(found.code, 0, found.stderr);
  const shown = await run(['notmuch', 'show', '--format=json', '--body=false', '--sort=oldest-first', '*'], {
    env,
  });
  const threads = JSON.parse(shown.stdout) as readonly (readonly Shown[])[];
  return threads.flat().map(asThread);
}

function asThread([mail, answers]: Shown): Thread {
  return { subject: mail.headers.Subject, answers: answers.map(asThread) };
}
