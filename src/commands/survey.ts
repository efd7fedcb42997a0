import type { Git } from '../git/git.ts';
import { isAncestor, type ObjectKind, readHistory, readKinds, readRefs } from '../git/questions.ts';
import type { HistoryCommit } from '../model/history-commit.ts';
import type { Ledger, LedgerMove } from '../model/ledger.ts';
import type { Push } from '../model/push.ts';
import type { RefChange } from '../model/ref-change.ts';
import { isCreation, isDeletion, isZero, type RefUpdate } from '../model/ref-update.ts';
import type { PlanFacts } from '../plan/plan-push.ts';
import { type Ancestry, questionable, refChanges } from '../plan/ref-changes.ts';
import { settlePush, unchained } from '../plan/settle-push.ts';

/** What git has to say about a push: the facts for the plan, and the ledger's move. */
export interface Survey {
  readonly facts: PlanFacts;
  /** Absent for a `notify`. */
  readonly move?: LedgerMove;
}

/** Asks git about a push: a constant number of questions, however many commits it brings. */
export async function survey(git: Git, push: Push, ledger: Ledger): Promise<Survey> {
  const updates = [...new Map(push.updates.map(update => [update.ref, update])).values()];
  const kinds = await readKinds(git, objectNames(updates, ledger));
  const commitOf = (id: string) => kinds.get(id)?.commit;
  const tips = updates.flatMap(update => commitOf(update.new) ?? []);
  const history = await readHistory(git, tips, await seenBy(git, push, ledger));
  if (push.kind === 'notify') return { facts: await facts(git, push, updates, kinds, history) };
  const news = new Set(history.map(commit => commit.id));
  const settled = settlePush(updates, ledger, {
    isNew: id => news.has(commitOf(id) ?? ''),
    refsNow: unchained(updates, ledger).length > 0 ? await readRefs(git) : new Map(),
  });
  return { facts: await facts(git, push, settled.updates, kinds, history), move: settled.move };
}

function objectNames(updates: readonly RefUpdate[], ledger: Ledger): string[] {
  const names = updates.flatMap(update => [
    update.old,
    update.new,
    ledger.refs.get(update.ref) ?? update.old,
  ]);
  return [...new Set(names)].filter(name => !isZero(name));
}

/** What counts as announced already: the ledger or, for `notify`, the old end or else all other refs. */
async function seenBy(git: Git, push: Push, ledger: Ledger): Promise<string[]> {
  if (push.kind === 'push') return [...ledger.refs.values()];
  const olds = push.updates.map(update => update.old).filter(id => !isZero(id));
  if (!push.updates.some(isCreation)) return olds;
  const asked = new Set(push.updates.map(update => update.ref));
  const others = [...(await readRefs(git))].flatMap(([ref, id]) => (asked.has(ref) ? [] : [id]));
  return [...olds, ...others];
}

async function facts(
  git: Git,
  push: Push,
  updates: readonly RefUpdate[],
  kinds: ReadonlyMap<string, ObjectKind>,
  history: readonly HistoryCommit[],
): Promise<PlanFacts> {
  const commitOf = (id: string) => kinds.get(id)?.commit;
  const ancestry = await readAncestry(git, questionable(updates), commitOf, history);
  const changes = refChanges(
    updates,
    update => ancestry.get(update) ?? { oldInNew: false, newInOld: false },
    id => kinds.get(id)?.type === 'tag',
  );
  return { push, changes, history, lostHistory: await readLost(git, changes, commitOf), commitOf };
}

async function readAncestry(
  git: Git,
  updates: readonly RefUpdate[],
  commitOf: (id: string) => string | undefined,
  history: readonly HistoryCommit[],
): Promise<Map<RefUpdate, Ancestry>> {
  const parents = new Map(history.map(commit => [commit.id, commit.parents]));
  const found = new Map<RefUpdate, Ancestry>();
  for (const update of updates) {
    const [older, newer] = [commitOf(update.old), commitOf(update.new)];
    if (older === undefined || newer === undefined) continue;
    const oldInNew = reaches(parents, newer, older) || (await isAncestor(git, older, newer));
    found.set(update, { oldInNew, newInOld: !oldInNew && (await isAncestor(git, newer, older)) });
  }
  return found;
}

/** Looks among the new commits alone, where the answer lies for nearly every push, before git is asked. */
function reaches(parents: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const open = [from];
  const visited = new Set(open);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    for (const parent of parents.get(id) ?? []) {
      if (!visited.has(parent)) open.push(parent);
      visited.add(parent);
    }
  }
  return false;
}

/** The commits that the old values of deleted, rewound and forced refs reach, and no ref does any more. */
async function readLost(
  git: Git,
  changes: readonly RefChange[],
  commitOf: (id: string) => string | undefined,
): Promise<HistoryCommit[]> {
  const losers = changes.filter(
    change => isDeletion(change) || change.move === 'rewound' || change.move === 'forced',
  );
  const olds = losers.flatMap(change => commitOf(change.old) ?? []);
  if (olds.length === 0) return [];
  const kept = (await readRefs(git)).values();
  return readHistory(git, olds, [...kept, ...changes.flatMap(change => commitOf(change.new) ?? [])]);
}
