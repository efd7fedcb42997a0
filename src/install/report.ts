import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { spoolRights } from '../disk/create-spool.ts';
import { shellWords } from '../hook/worker.ts';
import type { Addition, Recipients } from './additions.ts';
import type { HookPlan } from './hook-file.ts';
import type { InstallCall, Site } from './site.ts';

/** What an install came to. */
export interface Done extends HookPlan {
  readonly additions: readonly Addition[];
  readonly recipients: Recipients;
  readonly root: string;
}

/** Says what was done, and what to do next. */
export function tell({ say, script }: InstallCall, { hooks, repository }: Site, done: Done): void {
  const { additions, recipients, root, state, own } = done;
  const { before, added } = recipients;
  for (const { key, value } of additions) {
    say(`${key === 'refpost.to' && before.length > 0 ? 'added' : 'set'} ${key} = ${value}`);
  }
  if (additions.length === 0) say('the settings were there already');
  if (before.length > 0) say(`mails go to: ${[...before, ...added].join(', ')}`);
  say(`outbox: ${root}`);
  const hook = `${hooks.folder}/post-receive`;
  if (state === 'foreign')
    say(`the hook that was there is kept as ${hook}.before-refpost, and runs after refpost's`);
  say(own ? `${hook} runs ${script}` : `${hook} is refpost's already, and is left as it is`);
  const repo = `--repo ${shellWords([repository])}`;
  say(`From now on, mail is sent for each push. To check that it gets out: refpost doctor ${repo}`);
  say(`To see what it looks like: refpost notify HEAD~1 HEAD <branch> ${repo} --dry-run`);
}

/** What is not wrong, and yet will be asked about one day. */
export async function remarks(call: InstallCall, site: Site, shared: string): Promise<readonly string[]> {
  const { entries, repository } = site;
  const git = `git -C ${shellWords([repository])} config`;
  const from = call.from ?? entries.findLast(entry => entry.key === 'refpost.from')?.value;
  const sender = `the name of this host, ${call.host}, has no dot, so that many servers refuse its addresses as senders; set one: ${git} refpost.from commits@example.org`;
  const group = `the repository is writable by its group, but refpost's files will be its owner's alone; to share them: ${git} core.sharedRepository group, then "refpost install" again`;
  const multimail = `multimailhook.* settings are there: if git-multimail still runs, pushes are mailed by both`;
  return [
    ...(from || call.host.includes('.') ? [] : [sender]),
    ...(isPrivate(shared) && (await isGroups(join(repository, 'objects'))) ? [group] : []),
    ...(entries.some(({ key }) => key.startsWith('multimailhook.')) ? [multimail] : []),
  ];
}

/** Writable by a group that is not the owner's own (as many systems give one to each user). */
async function isGroups(folder: string): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  return (mode & 0o020) !== 0 && (gid !== uid || uid === 0);
}

function isPrivate(shared: string): boolean {
  return (spoolRights(shared).folder & 0o070) === 0;
}
