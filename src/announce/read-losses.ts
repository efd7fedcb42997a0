import { unlessRefused } from '../git/failure.ts';
import type { Git } from '../git/git.ts';
import { type History, readHistory, relationTo } from '../git/history.ts';
import type { HistoryCommit } from '../model/history.ts';
import { isCreation, isDeletion, type RefUpdate } from '../model/push.ts';
import { type Losses, MOST_KEPT, type PushFacts, stepName } from '../model/push-plan.ts';
import { carry } from '../plan/carry.ts';

/** What is still there when commits are lost. */
export interface Kept {
  readonly kept: readonly string[];
  /** Refs that are not announced: where clocks ran back in what only these reach, nobody knows. */
  readonly others: readonly string[];
  /** Where they did in what `kept` reaches; undefined where that is not known. */
  readonly skews: PushFacts['skews'];
}

interface Loser {
  readonly change: RefUpdate;
  /** The commit that the ref had. */
  readonly commit: string;
  /** The one that it has; absent where it is deleted. */
  readonly present: string | undefined;
  readonly rewound: boolean;
}

/**
 * What each step takes away from its ref, by the name of the step: commits that nothing reaches any more, and those that others keep. A
 * step that only goes forward, or of which git has not both ends, is missing from the answer.
 *
 * @param keptAfter what is still reached; asked for only where something is lost
 */
export async function readLosses(
  git: Git,
  steps: readonly RefUpdate[],
  { history, skews, commitOf }: Pick<PushFacts, 'history' | 'skews' | 'commitOf'>,
  keptAfter: () => Promise<Kept>,
): Promise<Map<string, Losses>> {
  const parents = new Map(history.map(commit => [commit.id, commit.parents]));
  const losers: Loser[] = [];
  for (const change of steps) {
    const [commit, present] = [commitOf(change.old), commitOf(change.new)];
    if (isCreation(change) || commit === undefined) continue;
    if (isDeletion(change)) losers.push({ change, commit, present, rewound: false });
    if (present === undefined || reaches(parents, present, commit)) continue;
    const relation = await relationTo(git, commit, present);
    if (relation !== 'after') losers.push({ change, commit, present, rewound: relation === 'before' });
  }
  if (losers.length === 0) return new Map();
  const after = await keptAfter();
  const olds = losers.map(({ commit }) => commit);
  const lost = carry(await lostBy(git, olds, after), losers);
  const losses = new Map<string, Losses>();
  for (const { change, commit, present, rewound } of losers) {
    const gone = new Set(lost.find(group => group.change === change)?.commits);
    const had = present === undefined ? [] : await onlyIn(git, [commit], [present], skews);
    const others = had.flatMap(({ id }) => (gone.has(id) ? [] : [id]));
    losses.set(stepName(change), { rewound, lost: [...gone], kept: others.slice(-MOST_KEPT) });
  }
  return losses;
}

async function lostBy(git: Git, olds: readonly string[], { kept, others, skews }: Kept) {
  const lost = await onlyIn(git, olds, kept, skews);
  if (lost.length === 0 || others.length === 0) return lost;
  const elsewhere = await onlyIn(git, others, kept, skews);
  const known = new Set(elsewhere.map(({ id }) => id));
  return lost.filter(({ id }) => !known.has(id));
}

/** Looks among the new commits alone, where the answer lies for nearly every push, before git is asked. */
function reaches(parents: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const reached = new Set([from]);
  for (const id of reached) for (const parent of parents.get(id) ?? []) reached.add(parent);
  return reached.has(to);
}

/** Nothing where git no longer has all of it. */
async function onlyIn(
  git: Git,
  tips: readonly string[],
  without: readonly string[],
  skews: PushFacts['skews'],
): Promise<readonly HistoryCommit[]> {
  const history = await unlessRefused<History | undefined>(readHistory(git, tips, without, skews), undefined);
  return history?.commits ?? [];
}
