import type { Ledger } from '../model/ledger.ts';
import { isCreation, isDeletion, type RefUpdate } from '../model/push.ts';

/** What the repository says about a push that does not follow from the ledger. */
export interface RefFacts {
  /** True for an object that leads to a commit which the ledger does not reach. */
  readonly isNew: (id: string) => boolean;
  /** The refs as they are now. Only asked for where an update does not follow. */
  readonly refsNow: ReadonlyMap<string, string>;
}

/** The last update of each ref, as far as it follows from nothing that was announced. */
export function unchained(updates: readonly RefUpdate[], ledger: Ledger): RefUpdate[] {
  return updates.filter(update => update.old !== lastAnnounced(update, ledger));
}

/**
 * Works out what a push changes in the ledger, and what it has to announce, from the value that was last announced.
 * An update whose old value was announced last moves its ref: the rule. Others come where hooks overtook each other or one never ran. Such
 * an update is late if it brings nothing new, or if the ledger is at the ref's present value already: a later push has announced it. Otherwise
 * it catches up what was missed: it is announced from the ledger's value, and moves the ref.
 */
export function reconcile(updates: readonly RefUpdate[], ledger: Ledger, facts: RefFacts) {
  const refs: Record<string, string | null> = {};
  const announced: RefUpdate[] = [];
  for (const update of updates) {
    const known = lastAnnounced(update, ledger);
    if (known !== update.old && isLate(update, known, facts)) {
      if (facts.isNew(update.new)) announced.push(update);
      continue;
    }
    refs[update.ref] = isDeletion(update) ? null : update.new;
    const news = { ...update, old: known };
    if (news.old !== news.new && !(isCreation(news) && isDeletion(news))) announced.push(news);
  }
  return { updates: announced, move: { refs } };
}

function isLate(update: RefUpdate, known: string, facts: RefFacts): boolean {
  const present = facts.refsNow.get(update.ref) ?? '0'.repeat(known.length);
  return present === known || (!isDeletion(update) && !facts.isNew(update.new));
}

/** The value of an update's ref in the ledger; zeros where it has none. */
export function lastAnnounced(update: RefUpdate, ledger: Ledger): string {
  return ledger.refs.get(update.ref) ?? '0'.repeat(update.new.length);
}
