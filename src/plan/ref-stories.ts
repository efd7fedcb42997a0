import { type PushFacts, stepName } from '../model/push-facts.ts';
import type { RefStory } from '../model/push-plan.ts';
import type { RefChange } from '../model/ref-change.ts';
import { isZero } from '../model/ref-update.ts';

type StoryFacts = Pick<PushFacts, 'history' | 'losses' | 'commitOf' | 'typeOf'>;

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
      const { lost = [], kept = [] } = facts.losses.get(stepName(change)) ?? {};
      const gone = [change.old, change.new].filter(id => !isZero(id) && facts.typeOf(id) === 'missing');
      return {
        change,
        ...(tip === undefined ? {} : { tip }),
        lost,
        kept,
        ...(gone.length > 0 ? { gone } : {}),
      };
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
