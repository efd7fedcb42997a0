import { randomBytes } from 'node:crypto';
import { askedPush, carried, readLedger } from '../announce/asked-push.ts';
import { toMbox } from '../delivery/compose.ts';
import { pushId } from '../drop/drop.ts';
import { EX, fault } from '../errors.ts';
import { branchWith, firstParentOf, readKinds } from '../git/questions.ts';
import { readAddress } from '../model/address.ts';
import { isHeard } from '../model/config.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import type { Override, Push } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { entriesNamed, type Outbox, readEntry } from '../outbox/outbox.ts';
import { serverName } from '../repository/database-of.ts';
import { readIdentity } from '../repository/identity.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import { openWorkplace, type Workplace } from '../repository/workplace.ts';
import { mailsAgain, type PushAgain } from './mails-again.ts';
import { sendAsked } from './notify.ts';

/** What a person asks `refpost resend` for, as the command has it. */
export interface AskedAgain {
  /** A push in the outbox or a commit; the old end of a push, where `new` and `ref` are there. */
  readonly name: string;
  readonly new?: string | undefined;
  readonly ref?: string | undefined;
  readonly to?: string | undefined;
  readonly repo: string;
  readonly c: readonly Override[];
  readonly dryRun?: true;
}

/**
 * `refpost resend`: mails once more, those that the outbox has or else made anew; recorded and sent the way every push goes, by which the ledger does not
 * move. Says how it went, and returns the exit code. With `dryRun` they are printed as an mbox instead.
 */
export async function resendAsked(world: World, asked: AskedAgain, signal: AbortSignal): Promise<number> {
  const workplace = await openWorkplace(world, asked.repo, asked.c);
  const outbox = await outboxOf(world, workplace);
  const { resend, ...push } = await pushAgain(world, workplace, outbox, asked);
  if (!resend.push && !resend.to && !workplace.audiences.some(({ config }) => isHeard(config)))
    throw fault.noRecipients(push.repository);
  let found = false;
  const mails = mailsAgain(world, workplace, outbox, { ...push, resend }, await readLedger(world, workplace));
  for await (const mail of mails) {
    found = true;
    // Looking at the first is enough where they are made by the worker.
    if (!asked.dryRun) break;
    world.stdout.write(toMbox(mail, world.now()));
  }
  if (!found) throw fault.nothingToResend(asked.name);
  return asked.dryRun ? EX.OK : sendAsked(world, workplace, { ...push, resend }, signal);
}

/** Finds out what is meant: a push that the outbox has, or a commit; and where its mails are. */
async function pushAgain(
  world: World,
  { git, config }: Workplace,
  outbox: Outbox,
  { name, new: fresh, ref, to, c }: AskedAgain,
): Promise<PushAgain> {
  const address = to === undefined ? undefined : readAddress(to);
  if (to !== undefined && address === undefined) throw fault.noSuchAddress(to);
  const now = world.now();
  const named = address === undefined ? {} : { to: address };
  const settings = carried(c);
  if (fresh !== undefined) {
    if (ref === undefined) throw fault.noRefNamed();
    const push = await askedPush(git, now, { old: name, new: fresh, ref, overrides: settings });
    return { ...push, resend: named };
  }
  const blank = { kind: 'notify', options: [], environment: {}, overrides: settings, time: now } as const;
  const id = pushId(now, randomBytes(4).toString('hex'));
  const stored = await storedPush(outbox, name);
  const isOurs = ({ server }: OutboxEntry) => server === undefined || server === serverName(config);
  if (stored?.server !== undefined && !isOurs(stored)) throw fault.ofAnotherServer(name, stored.server);
  if (stored) {
    const { repository, identity, updates } = stored.push;
    const from = { repository, updates, ...(identity === undefined ? {} : { identity }) };
    return { ...blank, ...from, id, resend: { push: stored.push.id, ...named } };
  }
  const commit = name.includes('\n') ? undefined : (await readKinds(git, [name])).get(name)?.commit;
  if (commit === undefined) throw fault.nothingNamed(name, git.gitDir);
  const isMeant = (entry: OutboxEntry) => isOurs(entry) && entry.push.repository === git.gitDir;
  const teller = await newestAbout(outbox, isMeant, commit);
  const branch = teller ? teller.updates[0]?.ref : await branchWith(git, commit);
  if (branch === undefined) throw fault.onNoBranch(name, git.gitDir);
  const identity = await readIdentity(git.gitDir);
  return {
    ...blank,
    ...(identity ? { identity } : {}),
    id,
    repository: git.gitDir,
    updates: [{ ref: branch, old: await firstParentOf(git, commit), new: commit }],
    resend: { ...(teller ? { push: teller.id } : {}), commit, ...named },
  };
}

async function storedPush(outbox: Outbox, name: string): Promise<OutboxEntry | undefined> {
  const [first] = await entriesNamed(outbox, name);
  return first && (await readEntry(outbox, first)).entry;
}

/** The last of some pushes that has mails about a commit, and did not send them again itself. */
async function newestAbout(
  outbox: Outbox,
  isMeant: (entry: OutboxEntry) => boolean,
  commit: string,
): Promise<Push | undefined> {
  let newest: OutboxEntry | undefined;
  for await (const { entry } of outbox.about(commit))
    if (
      isMeant(entry) &&
      !entry.push.resend &&
      entry.number > (newest?.number ?? 0) &&
      entry.mails.some(({ about }) => about === commit)
    )
      newest = entry;
  return newest?.push;
}
