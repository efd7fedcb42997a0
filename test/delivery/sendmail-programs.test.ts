import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSender } from '../../src/delivery/sender.ts';
import type { Sender } from '../../src/model/mail.ts';
import { isInstalled } from '../fixtures/mail-host.ts';
import { writeProgram } from '../fixtures/program.ts';
import { readText } from '../fixtures/read-text.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { inShort, outgoingMail } from '../fixtures/smtp-client.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

const THREE = ['one@example.org', 'two@example.org', 'three@example.org'];

/** A program by the name that it has after all links, reached as `sendmail`; its runs are in the file `runs`. */
function program(
  t: TestContext,
  name: string,
  script: string,
  { postfix = true } = {},
): { sender: Sender; runs: () => string[] } {
  const folder = temporaryFolder(t);
  const at = join(folder, 'sbin');
  mkdirSync(at);
  const log = join(folder, 'runs');
  writeProgram(join(at, name), `shift 4; echo "$*" >>'${log}'; cat >/dev/null`, script);
  const path = join(folder, 'sendmail');
  symlinkSync(join(at, name), path);
  if (name === 'sendmail' && postfix) symlinkSync('/bin/true', join(at, 'postfix'));
  return { sender: senderBy(path), runs: () => readText(log).trimEnd().split('\n') };
}

function senderBy(path: string): Sender {
  const options = { tls: 'verify', password: async () => undefined, clientName: 'x' } as const;
  return openSender({ kind: 'sendmail', path }, options);
}

/** As the worker does: who is not among the results is next. */
async function toAll(sender: Sender, to: readonly string[]): Promise<string> {
  let left = to;
  const all: string[] = [];
  while (left.length > 0) {
    const attempt = await sender.send(outgoingMail(1, left));
    assert.ok(attempt.outcome === 'answered' && attempt.results.length > 0);
    for (const { recipient, verdict } of attempt.results) all.push(`${recipient.split('@')[0]} ${verdict}`);
    const had = attempt.results.map(({ recipient }) => recipient);
    left = left.filter(recipient => !had.includes(recipient));
  }
  return all.join(', ');
}

const REFUSES_TWO = 'case "$*" in *two@*) echo "sendmail: 550 5.1.1 no such user" >&2; exit 65 ;; esac';

for (const name of ['msmtp', 'ssmtp', 'nullmailer', 'mailwrapper']) {
  test(`${name} has each recipient alone, so that a refusal of one costs no other`, async t => {
    const { sender, runs } = program(t, name, REFUSES_TWO);
    assert.equal(await toAll(sender, THREE), 'one sent, two rejected, three sent');
    assert.deepEqual(runs(), THREE);
  });
}

for (const name of ['exim4', 'dma', 'smtpctl', 'sendmail']) {
  test(`${name === 'sendmail' ? "Postfix's sendmail" : name} has all recipients at once, since each goes its own way there`, async t => {
    const { sender, runs } = program(t, name, '');
    assert.equal(await toAll(sender, THREE), 'one sent, two sent, three sent');
    assert.deepEqual(runs(), [THREE.join(' ')]);
  });
}

test('a program that has all recipients at once, and refuses, is asked about each', async t => {
  const { sender, runs } = program(t, 'exim4', REFUSES_TWO);
  assert.equal(await toAll(sender, THREE), 'one sent, two rejected, three sent');
  assert.equal(runs()[0], THREE.join(' '));
  assert.deepEqual(
    runs()
      .filter(run => !run.includes(' '))
      .sort(),
    [...THREE].sort(),
  );
});

test('a hundred recipients and more have several runs', async t => {
  const { sender, runs } = program(t, 'dma', '');
  const many = Array.from({ length: 250 }, (_, index) => `reader${index}@example.org`);
  await toAll(sender, many);
  assert.deepEqual(
    runs().map(run => run.split(' ').length),
    [100, 100, 50],
  );
});

test('of a program that nobody knows, more than fifty recipients share runs, and each is asked about where one of these does not send', async t => {
  const many = Array.from({ length: 60 }, (_, index) => `reader${index}@example.org`);
  const sends = program(t, 'x', '');
  await toAll(sends.sender, many);
  assert.equal(sends.runs().length, 1);
  for (const [code, comes] of [
    [65, 'rejected'],
    [69, 'deferred'],
  ] as const) {
    const { sender, runs } = program(t, 'x', `case "$*" in *reader7@*) exit ${code} ;; esac`);
    const all = (await toAll(sender, many)).split(', ');
    assert.equal(all.filter(one => one.endsWith('sent')).length, 59);
    assert.ok(all.includes(`reader7 ${comes}`));
    // It may have sent to the others before it was refused one: no second run has them together.
    assert.equal(runs().length, 61);
  }
});

