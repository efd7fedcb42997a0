import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Push } from '../model/push.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment of a hook says about its push: the variables of hosts that are not empty, in that order, and the push options. */
export function originOf(env: Environment, names: readonly string[]): Pick<Push, 'environment' | 'options'> {
  const said = names.flatMap(name => (env[name] ? [[name, env[name]] as const] : []));
  return { environment: Object.fromEntries(said), options: pushOptions(env) };
}

/** githooks(5): GIT_PUSH_OPTION_COUNT, and GIT_PUSH_OPTION_0 and so on; without a count the client sent none. */
function pushOptions(env: Environment): readonly string[] {
  const count = Number(env.GIT_PUSH_OPTION_COUNT ?? 0);
  const length = Number.isSafeInteger(count) ? Math.max(count, 0) : 0;
  return Array.from({ length }, (_, number) => env[`GIT_PUSH_OPTION_${number}`] ?? '');
}

/**
 * The git directory that a hook runs for: absolute, without symbolic links, that of the repository even where git
 * means one of its work trees. git starts a hook with GIT_DIR, often just `.`, relative to the working directory
 * (githooks(5)); `commondir` is explained in gitrepository-layout(5). Throws the system's error where there is none.
 */
export function repositoryOf(cwd: string, gitDir: string | undefined): string {
  const own = realpathSync(outOfSnapshot(cwd) ?? resolve(cwd, gitDir ?? '.'));
  const file = resolve(own, 'commondir');
  const common = existsSync(file) ? readFileSync(file, 'utf8').replace(/\n$/, '') : '.';
  const repository = realpathSync(resolve(own, common));
  statSync(resolve(repository, 'objects'));
  return repository;
}

/** GitLab with transactions: the working directory is a copy that goes with the hook, and GIT_DIR another that has gone (Gitaly, PostReceiveHook). */
function outOfSnapshot(cwd: string): string | undefined {
  const [, storage, path] = /^(.*?)\/\+gitaly\/.*?\/(@.*)$/s.exec(cwd) ?? [];
  return path === undefined ? undefined : `${storage}/${path}`;
}
