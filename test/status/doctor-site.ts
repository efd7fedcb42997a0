import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { installedRepository } from '../fixtures/installed.ts';
import { configLines, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import { HOME } from '../fixtures/world.ts';

const { version } = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8'));

/** A repository as install leaves it, whose mails go to a server of ours. @param worker `quick`: doctor need not start refpost to ask for its version */
export async function site(t: TestContext, worker: 'installed' | 'quick' = 'quick') {
  const folder = temporaryFolder(t);
  const repository = await installedRepository(join(folder, 'r.git'), ['list@example.org']);
  const inbox = await startInbox(t);
  const gitDir = repository.folder;
  const refpost = async (words: readonly string[], env?: NodeJS.ProcessEnv) => runHere(words, gitDir, env);
  const settings = {
    'refpost.transport': `smtp://127.0.0.1:${inbox.port}`,
    'refpost.from': 'Commits <commits@example.org>',
  };
  const config = join(gitDir, 'config');
  const installed = readFileSync(config, 'utf8');
  // Of this version, and at once.
  const quick = installed.replace(/\tcommand = .*/, `\tcommand = "echo ${version} #"`);
  writeFileSync(config, `${worker === 'quick' ? quick : installed}${configLines(settings)}`);
  /** What doctor says about one thing; about all without a name. */
  const doctor = async (name = '', env?: NodeJS.ProcessEnv) => {
    const { code, stdout } = await refpost(['doctor'], env);
    const said = stdout.split(/^(?=\S)/m).filter(finding => finding.includes(`  ${name}`));
    return { code, said: said.join('') };
  };
  return { folder, gitDir, repository, inbox, refpost, doctor };
}
