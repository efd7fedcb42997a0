import { isCreation, isDeletion, isZero, type RefChange, type RefUpdate, refKind } from '../model/push.ts';
import { type PushFacts, type RefStory, stepName } from '../model/push-plan.ts';

type RefFacts = Pick<PushFacts, 'losses' | 'commitOf' | 'typeOf'>;

/** What else those hear to whom stories are told. */
interface Heard {
  /** True where commits are told at all. */
  readonly hearsCommits: boolean;
  /** True where this push has some. */
  readonly hasCommitMails: boolean;
  /** False for a new ref of which no commit is told, since the audience chooses others. */
  readonly hearsOf: (change: RefChange) => boolean;
}

/**
 * What there is to tell about the refs of a push that no commit mail tells. A ref that only went forward over known commits
 * stands in the preamble of the first mail; it is a story where there is no other mail.
 */
export function refStories(
  changes: readonly RefChange[],
  facts: RefFacts & Pick<PushFacts, 'history'>,
  heard: Heard,
): RefStory[] {
  const news = new Set(facts.history.map(commit => commit.id));
  return changes
    .filter(change => isStory(change, news.has(facts.commitOf(change.new) ?? ''), heard))
    .map(change => storyOf(change, facts));
}

export function storyOf(change: RefChange, facts: RefFacts): RefStory {
  const tip = facts.commitOf(change.move === 'deleted' ? change.old : change.new);
  const { lost = [], kept = [] } = facts.losses.get(stepName(change)) ?? {};
  const gone = [change.old, change.new].filter(id => !isZero(id) && facts.typeOf(id) === 'missing');
  const names = { ...(tip === undefined ? {} : { tip }), ...(gone.length > 0 ? { gone } : {}) };
  return { change, lost, kept, ...names };
}

function isStory(change: RefChange, bringsNews: boolean, heard: Heard): boolean {
  const { kind, move, annotated } = change;
  // Who hears no commits knows nothing of a ref but from here; a branch that only goes forward is nothing else than its commits.
  if (!heard.hearsCommits) return move !== 'updated' || kind === 'tag' || annotated;
  if (move === 'created') return annotated || !bringsNews || !heard.hearsOf(change);
  return move !== 'updated' || annotated || (!bringsNews && !heard.hasCommitMails);
}

/** Puts a name to each update. */
export function refChanges(updates: readonly RefUpdate[], facts: RefFacts): RefChange[] {
  return updates.map(update => ({
    ...update,
    kind: refKind(update.ref),
    move: moveOf(update, facts),
    annotated: facts.typeOf(isZero(update.new) ? update.old : update.new) === 'tag',
  }));
}

function moveOf(update: RefUpdate, { losses, commitOf, typeOf }: RefFacts) {
  if (isCreation(update)) return 'created';
  if (isDeletion(update)) return 'deleted';
  const loss = losses.get(stepName(update));
  if (loss) return loss.rewound ? 'rewound' : 'forced';
  // Of a value that git no longer has nobody knows whether anything was lost with it.
  if (typeOf(update.new) === 'missing') return 'updated';
  return commitOf(update.old) !== undefined && commitOf(update.new) !== undefined ? 'updated' : 'forced';
}
