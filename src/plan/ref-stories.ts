import type { HistoryCommit } from '../model/history-commit.ts';
import type { RefStory } from '../model/push-plan.ts';
import type { RefChange } from '../model/ref-change.ts';

/** The commits that a ref had and has no more, oldest first. */
export interface Losses {
  /** No ref reaches them. */
  readonly lost: readonly string[];
  /** Other refs reach them. */
  readonly kept: readonly string[];
}

interface StoryFacts {
  readonly history: readonly HistoryCommit[];
  readonly losses: ReadonlyMap<string, Losses>;
  readonly commitOf: (id: string) => string | undefined;
}

/**
 * What there is to tell about the refs of a push that no commit mail tells. A ref that only went forward over known commits
 * stands in the preamble of the first mail; it is a story where there is no other mail.
 */
export function refStories(
  changes: readonly RefChange[],
  facts: StoryFacts,
  hasCommitMails: boolean,
): RefStory[] {
  const news = new Set(facts.history.map(commit => commit.id));
  return changes
    .filter(change => isStory(change, news.has(facts.commitOf(change.new) ?? ''), hasCommitMails))
    .map(change => {
      const tip = facts.commitOf(change.move === 'deleted' ? change.old : change.new);
      const losses = facts.losses.get(change.ref) ?? { lost: [], kept: [] };
      return { change, ...(tip === undefined ? {} : { tip }), ...losses };
    });
}

function isStory(change: RefChange, bringsNews: boolean, hasCommitMails: boolean): boolean {
  switch (change.move) {
    case 'deleted':
    case 'rewound':
    case 'forced':
      return true;
    case 'created':
      return change.annotated || !bringsNews;
    case 'updated':
      return change.annotated || (!bringsNews && !hasCommitMails);
  }
}
