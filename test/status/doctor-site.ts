import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

/** A repository as install leaves it, whose mails go to a server of ours. */
export async function site(t: TestContext) {
  const folder = temporaryFolder(t);
  const repository = new TestRepository(join(folder, 'r.git'), '--bare');
  const inbox = await startInbox(t);
  const gitDir = repository.folder;
  const refpost = async (words: readonly string[], env?: NodeJS.ProcessEnv) => runHere(words, gitDir, env);
  await refpost(['install', '--to', 'list@example.org']);
  repository.git('config', 'refpost.transport', `smtp://127.0.0.1:${inbox.port}`);
  repository.git('config', 'refpost.from', 'Commits <commits@example.org>');
  /** What doctor says about one thing; about all without a name. */
  const doctor = async (name = '', env?: NodeJS.ProcessEnv) => {
    const { code, stdout } = await refpost(['doctor'], env);
    const said = stdout.split(/^(?=\S)/m).filter(finding => finding.includes(`  ${name}`));
    return { code, said: said.join('') };
  };
  return { folder, gitDir, repository, inbox, refpost, doctor };
}
