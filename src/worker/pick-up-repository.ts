import { announce } from '../announce/announce.ts';
import { renderContext } from '../announce/render-context.ts';
import { composeForWire } from '../delivery/compose.ts';
import { fault } from '../errors.ts';
import { despiteKills } from '../git/despite-kills.ts';
import type { Git } from '../git/git.ts';
import { openGitDir } from '../git/open-repository.ts';
import { readRefs } from '../git/questions.ts';
import type { Config } from '../model/config.ts';
import { type Ledger, type LedgerMove, moved } from '../model/ledger.ts';
import type { ComposedMail, Mail } from '../model/mail.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import type { Push } from '../model/push.ts';
import type { PushPlan } from '../model/push-plan.ts';
import type { World } from '../model/world.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { announcedOnly, isAnnounced } from '../plan/announced-refs.ts';
import { baseline } from '../plan/baseline.ts';
import { nextPush, oldestFirst } from '../plan/next-push.ts';
import { hasScope, rescope } from '../plan/rescope.ts';
import { workplaceOf } from '../repository/workplace.ts';
import type { RecordContext } from './recorded-pushes.ts';

export interface PickUpContext extends RecordContext {
  readonly world: World;
  readonly outbox: Outbox;
}

/**
 * Takes the recorded pushes of one repository into the outbox. Returns when to look again, and for which pushes, if some wait for one
 * before them.
 */
export async function pickUpRepository(
  context: PickUpContext,
  repository: string,
  recorded: readonly Push[],
): Promise<{ readonly at: number; readonly ids: readonly string[] } | undefined> {
  const { world, drop, outbox } = context;
  const git = openGitDir(repository, world.env);
  const { config } = await despiteKills(() => workplaceOf(world, git, []));
  let { ledger, rescoped } = await despiteKills(() => openLedger(outbox, git, config, recorded));
  const left = new Set(oldestFirst(recorded));
  for (;;) {
    const next = nextPush(left, ledger, config, world.now());
    if (next === undefined) return undefined;
    if ('waitUntil' in next) return { at: next.waitUntil, ids: Array.from(left, push => push.id) };
    const { push } = next;
    if (!(await outbox.knows(push.id))) {
      const entry = await despiteKills(() => enter(context, git, push, ledger, rescoped));
      if (entry.ledger) {
        ledger = moved(ledger, entry.ledger);
        rescoped = undefined;
      }
    }
    await drop.retire(push.id);
    left.delete(push);
  }
}

interface OpenLedger {
  readonly ledger: Ledger;
  /** Set where other refs are announced than before: a change that is stored with the next push. */
  readonly rescoped: LedgerMove | undefined;
}

async function openLedger(
  outbox: Outbox,
  git: Git,
  config: Config,
  pushes: readonly Push[],
): Promise<OpenLedger> {
  const stored = await outbox.ledger(git.gitDir);
  if (stored && hasScope(stored, config)) return { ledger: stored, rescoped: undefined };
  const before = baseline(await readRefs(git), pushes).refs;
  const ledger = stored ?? (await outbox.baseline(git.gitDir, { refs: announcedOnly(before, config) }));
  const rescoped = rescope(ledger, config, before);
  return { ledger: moved(ledger, rescoped), rescoped };
}

/** Plan, read, render, store: one push on its way into the outbox. */
async function enter(
  context: PickUpContext,
  git: Git,
  push: Push,
  ledger: Ledger,
  rescoped: LedgerMove | undefined,
): Promise<OutboxEntry> {
  const { world, outbox, log } = context;
  const workplace = await workplaceOf(world, git, push.overrides);
  const { plan, mails, move } = await announce(git, push, ledger, renderContext(world, workplace));
  if (plan.notices.length > 0 && workplace.config.to.length === 0) throw fault.noRecipients(push.repository);
  const whole = move && { ...rescoped, refs: { ...rescoped?.refs, ...move.refs } };
  const options = { now: world.now(), ...(whole ? { ledger: whole } : {}) };
  const entry = await outbox.add(push, composed(mails, plan.notices.length, world), options);
  log('queued', {
    push: push.id,
    entry: entry.number,
    repository: push.repository,
    refs: plan.changes.length,
    mails: entry.mails.length,
    ...leftOut(push, plan, workplace.config),
  });
  return entry;
}

/** What of a push is not mailed, for the log: only what there is. */
function leftOut(push: Push, { leftOut }: PushPlan, config: Config): Record<string, number> {
  const refs =
    push.kind === 'push' ? push.updates.filter(update => !isAnnounced(update.ref, config)).length : 0;
  const counts = {
    'left-out-refs': refs,
    'left-out-merges': leftOut.merges,
    'left-out-old': leftOut.old,
    muted: leftOut.muted,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** @param expected how many there are, if no commit takes more than one */
async function* composed(
  mails: AsyncIterable<Mail>,
  expected: number,
  { progress }: World,
): AsyncGenerator<ComposedMail> {
  let made = 0;
  for await (const mail of mails) {
    made += 1;
    progress(`making mails: ${made} of ${Math.max(made, expected)}`);
    yield composeForWire(mail);
  }
}
