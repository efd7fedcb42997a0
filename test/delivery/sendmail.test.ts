import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { openSender } from '../../src/delivery/sender.ts';
import type { Timeouts } from '../../src/delivery/sender-options.ts';
import type { Sender } from '../../src/model/mail.ts';
import { writeProgram } from '../fixtures/program.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { inShort, outgoingMail } from '../fixtures/smtp-client.ts';

const TWO = ['one@example.org', 'two@example.org'];

/** A program in the place of sendmail. It finds its own folder in $HERE. */
function program(
  t: Parameters<typeof temporaryFolder>[0],
  script: string,
  timeouts: Partial<Timeouts> = {},
): { sender: Sender; folder: string; path: string } {
  const folder = temporaryFolder(t);
  const path = writeProgram(join(folder, 'sendmail'), `HERE='${folder}'`, script);
  const sender = openSender(
    { kind: 'sendmail', path },
    { tls: 'verify', password: async () => undefined, clientName: 'x', timeouts },
  );
  return { sender, folder, path };
}

test('sendmail is run once a recipient, with the envelope as arguments and the message as it is', async t => {
  const { sender, folder, path } = program(t, 'printf "%s|" "$@" >>"$HERE/arguments"; cat >>"$HERE/message"');
  const mail = outgoingMail(1, TWO, '.\nFrom x\n');
  assert.equal(inShort(await sender.send(mail)), `one sent: given to ${path}`);
  assert.equal(
    readFileSync(join(folder, 'arguments'), 'utf8'),
    '-i|-f|bounces@example.org|--|one@example.org|',
  );
  assert.deepEqual(readFileSync(join(folder, 'message')), mail.bytes);
  await sender.close();
});

test('options of the administrator come first, each as it is: no shell reads them', async t => {
  const folder = temporaryFolder(t);
  const path = writeProgram(
    join(folder, 'msmtp'),
    `printf '%s|' "$@" >'${folder}/arguments'; cat >/dev/null`,
  );
  const options = ['-a', 'list; touch x', '$HOME'];
  const sender = openSender(
    { kind: 'sendmail', path, options },
    { tls: 'verify', password: async () => undefined, clientName: 'x' },
  );
  assert.match(inShort(await sender.send(outgoingMail())), /^one sent/);
  assert.equal(
    readFileSync(join(folder, 'arguments'), 'utf8'),
    '-a|list; touch x|$HOME|-i|-f|bounces@example.org|--|one@example.org|',
  );
  await sender.close();
});

test('closing gives a run a moment, then ends it', async t => {
  for (const [script, answer] of [
    ['cat >/dev/null; sleep 0.1', /^one sent/],
    ['echo >"$HERE/started"; exec sleep 1000', /^stopped$/],
  ] as const) {
    const { sender } = program(t, script, { answer: 1000 });
    const sent = sender.send(outgoingMail());
    await setImmediate();
    await sender.close();
    assert.match(inShort(await sent), answer);
  }
});

test('the null sender is given as <>', async t => {
  const { sender, folder } = program(t, 'printf "%s|" "$@" >"$HERE/arguments"; cat >/dev/null');
  await sender.send({ ...outgoingMail(), from: '' });
  assert.equal(readFileSync(join(folder, 'arguments'), 'utf8'), '-i|-f|<>|--|one@example.org|');
});

const CODES: readonly [number, string][] = [
  [1, 'one deferred'],
  [64, 'one deferred'],
  [65, 'one rejected'],
  [66, 'one deferred'],
  [67, 'one rejected'],
  [68, 'one deferred'],
  [69, 'one deferred'],
  [70, 'one deferred'],
  [71, 'one deferred'],
  [75, 'one deferred'],
  [77, 'unreachable, lasting'],
  [78, 'unreachable, lasting'],
  [127, 'one deferred'],
];

for (const [code, comes] of CODES) {
  test(`exit code ${code} is ${comes}, in the program's own words`, async t => {
    const { sender, path } = program(t, `cat >/dev/null; echo "the words\tof it" >&2; exit ${code}`);
    assert.equal(
      inShort(await sender.send(outgoingMail())),
      `${comes}: ${path}: exit code ${code}: the words of it`,
    );
  });
}

test('a program that does not read the message is judged by its exit code', async t => {
  const { sender, path } = program(t, 'exec <&-; echo no disk; exit 75');
  const attempt = await sender.send(outgoingMail(1, undefined, 'x\n'.repeat(500_000)));
  assert.equal(inShort(attempt), `one deferred: ${path}: exit code 75: no disk`);
});

test('a program that cannot be started holds the queue', async t => {
  const { sender, path } = program(t, '');
  chmodSync(path, 0o644);
  assert.equal(
    inShort(await sender.send(outgoingMail())),
    `unreachable, lasting: ${path}: spawn ${path} EACCES`,
  );
  const missing = { kind: 'sendmail', path: '/nonexistent/sendmail' } as const;
  const none = openSender(missing, { tls: 'verify', password: async () => undefined, clientName: 'x' });
  assert.match(
    inShort(await none.send(outgoingMail())),
    /^unreachable, lasting: \/nonexistent\/sendmail: spawn .* ENOENT$/,
  );
});

test('a program that is killed, or takes too long, may have sent the mail', async t => {
  const killed = program(t, 'cat >/dev/null; kill -9 $$');
  assert.equal(inShort(await killed.sender.send(outgoingMail())), `lost, uncertain: ${killed.path}: SIGKILL`);
  const slow = program(t, 'cat >/dev/null; exec sleep 60', { run: 300 });
  assert.equal(inShort(await slow.sender.send(outgoingMail())), `lost, uncertain: ${slow.path}: SIGKILL`);
});

test('a process that the program leaves behind is not waited for', async t => {
  const { sender, folder, path } = program(t, 'cat >/dev/null; sleep 20 & echo $! >"$HERE/pid"; exit 0');
  assert.equal(inShort(await sender.send(outgoingMail())), `one sent: given to ${path}`);
  process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')));
});

test('words without end are cut', async t => {
  const { sender } = program(t, 'cat >/dev/null; yes word | head -c 100000; exit 75');
  const attempt = await sender.send(outgoingMail());
  assert.ok(attempt.outcome === 'answered' && (attempt.results[0]?.reply.length ?? 0) === 500);
});

test('an address that looks like an option stays an address', async t => {
  const { sender, folder } = program(t, 'touch "$HERE/ran"; cat >/dev/null');
  await sender.send(outgoingMail(1, ['-oQ/tmp@example.org']));
  assert.ok(existsSync(join(folder, 'ran')));
  const odd = await sender.send(outgoingMail(1, ['-bs', 'a b@example.org']));
  assert.match(inShort(odd), /^-bs rejected: not sent.*, a b rejected: not sent/);
});

test('what a program has started ends with it when the worker ends it', async t => {
  const { sender, folder } = program(t, 'cat >/dev/null; sleep 60 & echo $! >"$HERE/pid"; wait', {
    answer: 300,
  });
  const sent = sender.send(outgoingMail());
  while (!existsSync(join(folder, 'pid'))) await sleep(20);
  await sender.close();
  assert.equal((await sent).outcome, 'stopped');
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  const isGone = () => !existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  while (!isGone()) await sleep(20);
});