test('nullmailer may hide behind the name of sendmail: there it is never more than one', async t => {
  const { sender, runs } = program(t, 'sendmail', '', { postfix: false });
  await toAll(
    sender,
    Array.from({ length: 60 }, (_, index) => `reader${index}@example.org`),
  );
  assert.equal(runs().length, 60);
});

test('a program that is killed over one recipient says nothing of the others', async t => {
  const { sender } = program(t, 'msmtp', 'kill -9 $$');
  const attempt = await sender.send(outgoingMail(1, THREE));
  assert.ok(attempt.outcome === 'lost');
  assert.deepEqual(attempt.recipients, ['one@example.org']);
});

test('75 without a word is a mail that smtpctl has kept, and no other program', async t => {
  const kept = program(t, 'smtpctl', 'exit 75');
  assert.equal(await toAll(kept.sender, THREE), 'one sent, two sent, three sent');
  const spoken = program(t, 'smtpctl', 'echo "smtpctl: no space left" >&2; exit 75');
  assert.equal(await toAll(spoken.sender, THREE), 'one deferred, two deferred, three deferred');
  const other = program(t, 'dma', 'exit 75');
  assert.equal(await toAll(other.sender, THREE), 'one deferred, two deferred, three deferred');
});

const TO = 'one@example.org';
/** Exit codes and words as these programs have them, and what they come to. */
const ENDS: readonly [name: string, code: number, words: string, comes: string][] = [
  [
    'msmtp, not reached',
    75,
    'msmtp: cannot connect to mx.example.org, port 25: Connection refused',
    'unreachable',
  ],
  [
    'msmtp, no such host',
    68,
    'sendmail: cannot locate host mx.example.org: Name or service not known',
    'unreachable',
  ],
  [
    'msmtp, greeted with 554',
    76,
    'sendmail: cannot get initial OK message from server\nsendmail: server message: 554 go away',
    'unreachable, lasting',
  ],
  [
    'msmtp, greeted with 421',
    76,
    'sendmail: cannot get initial OK message from server\nsendmail: server message: 421 later',
    'unreachable',
  ],
  [
    'msmtp, certificate',
    76,
    'msmtp: TLS certificate verification failed: it has expired',
    'unreachable, lasting',
  ],
  [
    'msmtp, login',
    77,
    'msmtp: authentication failed (method PLAIN)\nmsmtp: server message: 535 5.7.8 no',
    'unreachable, lasting',
  ],
  [
    'msmtp, login later',
    77,
    'msmtp: authentication failed (method PLAIN)\nmsmtp: server message: 454 4.7.0 no',
    'unreachable',
  ],
  [
    'msmtp, sender',
    65,
    `msmtp: envelope from address a@example.org not accepted by the server\nmsmtp: server message: 550 no`,
    'unreachable, lasting',
  ],
  [
    'msmtp, sender later',
    69,
    `msmtp: envelope from address a@example.org not accepted by the server\nmsmtp: server message: 451 4.1.8 no`,
    'deferred',
  ],
  [
    'msmtp, too large',
    65,
    `msmtp: envelope from address a@example.org not accepted by the server\nmsmtp: server message: 552 5.3.4 too large`,
    'rejected',
  ],
  [
    'msmtp, recipient',
    65,
    `msmtp: recipient address ${TO} not accepted by the server\nmsmtp: server message: 550-5.1.1 no\nmsmtp: server message: 550 5.1.1 such user`,
    'rejected',
  ],
  [
    'msmtp, recipient later',
    69,
    `msmtp: recipient address ${TO} not accepted by the server\nmsmtp: server message: 450 4.2.0 grey`,
    'deferred',
  ],
  [
    'msmtp, our name',
    65,
    `msmtp: recipient address ${TO} not accepted by the server\nmsmtp: server message: 504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname`,
    'unreachable, lasting',
  ],
  [
    'msmtp, text',
    69,
    'msmtp: the server did not accept the mail\nmsmtp: server message: 550 5.7.1 content refused',
    'rejected',
  ],
  [
    'msmtp, text later',
    69,
    'msmtp: the server did not accept the mail\nmsmtp: server message: 451 later',
    'deferred',
  ],
  [
    'msmtp, text of a sender',
    69,
    'msmtp: the server did not accept the mail\nmsmtp: server message: 550 5.7.60 no right to send as this sender',
    'deferred',
  ],
  ['msmtp by LMTP', 69, 'msmtp: LMTP server message: 552 5.2.2 mailbox full', 'rejected'],
  ['ssmtp, not reached', 1, 'sendmail: Cannot open mx.example.org:25', 'unreachable'],
  ['ssmtp, greeted with 554', 1, 'sendmail: Invalid response SMTP server', 'unreachable'],
  ['ssmtp, login', 1, 'sendmail: Authorization failed (535 5.7.8 no)', 'unreachable, lasting'],
  ['ssmtp, recipient', 1, `sendmail: RCPT TO:<${TO}> (550 5.1.1 no such user)`, 'rejected'],
  ['ssmtp, recipient later', 1, `sendmail: RCPT TO:<${TO}> (450 4.2.0 grey)`, 'deferred'],
  ['ssmtp, text', 1, 'sendmail: 554 not this one', 'rejected'],
  ['ssmtp, text later', 1, 'sendmail: 452 no room', 'deferred'],
  ['esmtp, not reached', 69, 'SMTP server problem Connection refused', 'unreachable'],
  ['esmtp, sender', 70, `0 (null)\n${TO}: 0 (null)`, 'unreachable'],
  ['esmtp, recipient', 70, `0 (null)\n${TO}: 550 5.1.1 no such user\n`, 'rejected'],
  ['esmtp, recipient later', 70, `0 (null)\n${TO}: 450 4.2.0 grey\n`, 'deferred'],
  ['esmtp, text', 70, `550 5.7.1 content\n\n${TO}: 250 ok\n`, 'rejected'],
  [
    'busybox, not reached',
    1,
    "sendmail: can't connect to remote host (192.0.2.1): Connection refused",
    'unreachable',
  ],
  [
    'Postfix, size',
    75,
    'postdrop: warning: uid=0: File too large\nsendmail: fatal: git(1000): message file too big',
    'rejected',
  ],
  ['another, after words', 1, 'x: error: the server said: 554 not this one', 'rejected'],
  ['another, two codes', 3, 'delivery failed, remote said 550 5.7.1 blocked', 'rejected'],
  ['another, two codes, later', 65, 'remote said 451 4.7.1 come again', 'deferred'],
  ['another, numbers', 1, 'wrote 550 bytes of 5120 to mx.example.org:587', 'deferred'],
  ['another, tempfail', 75, 'queue is busy', 'deferred'],
];

