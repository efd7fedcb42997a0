import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkEnvironment } from '../../src/git/environment.ts';
import { withoutPasswords } from '../../src/git/network.ts';

test('a git that talks to a server asks nobody, and takes no program for a protocol', () => {
  const seen = networkEnvironment(
    { HOME: '/home/git', https_proxy: 'http://p', GIT_TRACE: '1', GIT_DIR: '.' },
    '/m.git',
  );
  assert.equal(seen.GIT_TERMINAL_PROMPT, '0');
  assert.equal(seen.GIT_ALLOW_PROTOCOL, 'https:http:ssh:git:file');
  assert.equal(seen.GIT_DIR, '/m.git');
  assert.equal(seen.GIT_SSH_COMMAND, 'ssh -o BatchMode=yes -o ConnectTimeout=30');
  assert.ok(!('GIT_TRACE' in seen));
  assert.equal({ ...seen }['https_proxy' as keyof typeof seen], 'http://p');
});

test('a command for ssh that is set counts, with what keeps it from asking', () => {
  const batch = '-o BatchMode=yes -o ConnectTimeout=30';
  const command = (env: object, set?: string) =>
    networkEnvironment({ ...env }, '/m.git', set).GIT_SSH_COMMAND;
  assert.equal(command({}, 'ssh -i /key'), `ssh -i /key ${batch}`);
  assert.equal(command({ GIT_SSH_COMMAND: '/usr/bin/ssh -v' }, 'ssh -i /key'), `/usr/bin/ssh -v ${batch}`);
  assert.equal(command({}, 'plink'), 'plink');
});

test('what may be a password is cut out of all that git says', () => {
  const cases = [
    ["fatal: unable to access 'https://ada:pw@host/x/': no", "fatal: unable to access 'https://host/x/': no"],
    ['https://token@host/x', 'https://host/x'],
    ['https://a:p@ss@host/x', 'https://host/x'],
    ['ssh://git@host/x and https://b:c@host', 'ssh://host/x and https://host'],
    ['mail ada@example.org', 'mail ada@example.org'],
  ] as const;
  for (const [words, shown] of cases) assert.equal(withoutPasswords(words), shown);
});
