import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { smtpPassword, smtpToken } from '../../src/delivery/secret.ts';
import { OperatorError } from '../../src/errors.ts';
import { processesNaming, waitUntil } from '../fixtures/processes.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const ENV = { PATH: process.env.PATH };
const NONE = { smtpPasswordFile: undefined, smtpPasswordCommand: undefined };

test('the environment comes first, then the file, then the command', async t => {
  const file = join(temporaryFolder(t), 'password');
  writeFileSync(file, 'from file\r\nsecond line\n', { mode: 0o600 });
  const all = { smtpPasswordFile: file, smtpPasswordCommand: 'echo from command' };
  assert.equal(await smtpPassword(all, { ...ENV, REFPOST_SMTP_PASSWORD: 'from env' }), 'from env');
  assert.equal(await smtpPassword(all, { ...ENV, REFPOST_SMTP_PASSWORD: '' }), 'from file');
  assert.equal(await smtpPassword({ ...all, smtpPasswordFile: undefined }, ENV), 'from command');
  assert.equal(await smtpPassword(NONE, ENV), undefined);
});

test('a command is a line of shell, and its first line is the password, blanks and all', async () => {
  const smtpPasswordCommand = 'printf \'%s\\nsecond\\n\' " $WORD "; echo noise >&2';
  assert.equal(
    await smtpPassword({ ...NONE, smtpPasswordCommand }, { ...ENV, WORD: 'pass "word"' }),
    ' pass "word" ',
  );
});

test('a file that is missing, empty or open to all is named, with what to do', async t => {
  const file = join(temporaryFolder(t), 'password');
  await assertFault({ ...NONE, smtpPasswordFile: file }, `refpost.smtpPasswordFile, ${file}, cannot be read`);
  writeFileSync(file, '\nhunter2\n');
  chmodSync(file, 0o640);
  await assertFault(
    { ...NONE, smtpPasswordFile: file },
    `refpost.smtpPasswordFile, ${file}, has nothing in its first line`,
  );
  writeFileSync(file, 'hunter2\n');
  chmodSync(file, 0o644);
  await assertFault(
    { ...NONE, smtpPasswordFile: file },
    `refpost.smtpPasswordFile, ${file}, can be read by every user of this machine`,
  );
});

test('what a Windows program writes first is no part of the password', async t => {
  const file = join(temporaryFolder(t), 'password');
  const text = 'hünter2\r\nsecond line\r\n';
  const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  for (const bytes of [Buffer.from(`\ufeff${text}`), Buffer.from(`\ufeff${text}`, 'utf16le'), swapped]) {
    writeFileSync(file, bytes, { mode: 0o600 });
    assert.equal(await smtpPassword({ ...NONE, smtpPasswordFile: file }, ENV), 'hünter2');
    assert.equal(await smtpPassword({ ...NONE, smtpPasswordCommand: `cat '${file}'` }, ENV), 'hünter2');
  }
});

test('a command that fails is told of without a word of what it printed', async () => {
  const failing = 'echo hunter2; echo hunter2 >&2; exit 3';
  await assertFault(
    { ...NONE, smtpPasswordCommand: failing },
    'refpost.smtpPasswordCommand ended with exit code 3',
  );
  const silent = 'echo hunter2 >&2';
  await assertFault(
    { ...NONE, smtpPasswordCommand: silent },
    'refpost.smtpPasswordCommand printed nothing in its first line',
  );
  const talkative = 'yes hunter2';
  await assertFault(
    { ...NONE, smtpPasswordCommand: talkative },
    'refpost.smtpPasswordCommand printed more than 65536 bytes',
  );
});

test('a command that never ends is ended, with what it has started', async t => {
  const mark = join(temporaryFolder(t), 'started');
  const smtpPasswordCommand = `echo hunter2; sh -c 'sleep 60; : ${mark}' & sleep 60`;
  await assertFault(
    { ...NONE, smtpPasswordCommand },
    'refpost.smtpPasswordCommand did not end within 0.2 s',
    200,
  );
  await waitUntil('all of it has ended', () => processesNaming(mark).length === 0);
});

test('a token is printed by a command, and nothing that is none gets into a login', async () => {
  assert.equal(
    await smtpToken({ smtpTokenCommand: 'printf "ya29.a0_x-~+/==\r\nsecond"' }, ENV),
    'ya29.a0_x-~+/==',
  );
  assert.equal(await smtpToken({ smtpTokenCommand: undefined }, ENV), undefined);
  for (const printed of ['hunter2 two', 'hunter2\\001auth=x', '"hunter2\\303\\274"', ' hunter2'])
    await assert.rejects(
      smtpToken({ smtpTokenCommand: `printf '${printed}'` }, ENV),
      (error: Error) =>
        /printed a first line that is no token/.test(error.message) && !/hunter2/.test(String(error.stack)),
      printed,
    );
  await assert.rejects(
    smtpToken({ smtpTokenCommand: 'true' }, ENV),
    (error: OperatorError) =>
      error.message === 'refpost.smtpTokenCommand printed nothing in its first line' &&
      error.remedy === 'it must print the token on standard output',
  );
});

async function assertFault(
  settings: Parameters<typeof smtpPassword>[0],
  message: string | RegExp,
  limit?: number,
): Promise<void> {
  const error: unknown = await smtpPassword(settings, ENV, limit).then(
    () => undefined,
    reason => reason,
  );
  assert.ok(error instanceof OperatorError);
  if (message instanceof RegExp) assert.match(error.message, message);
  else assert.equal(error.message, message);
  assert.notEqual(error.remedy, '');
  assert.doesNotMatch(`${error.message} ${error.remedy} ${error.stack} ${String(error.cause)}`, /hunter2/);
}
