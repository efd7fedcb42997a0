import type { Git } from '../git/git.ts';
import { readHistory, relationTo } from '../git/history.ts';
import { matchingCommits, parentsOf, readHead, readKinds, readRefs } from '../git/questions.ts';
import type { Account } from '../host/accounts.ts';
import type { Audience } from '../model/config.ts';
import { type HistoryCommit, inOrderOf, mergedSkews, unionOf } from '../model/history.ts';
import type { Ledger, RefScope } from '../model/ledger.ts';
import { isCreation, isZero, type Push, type RefUpdate } from '../model/push.ts';
import { type PushFacts, scopeName } from '../model/push-plan.ts';
import { announcedOnly, isAnnounced, outsideOf, wholeScope } from '../plan/announced-refs.ts';
import { lastAnnounced, unchained } from '../plan/reconcile.ts';
import { readCommitFacts } from './commit-facts.ts';
import { type Kept, readLosses } from './read-losses.ts';

/** `[nomail]` anywhere in the message, or a trailer `Mail: none`. */
const MUTE = '\\[nomail\\]|^Mail: *none *$';

/**
 * Asks git all that the plan of a push is made of: a few questions, and a few more for each ref that loses commits, however many
 * commits there are. What git no longer has is passed over.
 */
export async function survey(
  git: Git,
  push: Push,
  ledger: Ledger,
  audiences: readonly Audience[],
  trailers: boolean,
  accounts: ReadonlyMap<string, Account> = new Map(),
): Promise<PushFacts> {
  const policy = wholeScope(audiences);
  const updates = announcedUpdates(push, policy);
  const steps = push.kind === 'push' ? updates.flatMap(update => stepsOf(update, ledger)) : updates;
  const overtaken = push.kind === 'push' && unchained(updates, ledger).length > 0;
  const refsNow = overtaken || isOpen(push) ? await readRefs(git) : new Map<string, string>();
  const seenSkews = await knownSkews(git, push, ledger);
  const tips = objectsOf(updates.map(update => update.new));
  const seen = push.resend?.commit
    ? await parentsOf(git, push.resend.commit)
    : seenBefore(push, updates, ledger, refsNow, policy);
  const [kinds, history, head] = await together([
    readKinds(git, objectsOf(steps.flatMap(step => [step.old, step.new]))),
    readHistory(git, tips, seen, seenSkews),
    updates.filter(isCreation).length > 1 ? readHead(git) : undefined,
  ]);
  const found = {
    push,
    updates,
    refsNow,
    head,
    history: history.commits,
    skews: seenSkews && history.skews.length > 0 ? mergedSkews([...seenSkews, ...history.skews]) : seenSkews,
    commitOf: (id: string) => kinds.get(id)?.commit,
    typeOf: (id: string) => kinds.get(id)?.type ?? ('missing' as const),
  };
  const seenBy = (scope: RefScope) => (push.kind === 'push' ? seenIn(updates, ledger, scope) : undefined);
  const histories = await readHistories(git, tips, audiences, policy, seenBy, seenSkews);
  const all = unionOf([...histories.values(), history.commits]);
  const ids = all.map(({ id }) => id);
  const [muted, losses, about] = await together([
    trailers ? matchingCommits(git, ids, MUTE) : new Set<string>(),
    readLosses(git, steps, found, () => keptAfter(git, found, ledger, policy)),
    readCommitFacts(git, { push, ids, updates, ledger, refsNow, typeOf: found.typeOf, accounts }, audiences),
  ]);
  return {
    ...found,
    all,
    histories: new Map([...histories].map(([name, each]) => [name, inOrderOf(all, each)])),
    muted,
    losses,
    about,
  };
}

/** What is new for the audiences that hear of other refs than the rest. A push that a person describes says itself since when. */
async function readHistories(
  git: Git,
  tips: readonly string[],
  audiences: readonly Audience[],
  whole: RefScope,
  seenBy: (scope: RefScope) => readonly string[] | undefined,
  skews: Ledger['skews'],
) {
  const histories = new Map<string, readonly HistoryCommit[]>();
  for (const { config } of audiences) {
    const name = scopeName(config);
    const seen = name === scopeName(whole) || histories.has(name) ? undefined : seenBy(config);
    if (seen) histories.set(name, (await readHistory(git, tips, seen, skews)).commits);
  }
  return histories;
}

