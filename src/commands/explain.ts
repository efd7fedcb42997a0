import { resolve } from 'node:path';
import { askedPush, readLedger } from '../announce/asked-push.ts';
import { explain as explainPush } from '../announce/explain.ts';
import { explanationText } from '../announce/explain-text.ts';
import { renderContexts } from '../announce/render-context.ts';
import { withLines } from '../config/line-of.ts';
import { readConfig } from '../config/read-config.ts';
import { branchWith, firstParentOf } from '../git/questions.ts';
import { hostOf, hostText } from '../repository/host-of.ts';
import { listSettings, NOWHERE, openWhere, readText, strict } from '../repository/workplace.ts';
import { explainStored } from '../status/stored-mails.ts';
import type { Command } from './command.ts';

/**
 * `refpost explain`: who gets which mail of a push or a commit, and why. Of a server of a fleet that is named, where there is no repository, and of a
 * Message-ID, from what the outbox has.
 */
export const explain: Command = async (
  { world, misused },
  { repo, c, json, pusher, server },
  first = '',
  second,
  ref,
) => {
  const place = await openWhere(world, repo, c);
  const { git } = place;
  if (server !== undefined || git.gitDir === NOWHERE || first.startsWith('<')) {
    if (second !== undefined)
      misused('name one commit, Message-ID or push: two revisions are compared in their repository');
    return void (await explainStored(world, place, { name: first, server, json }));
  }
  if (second !== undefined && ref === undefined) misused('name one commit, or two revisions and a ref');
  const workplace = strict(place);
  const asked =
    second === undefined || ref === undefined
      ? { old: await firstParentOf(git, first), new: first, ref: (await branchWith(git, first)) ?? 'HEAD' }
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
