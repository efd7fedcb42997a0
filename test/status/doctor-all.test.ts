import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gitEnvironment, TestRepository } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { site } from './doctor-site.ts';

test('doctor --all has a line for each repository that is right, what is wrong with the others, and a sum', async t => {
  const { folder, gitDir, repository, refpost } = await site(t);
  assert.deepEqual(
    await refpost(['doctor', '--all', folder]).then(({ code, stdout }) => ({ code, stdout })),
    {
      code: 0,
      stdout: `ok    ${gitDir}: all is right\n1 repository, 1 of them without a finding\n`,
    },
  );
  mkdirSync(join(folder, 'team', 'bare.git'), { recursive: true });
  new TestRepository(join(folder, 'team', 'bare.git'), '--bare');
  repository.git('config', 'refpost.maxMails', 'many');
  for (const name of ['one', 'two']) {
    const served = new TestRepository(join(folder, `${name}.git`), '--bare');
    served.git('config', 'refpost.worker', 'service');
  }
  mkdirSync(join(folder, 'a', 'no.git'), { recursive: true });
  const { code, stdout } = await refpost(['doctor', '--all', folder]);
  assert.equal(code, 78);
  assert.match(stdout, /^FAIL {2}\S+r\.git: settings: a setting is wrong:\n.*refpost\.maxMails/m);
  assert.match(
    stdout,
    /^FAIL {2}\S+team\/bare\.git: hook: there is no .*\n(?: {6}.*\n)* {6}recipients: refpost\.to is not set/m,
  );
  assert.equal(stdout.match(/refpost\.worker is service, and no worker is running/g)?.length, 2);
  assert.match(stdout, /^4 repositories, 0 of them without a finding$/m);
});

test('without a folder doctor --all looks where install --host was, and takes the hook of the host for one', async t => {
  const { folder, gitDir } = await site(t);
  const host = join(folder, 'site');
  mkdirSync(join(host, 'git'), { recursive: true });
  new TestRepository(join(host, 'git', 'p.git'), '--bare');
  const config = join(folder, 'gitconfig');
  writeFileSync(config, '');
  const env = gitEnvironment({ XDG_STATE_HOME: join(folder, 'state'), GIT_CONFIG_GLOBAL: config });
  const refpost = (...words: readonly string[]) => runHere(words, gitDir, env);
  assert.equal((await refpost('doctor', '--all')).code, 64);
  await refpost('install', '--host', 'gerrit', '--root', host, '--config', config);
  const { code, stdout } = await refpost('doctor', '--all');
  assert.match(`${code} ${stdout}`, /^0 (?:ok|warn) .*p\.git: .*\n(?: {6}.*\n)*1 repository/);
  rmSync(join(host, 'hooks', 'ref-updated'));
  assert.match((await refpost('doctor', '--all')).stdout, /^FAIL .*p\.git: hook: there is no/m);
});
