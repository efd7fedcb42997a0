import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { decodeMail } from '../../src/delivery/decode.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

async function site(t: TestContext) {
  const folder = temporaryFolder(t);
  const repository = new TestRepository(join(folder, 'project.git'), '--bare');
  const inbox = await startInbox(t);
  const set = (key: string, value: string) => repository.git('config', `refpost.${key}`, value);
  set('to', 'list@example.org');
  set('from', 'Commits <commits@example.org>');
  set('transport', `smtp://127.0.0.1:${inbox.port}`);
  const testMail = (...words: readonly string[]) => runHere(['test-mail', ...words], repository.folder);
  return { folder, inbox, set, testMail };
}

test('one mail with a mark goes by the way, the sender and the shape that all mails have', async t => {
  const { inbox, set, testMail } = await site(t);
  set('bcc', 'archive@example.org');
  set('listId', 'commits.example.org');
  const { code, stdout } = await testMail();
  assert.equal(code, 0);
  const [mail, ...more] = inbox.received;
  assert.deepEqual(
    [mail?.from, mail?.to, more],
    ['commits@example.org', ['list@example.org', 'archive@example.org'], []],
  );
  const { headers, text } = decodeMail(Buffer.from(mail?.bytes.toString().replaceAll('\r\n', '\n') ?? ''));
  const field = new Map(headers);
  assert.equal(field.get('To'), 'list@example.org');
  assert.equal(field.get('From'), 'Commits <commits@example.org>');
  assert.equal(field.get('List-Id'), '<commits.example.org>');
  assert.match(field.get('Subject') ?? '', /project.*Test mail: nothing has changed/);
  assert.match(field.get('X-Refpost-Test') ?? '', /^\d{8}T\d{6}-[0-9a-f]{8}$/);
  assert.match(text, /please ignore this mail[\s\S]*\n\+A line as it is in any diff/);
  assert.match(
    stdout,
    /^from commits@example\.org by smtp:\/\/127\.0\.0\.1:\d+\nlist@example\.org is taken: .*250/,
  );
  assert.ok(stdout.includes(`Message-ID ${field.get('Message-ID')}`));
});

test('what the server says decides the exit code, and nothing is left in the outbox', async t => {
  const { folder, inbox, set, testMail } = await site(t);
  set('to', 'list@example.org');
  const said = async (...words: readonly string[]) => {
    const { code, stdout } = await testMail('--to', 'me@example.org', 'you@example.org', ...words);
    return [code, stdout] as const;
  };
  inbox.play({ at: 'RCPT', nth: 2, reply: '550 5.1.1 no such user' });
  const [refused, words] = await said();
  assert.equal(refused, 69);
  assert.match(words, /^me@example\.org is taken: .*\n/m);
  assert.match(words, /^you@example\.org is refused: .*550 5\.1\.1 no such user\n/m);
  inbox.play({ at: 'RCPT', nth: 1, reply: '450 4.7.1 greylisted' });
  const [greylisted, later] = await said();
  assert.equal(greylisted, 75);
  assert.match(later, /^me@example\.org is deferred, and not tried again by this command: .*greylisted\n/m);
  inbox.play({ at: 'DOT', nth: 1, next: 'drop' });
  assert.match((await said())[1], /^the connection broke: .*; the server may have taken it$/m);
  await inbox.stop();
  const [away, why] = await said();
  assert.equal(away, 75);
  assert.match(why, /^not sent: .*ECONNREFUSED.*\ncheck the server/m);
  assert.equal((await runHere(['status'], join(folder, 'project.git'))).code, 66);
});

test('each audience has its own test mail, or the one that is named', async t => {
  const { inbox, set, testMail } = await site(t);
  set('docs.to', 'docs@example.org');
  set('docs.from', 'docs-bot@example.org');
  set('docs.receiver', 'mlmmj');
  const both = await testMail();
  assert.equal(both.code, 0);
  assert.deepEqual(
    inbox.received.map(({ from, to }) => [from, ...to].join(' ')),
    ['commits@example.org list@example.org', 'docs-bot@example.org docs@example.org'],
  );
  const ids = [...both.stdout.matchAll(/Message-ID (\S+)/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, 2);
  assert.match(both.stdout, /^the default audience:\n[\s\S]*^audience docs:\n/m);
  const one = await testMail('--audience', 'docs', '--to', 'me@example.org');
  assert.deepEqual(inbox.received.at(-1)?.to, ['me@example.org']);
  assert.match(
    one.stdout,
    /\nmlmmj passes it on with its header as it was sent\nnot there\? look in .*\nat mlmmj:\n/,
  );
  const wrong = await testMail('--audience', 'doc');
  assert.deepEqual([wrong.code, inbox.received.length], [78, 3]);
  assert.match(wrong.stderr, /no audience "doc" gets mail about .*project\.git/);
});

test('of a sendmail program it is said that it may only have queued the mail', async t => {
  const { folder, set, testMail } = await site(t);
  const program = join(folder, 'sendmail');
  writeFileSync(program, '#!/bin/sh\nexec cat >/dev/null\n', { mode: 0o755 });
  set('transport', `sendmail:${program}`);
  const { code, stdout } = await testMail();
  assert.equal(code, 0);
  assert.match(stdout, /\/sendmail may have queued it: what becomes of it is in its log/);
});

test('wrong words and settings send nothing', async t => {
  const { inbox, set, testMail } = await site(t);
  assert.equal((await testMail('--to', 'me')).code, 64);
  set('maxMails', 'many');
  assert.equal((await testMail()).code, 78);
  assert.deepEqual(inbox.received, []);
});