for (const [name, code, words, comes] of ENDS) {
  test(`${name}: ${comes}`, async t => {
    const { sender } = program(t, 'x', `cat >&2 <<'W'\n${words}\nW\nexit ${code}`);
    const attempt = await sender.send(outgoingMail());
    assert.equal(inShort(attempt).replace(/^one /, '').replace(/: .*/s, ''), comes);
    if (name.includes('sender') && attempt.outcome === 'unreachable') assert.equal(attempt.concern, 'sender');
  });
}

/** Programs that deliver at once, and how they are told of their server. ssmtp would write into the home directory of who runs this. */
const REAL: readonly [name: string, settings: (port: number) => string, option: string][] = [
  ['msmtp', port => `account default\nhost 127.0.0.1\nport ${port}\n`, '-C '],
  ['esmtp', port => `hostname=127.0.0.1:${port}\n`, '-C '],
];

for (const [name, settings, option] of REAL) {
  const skip = isInstalled(name) ? false : `${name} is not installed here`;
  test(`${name} itself: a refused recipient, a refused text and a dead server are what they are by SMTP`, {
    skip,
  }, async t => {
    const server = await startScripted(t);
    const folder = temporaryFolder(t);
    const rc = join(folder, 'rc');
    writeFileSync(rc, settings(server.port), { mode: 0o600 });
    const sender = senderBy(
      writeProgram(join(folder, 'mail'), `export HOME=${folder}`, `exec ${name} ${option}${rc} "$@"`),
    );
    const send = async () =>
      inShort(await sender.send(outgoingMail()))
        .replace(/^one /, '')
        .replace(/: .*/s, '');
    const comes = async (at: 'RCPT' | 'DOT', reply: string) => {
      server.play({ at, reply });
      return send();
    };
    assert.equal(await send(), 'sent');
    assert.equal(await comes('RCPT', '550 5.1.1 no such user'), 'rejected');
    assert.equal(await comes('RCPT', '450 4.2.0 come again'), 'deferred');
    assert.equal(await comes('DOT', '550 5.7.1 content refused'), 'rejected');
    assert.equal(await comes('DOT', '451 4.3.0 come again'), 'deferred');
    await server.stop();
    assert.equal(await send(), 'unreachable');
  });
}
