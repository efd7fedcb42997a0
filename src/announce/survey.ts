import type { Git } from '../git/git.ts';
import {
  commitsOnlyIn,
  isAncestor,
  matchingCommits,
  type ObjectKind,
  readHistory,
  readKinds,
  readRefs,
} from '../git/questions.ts';
import type { HistoryCommit } from '../model/history-commit.ts';
import type { Ledger, LedgerMove, RefScope } from '../model/ledger.ts';
import type { Push } from '../model/push.ts';
import { MOST_KEPT } from '../model/push-plan.ts';
import { isForced, type RefChange } from '../model/ref-change.ts';
import { isCreation, isZero, type RefUpdate } from '../model/ref-update.ts';
import { announcedOnly, isAnnounced } from '../plan/announced-refs.ts';
import { carry } from '../plan/carry.ts';
import type { PlanFacts } from '../plan/plan-push.ts';
import { type Ancestry, questionable, refChanges } from '../plan/ref-changes.ts';
import type { Losses } from '../plan/ref-stories.ts';
import { settlePush, unchained } from '../plan/settle-push.ts';

/** What git has to say about a push: the facts for the plan, and the ledger's move. */
export interface Survey {
  readonly facts: PlanFacts;
  /** Absent for a `notify`. */
  readonly move?: LedgerMove;
}

export interface SurveyPolicy extends RefScope {
  /** True where a commit may ask not to be mailed. */
  readonly trailers: boolean;
}

/** Asks git about a push: a constant number of questions for each ref at the most, however many commits it brings. */
export async function survey(git: Git, push: Push, ledger: Ledger, policy: SurveyPolicy): Promise<Survey> {
  const updates = announcedUpdates(push, policy);
  const kinds = await readKinds(git, objectNames(updates, ledger));
  const commitOf = (id: string) => kinds.get(id)?.commit;
  const tips = updates.flatMap(update => commitOf(update.new) ?? []);
  const history = await readHistory(git, tips, await seenBy(git, push, ledger, policy));
  const muted = policy.trailers ? await readMuted(git, history) : new Set<string>();
  if (push.kind === 'notify')
    return { facts: { ...(await facts(git, push, updates, kinds, history)), muted } };
  const news = new Set(history.map(commit => commit.id));
  const settled = settlePush(updates, ledger, {
    isNew: id => news.has(commitOf(id) ?? ''),
    refsNow: unchained(updates, ledger).length > 0 ? await readRefs(git) : new Map(),
  });
  return {
    facts: { ...(await facts(git, push, settled.updates, kinds, history)), muted },
    move: settled.move,
  };
}

/** The last update of each ref that is announced. What a person asks for by name is announced in any case. */
function announcedUpdates(push: Push, policy: RefScope): RefUpdate[] {
  const last = [...new Map(push.updates.map(update => [update.ref, update])).values()];
  if (push.kind === 'notify') return last.filter(update => update.old !== update.new);
  return last.filter(update => isAnnounced(update.ref, policy));
}

/** `[nomail]` anywhere in the message, or a trailer `Mail: none`. */
const MUTE = '\\[nomail\\]|^Mail: *none *$';

function readMuted(git: Git, history: readonly HistoryCommit[]): Promise<Set<string>> {
  return matchingCommits(
    git,
    history.map(commit => commit.id),
    MUTE,
  );
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
async function seenBy(git: Git, push: Push, ledger: Ledger, policy: RefScope): Promise<string[]> {
  if (push.kind === 'push') return [...ledger.refs.values()];
  const olds = push.updates.map(update => update.old).filter(id => !isZero(id));
  if (!push.updates.some(isCreation)) return olds;
  const asked = new Set(push.updates.map(update => update.ref));
  const others = [...announcedOnly(await readRefs(git), policy)].flatMap(([ref, id]) =>
    asked.has(ref) ? [] : [id],
  );
  return [...olds, ...others];
}

async function facts(
  git: Git,
  push: Push,
  updates: readonly RefUpdate[],
  kinds: ReadonlyMap<string, ObjectKind>,
  history: readonly HistoryCommit[],
): Promise<Omit<PlanFacts, 'muted'>> {
  const commitOf = (id: string) => kinds.get(id)?.commit;
  const ancestry = await readAncestry(git, questionable(updates), commitOf, history);
  const changes = refChanges(
    updates,
    update => ancestry.get(update) ?? { oldInNew: false, newInOld: false },
    id => kinds.get(id)?.type === 'tag',
  );
  return { push, changes, history, losses: await readLosses(git, changes, commitOf), commitOf };
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

/** What deleted, rewound and forced refs had and have no more: what no ref reaches now, and what others keep. */
async function readLosses(
  git: Git,
  changes: readonly RefChange[],
  commitOf: (id: string) => string | undefined,
): Promise<Map<string, Losses>> {
  const losers = changes
    .filter(change => change.move === 'deleted' || isForced(change))
    .flatMap(change => {
      const old = commitOf(change.old);
      return old === undefined ? [] : [{ change, commit: old }];
    });
  const losses = new Map<string, Losses>();
  if (losers.length === 0) return losses;
  const reached = [
    ...(await readRefs(git)).values(),
    ...changes.flatMap(change => commitOf(change.new) ?? []),
  ];
  const lost = carry(
    await readHistory(
      git,
      losers.map(({ commit }) => commit),
      reached,
    ),
    losers,
  );
  for (const { change, commit } of losers) {
    const gone = new Set(lost.find(group => group.change === change)?.commits);
    const present = commitOf(change.new);
    const had = present === undefined ? [] : await commitsOnlyIn(git, commit, present, gone.size + MOST_KEPT);
    losses.set(change.ref, { lost: [...gone], kept: had.filter(id => !gone.has(id)).reverse() });
  }
  return losses;
}
