import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { gitEnvironment, TestRepository } from '../test/fixtures/repository.ts';
import { type Build, refpost } from './refpost.ts';

/** What its settings say about a repository, by the names in section `refpost`. */
export type Settings = Readonly<Record<string, string>>;

/** Makes a bare repository one as `refpost install` leaves it. */
export function install(repository: TestRepository, values: Settings, build?: Build): void {
  const all = { from: 'git@example.org', keepDays: '0', ...values };
  for (const [key, value] of Object.entries(all)) repository.git('config', `refpost.${key}`, value);
  const { words, env } = refpost(['install', repository.folder, '--to', 'commits@example.org'], build);
  const [program = '', ...rest] = words;
  execFileSync(program, rest, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Runs the installed hook, as git does after `main` went from one commit to another. */
export function runHook({ folder }: TestRepository, old: string, fresh: string): void {
  const input = `${old} ${fresh} refs/heads/main\n`;
  const env = gitEnvironment({ GIT_DIR: '.' });
  execFileSync(join(folder, 'hooks', 'post-receive'), { cwd: folder, input, env });
}

/** Puts an empty commit on top of `main` and returns its id. */
export function addCommit(repository: TestRepository): string {
  const commit = repository.git('commit-tree', '-p', 'main', '-m', 'One more commit', 'main^{tree}');
  repository.git('update-ref', 'refs/heads/main', commit);
  repository.clock += 60;
  return commit;
}

export function bareRepository(folder: string): TestRepository {
  return new TestRepository(folder, '--bare');
}
