import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { progressOn } from '../../src/cli/world.ts';
import { run } from '../fixtures/processes.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { refpostProgram } from '../fixtures/server-repository.ts';

test('a terminal has one line, as long as it is wide, which changes ten times a second at the most', () => {
  const [written, times]: [string[], number[]] = [[], [0, 0, 50, 60, 70, 170, 200, 200]];
  const stream = { isTTY: true, columns: 14, write: (text: string) => written.push(text) };
  let at = 0;
  const progress = progressOn(stream, 'xterm', () => at);
  for (const text of ['', 'mail 1 of 3', 'mail 2 of 3', 'waiting for pushes', '', 'mail 3 of 3', '', '']) {
    at = times.shift() ?? at;
    progress(text);
  }
  const clear = '\r\u001b[K';
  assert.deepEqual(
    written,
    ['mail 1 of 3', 'waiting for p', '', 'mail 3 of 3', ''].map(line => `${clear}${line}`),
  );
});

test('a pipe, a file and a terminal that cannot rewrite have nothing of it', () => {
  for (const [isTTY, term] of [
    [false, 'xterm'],
    [true, 'dumb'],
  ] as const) {
    progressOn({ isTTY, write: assert.fail }, term, () => 0)('mail 1 of 3');
  }
});

test('notify at a terminal says how many mails to how many people, then how far it is, and prints no log', async t => {
  if (spawnSync('script', ['--version']).status !== 0) return t.skip('script (util-linux) is not here');
  const repository = new TestRepository(temporaryFolder(t));
  for (const name of ['a', 'b', 'c']) repository.commit({ files: { [name]: name } });
  for (const [key, value] of Object.entries({
    to: 'a@example.org, b@example.org',
    transport: 'sendmail:/bin/true',
  }))
    repository.git('config', `refpost.${key}`, value);
  const command = [...refpostProgram, 'notify', 'HEAD~2', 'HEAD', 'main'].join(' ');
  const { stdout } = await run(['script', '--quiet', '--command', command, '/dev/null'], {
    cwd: repository.folder,
    env: { ...gitEnvironment(), TERM: 'xterm' },
  });
  assert.match(stdout, /^refpost: 2 mails to 2 recipients\r\n/);
  assert.ok(stdout.includes('\r\u001b[Ksending mails: 1 of 2\r'));
  assert.ok(stdout.endsWith('\r\u001b[Krefpost: 2 mails sent\r\n'));
  assert.doesNotMatch(stdout, /message-id=/);
});
