import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fault } from '../errors.ts';
import type { Wish } from './changes.ts';
import { configFile } from './git-plan.ts';
import type { HostPlan, PlanCall } from './host-plan.ts';

/** gitolite 3 (Store.pm): what is in hooks/common is linked into every repository by `gitolite setup`, and into each new one. */
export async function planGitolite(call: PlanCall, isSome: boolean): Promise<HostPlan> {
  const ask = async (...words: readonly string[]): Promise<string> => {
    try {
      const { stdout } = await promisify(execFile)('gitolite', words, { cwd: '/', env: call.env });
      return stdout.trim();
    } catch (cause) {
      const { code, stderr = '' } = cause as { code?: unknown; stderr?: string };
      // Of a variable that is not set it exits with 1 and says nothing.
      if (code === 1 && stderr === '') return '';
      throw fault.gitoliteFailed(words.join(' '), stderr.trim() || String(code), cause);
    }
  };
  const base = await ask('query-rc', 'GL_REPO_BASE');
  // Before it is set up gitolite answers all the same.
  if (!existsSync(base))
    throw fault.gitoliteFailed('query-rc GL_REPO_BASE', `there is no ${base}`, undefined);
  const local = await ask('query-rc', 'LOCAL_CODE');
  const admin = await ask('query-rc', 'GL_ADMIN_BASE');
  const keys = await ask('query-rc', 'GIT_CONFIG_KEYS');
  const folder = join(local || admin, 'hooks');
  const spread = async (): Promise<void> => {
    await ask('setup', '--hooks-only');
  };
  if (isSome && local === '') throw fault.gitoliteFailed('query-rc LOCAL_CODE', 'it is not set', undefined);
  const use = { script: call.script };
  const hook: Wish = isSome
    ? { kind: 'hook', path: join(folder, 'repo-specific', 'refpost'), use, isAlone: true }
    : { kind: 'hook', path: join(folder, 'common', 'post-receive'), use, links: base, spread };
  return {
    wishes: [{ kind: 'settings', path: await configFile(call), settings: call.settings }, hook],
    roots: [base],
    byHand: [
      ...(/refpost|^\.\*$/.test(keys)
        ? []
        : [
            "to set recipients in gitolite.conf (config refpost.to = commits@example.org), let .gitolite.rc have GIT_CONFIG_KEYS => 'refpost\\..*'",
          ]),
      ...(isSome
        ? [
            "in .gitolite.rc, ENABLE 'repo-specific-hooks'; in gitolite.conf, for each repository or @all: option hook.post-receive = refpost",
          ]
        : []),
    ],
  };
}
