import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../config/listing.ts';
import { createDrop } from '../disk/create-spool.ts';
import { readPlain } from '../disk/files.ts';
import { openDrop, pushId } from '../drop/drop.ts';
import { recordOf } from '../drop/record.ts';
import { openGit } from '../git/git.ts';
import { originOf, repositoryOf } from '../hook/origin.ts';
import { recordedNames } from '../host/hosts.ts';
import type { Push } from '../model/push.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { readIdentity } from './identity.ts';
import { listSettings, settingsOf } from './workplace.ts';

/**
 * Stores what git gives to a hook as a record, as bin/post-receive does.
 * @param random eight hex digits
 */
export async function storePush({ cwd, env, now }: World, stdin: Buffer, random: string) {
  const repository = repositoryOf(cwd, env.GIT_DIR);
  const entries = await listSettings(openGit(repository, env));
  const settings = settingsOf(entries, repository, env.HOME);
  await createDrop(settings.spool, settings.shared);
  const time = now();
  const own = { id: pushId(time, random), repository };
  const id = entries.some(leadsToHook) ? idOf(own, stdin, spoolLayout(settings.spool).dropTmp) : own.id;
  const identity = await readIdentity(repository);
  const origin = { ...(identity ? { identity } : {}), ...originOf(env, recordedNames) };
  const push = { kind: 'push', id, repository, time, overrides: [], ...origin } as const;
  await openDrop(settings.spool).store(id, recordOf(push, stdin, env.GIT_NAMESPACE));
  return { repository, settings };
}

/** git runs a hook in its settings (git-config(1), hook.*), and then the one in the hooks folder; one in core.hooksPath may run that of the repository. */
function leadsToHook({ key, value }: Entry): boolean {
  return key === 'core.hookspath' || (/^hook\..*\.event$/s.test(key) && value === 'post-receive');
}

/** The id of the record that this push has already from the other hook: both have the same receive-pack above them. As twin() in bin/post-receive. */
function idOf({ id, repository }: Pick<Push, 'id' | 'repository'>, stdin: Buffer, folder: string): string {
  const above = receivePack(process.ppid);
  if (above === undefined) return id;
  const mark = join(folder, `by-${above.pid}`);
  const mine = `${above.started} ${repository} ${stdin.toString('latin1').replace(/\n.*/s, '')}`;
  try {
    const [, theirId, theirs] = /^([0-9a-fT-]+) (.*)\n$/.exec(readPlain(mark).toString('latin1')) ?? [];
    if (theirId !== undefined && theirs === mine) return theirId;
  } catch {
    // It is the first of them, or the only one.
  }
  try {
    rmSync(mark, { force: true });
    writeFileSync(mark, `${id} ${mine}\n`, { flag: 'wx', mode: 0o660, encoding: 'latin1' });
  } catch {
    // Another user's: then the worker finds the second one late.
  }
  return id;
}

/** The nearest receive-pack above a process, and when it was started, in ticks since the machine was (proc(5), stat); undefined where there is none to see. */
function receivePack(pid: number): { readonly pid: number; readonly started: string } | undefined {
  try {
    // 4711 (git-receive-pac) S 4710 …
    const [, name, rest = ''] =
      /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    const fields = rest.split(' ');
    if (name === 'git' || name === 'git-receive-pac') return { pid, started: fields[19] ?? '' };
    return receivePack(Number(fields[1]));
  } catch {
    return undefined;
  }
}
