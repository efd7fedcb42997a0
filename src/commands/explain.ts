import { resolve } from 'node:path';
import { askedPush, readLedger } from '../announce/asked-push.ts';
import { explain as explainPush } from '../announce/explain.ts';
import { explanationText } from '../announce/explain-text.ts';
import { renderContexts } from '../announce/render-context.ts';
import { withLines } from '../config/line-of.ts';
import { readConfig } from '../config/read-config.ts';
import type { Git } from '../git/git.ts';
import { branchWith, readKinds } from '../git/questions.ts';
import { hostOf, hostText } from '../repository/host-of.ts';
import { listSettings, openWorkplace, readText } from '../repository/workplace.ts';
import type { Command } from './command.ts';

/** `refpost explain`: who gets which mail of a push or a commit, and why. */
export const explain: Command = async (
  { world, misused },
  { repo, c, json, pusher },
  first = '',
  second,
  ref,
) => {
  const workplace = await openWorkplace(world, repo, c);
  const { git } = workplace;
  if (second !== undefined && ref === undefined) misused('name one commit, or two revisions and a ref');
  const asked =
    second === undefined || ref === undefined
      ? { old: await parentOf(git, first), new: first, ref: (await branchWith(git, first)) ?? 'HEAD' }
      : { old: first, new: second, ref };
  const push = {
    ...(await askedPush(git, world.now(), { ...asked, overrides: c })),
    environment: pusher === undefined ? {} : { REMOTE_USER: pusher },
  };
  const { effective } = readConfig(await listSettings(git), c, world.env.HOME);
  const lined = withLines(effective, path => readText(resolve(git.gitDir, path)));
  const ledger = await readLedger(world, workplace);
  const contexts = await renderContexts(world, workplace);
  const explanation = await explainPush(git, push, ledger, contexts, lined);
  const host = await hostOf(world, workplace);
  if (json) {
    const named = host ? { host: { name: host.name, title: host.title, unseen: host.unseen } } : {};
    world.stdout.write(`${JSON.stringify({ ...explanation, ...named }, undefined, 1)}\n`);
  } else world.stdout.write(`${explanationText(explanation)}${host ? `\nHost: ${hostText(host)}\n` : ''}`);
};

/** The first parent; of a commit without one, zeros: then it is as if the ref were created. */
async function parentOf(git: Git, commit: string): Promise<string> {
  const [name, own] = [`${commit}^`, commit];
  const kinds = await readKinds(git, [name, own]);
  const { id = '' } = kinds.get(own) ?? {};
  return kinds.get(name)?.type === 'commit' ? name : '0'.repeat(id.length || 40);
}