/** Waits for all, whatever becomes of one of them: none is left to itself. */
async function together<T extends readonly unknown[]>(
  tasks: [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}

/** The last update of each ref that is announced. What a person asks for by name is announced in any case. */
function announcedUpdates(push: Push, policy: RefScope): RefUpdate[] {
  const last = [...new Map(push.updates.map(update => [update.ref, update])).values()];
  if (push.kind === 'notify') return last.filter(update => update.old !== update.new);
  return last.filter(update => isAnnounced(update.ref, policy));
}

/** What an update may come to be announced as: from its own old value, or from the one in the ledger. */
function stepsOf(update: RefUpdate, ledger: Ledger): RefUpdate[] {
  const known = lastAnnounced(update, ledger);
  return known === update.old ? [update] : [update, { ...update, old: known }];
}

/** Where clocks ran back in all that counts as seen; undefined where the ledger does not reach it. */
async function knownSkews(git: Git, push: Push, { refs, skews }: Ledger): Promise<Ledger['skews']> {
  if (push.kind === 'push' || !skews) return skews;
  if (isOpen(push)) return undefined;
  const values = new Set(refs.values());
  for (const { ref, old } of push.updates) {
    const value = refs.get(ref);
    if (!values.has(old) && !(value && (await relationTo(git, old, value)) === 'after')) return undefined;
  }
  return skews;
}

/** A person asks for a ref without saying since when. */
function isOpen(push: Push): boolean {
  return push.kind === 'notify' && push.updates.some(isCreation);
}

/** Each once, and those alone that name an object. */
function objectsOf(ids: readonly string[]): string[] {
  return [...new Set(ids)].filter(id => !isZero(id));
}

/** What counts as announced already: the ledger or, for a `notify`, the old end or else all other refs. */
function seenBefore(
  push: Push,
  updates: readonly RefUpdate[],
  ledger: Ledger,
  refsNow: ReadonlyMap<string, string>,
  scope: RefScope,
): string[] {
  if (push.kind === 'push') return seenIn(updates, ledger, scope);
  const olds = objectsOf(updates.map(update => update.old));
  if (!isOpen(push)) return olds;
  const asked = new Set(updates.map(update => update.ref));
  const others = new Map([...refsNow].filter(([ref]) => !asked.has(ref)));
  return [...olds, ...announcedOnly(others, scope).values(), ...outsideOf(others, scope)];
}

/** What was announced to those who hear of these refs. Where one of them is created, what other branches and tags had is no news. */
function seenIn(updates: readonly RefUpdate[], ledger: Ledger, scope: RefScope): string[] {
  const ours = updates.filter(({ ref }) => isAnnounced(ref, scope));
  const created = ours.some(update => !ledger.refs.has(update.ref));
  const seen = announcedOnly(ledger.refs, scope).values();
  return [...seen, ...(created ? [...(ledger.outside ?? []), ...outsideOf(ledger.refs, scope)] : [])];
}

/** What is there still when a push has taken commits away from its refs. */
async function keptAfter(
  git: Git,
  { push, updates, refsNow, skews }: Pick<PushFacts, 'push' | 'updates' | 'refsNow' | 'skews'>,
  ledger: Ledger,
  scope: RefScope,
): Promise<Kept> {
  const refs = refsNow.size > 0 ? refsNow : await readRefs(git);
  const after = objectsOf(updates.map(update => update.new));
  if (push.kind === 'notify') return { kept: [...refs.values(), ...after], others: [], skews: undefined };
  const changed = new Set(updates.map(update => update.ref));
  const announced = [...ledger.refs].flatMap(([ref, id]) => (changed.has(ref) ? [] : [id]));
  // The ledger does not know of them, and they may be ahead of it.
  const others = [...refs].flatMap(([ref, id]) =>
    isAnnounced(ref, scope) && !(refsNow.size > 0 && changed.has(ref)) ? [] : [id],
  );
  return { kept: [...announced, ...after], others, skews };
}
