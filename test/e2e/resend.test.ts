import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { announced, readMails, subjectsOf } from '../fixtures/read-mails.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

test('the mails of a push, of a commit or of a range are sent again, marked, to all or to one, and the ledger stays', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const ledger = () =>
    readFileSync(join(server.layout.ledger, readdirSync(server.layout.ledger)[0] ?? ''), 'utf8');
  const [one = '', two = '', three = ''] = manyCommits({ clone: server.clone, count: 3, title: 'Some' });
  await server.push();
  const first = (await server.arrived(3, inbox)).slice();
  const before = ledger();

  // As the outbox has them, by the number of the push.
  const all = await server.refpostHere('resend', '1');
  assert.deepEqual([all.code, all.stderr.match(/^refpost: 3 mails sent$/m)?.length], [0, 1], all.stderr);
  const again = (await server.arrived(6, inbox)).slice(3);
  assert.deepEqual(announced(again), [one, two, three]);
  const subjects = await subjectsOf(first);
  assert.deepEqual(
    await subjectsOf(again),
    subjects.map(subject => `[resent] ${subject}`),
  );
  assert.deepEqual(
    again.map(mail => mail.bytes.toString('latin1').split('\r\n\r\n').slice(1).join()),
    first.map(mail => mail.bytes.toString('latin1').split('\r\n\r\n').slice(1).join()),
  );
  const [, second] = await readMails(first);
  const [, secondAgain] = await readMails(again);
  assert.notEqual(secondAgain?.messageId, second?.messageId);
  assert.equal(secondAgain?.inReplyTo, second?.messageId);
  assert.equal(secondAgain?.references, `${second?.references} ${second?.messageId}`);
  assert.deepEqual(again[1]?.to, ['commits@example.org']);

  // One commit of it to somebody new; by a push that the outbox has.
  assert.equal((await server.refpostHere('resend', two, '--to', 'new@example.org')).code, 0);
  const [alone] = (await server.arrived(7, inbox)).slice(6);
  assert.deepEqual(alone?.to, ['new@example.org']);
  assert.match(alone?.bytes.toString('latin1') ?? '', /^To: new@example\.org\r$/m);
  assert.deepEqual(announced(alone ? [alone] : []), [two]);
  const shown = await server.refpostHere('outbox', 'show', '3');
  assert.match(shown.stdout, new RegExp(`^Resends: {4}push \\S+, commit ${two}, to new@example\\.org$`, 'm'));
  assert.match(server.log(), new RegExp(` queued .* resent=\\S+ commit=${two} to=new@example.org$`, 'm'));

  // Long gone from the outbox: finished pushes are kept for no day, but for the last one.
  server.config('refpost.keepDays', '0');
  assert.equal((await server.refpostHere('work', '--once')).code, 0);
  assert.equal((await server.refpostHere('resend', '1')).code, 66);
  assert.equal((await server.refpostHere('resend', one)).code, 0);
  assert.equal((await server.refpostHere('resend', 'main~2', 'main', 'main')).code, 0);
  const anew = (await server.arrived(10, inbox)).slice(7);
  assert.deepEqual(announced(anew), [one, two, three]);
  assert.ok((await subjectsOf(anew)).every(subject => subject?.startsWith('[resent] ')));

  // Printed, and nothing else.
  const printed = await server.refpostHere('resend', three, '-n');
  assert.match(printed.stdout, /^From .*\nFrom: .*\n(?:.*\n)*Subject: \[resent\] /);
  await server.arrived(10, inbox);
  assert.equal(ledger().includes(three), true);
  assert.equal(ledger(), before);
});

test('resend says what it cannot find, and when nobody would get its mails', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  manyCommits({ clone: server.clone, count: 1, title: 'One' });
  await server.push(['main', 'main:refs/tags/v1']);
  await server.arrived(1, inbox);
  for (const [words, code, sentence] of [
    [['nothing'], 66, 'nothing is neither a push in the outbox nor a commit of '],
    [['99'], 66, '99 is neither a push in the outbox nor a commit of '],
    [['main', 'main'], 64, 'two revisions are named, and no ref'],
    [['main', '--to', 'nobody'], 64, '"nobody" is not an address'],
    [['main', '-c', 'refpost.command=x'], 64, 'refpost.command cannot be set'],
    [['main', 'main', 'main'], 66, 'there is no mail of main to send again'],
  ] as const) {
    const ended = await server.refpostHere('resend', ...words);
    assert.equal(ended.code, code, ended.stderr);
    assert.ok(ended.stderr.includes(sentence), ended.stderr);
  }
  server.config('refpost.to', undefined);
  const unheard = await server.refpostHere('resend', 'main', 'v1~0', 'main');
  assert.equal(unheard.code, 78, unheard.stderr);
  await server.arrived(1, inbox);
});
