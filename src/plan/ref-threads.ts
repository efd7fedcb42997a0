import { noticeName } from '../model/edition.ts';
import type { RefChange } from '../model/push.ts';
import type { Notice, PushFacts, RefStory } from '../model/push-plan.ts';
import { storyOf } from './ref-stories.ts';

/** What is told of a ref. */
interface RefNews {
  readonly change: RefChange;
  /** False where its summary is not heard. */
  readonly isHeard: boolean;
  /** The new commits that it carries, oldest first. */
  readonly carried: readonly string[];
  /** Those of them that get a mail each. */
  readonly mailed: readonly string[];
}

/**
 * Gives each ref a thread of its own: first a summary of all that it brings, then the mails of its commits, which answer it and are numbered for
 * themselves. A branch that goes forward by one commit gets one mail about both.
 */
export function refThreads(
  refs: readonly RefNews[],
  facts: Pick<PushFacts, 'losses' | 'commitOf' | 'typeOf' | 'history'>,
): Notice[] {
  return refs.flatMap(({ change, isHeard, carried, mailed }) => {
    const brings = { commits: carried, mailed: mailed.length };
    const story: RefStory | undefined = isHeard ? { ...storyOf(change, facts), brings } : undefined;
    const [first = ''] = mailed;
    if (story && isAll(first, change, facts)) return [{ kind: 'commit', commit: first, change, story }];
    const start: Notice[] = story ? [{ kind: 'summary', stories: [story], ref: change.ref }] : [];
    const thread = start[0] ? noticeName(start[0]) : first;
    const total = mailed.length;
    const mails = mailed.map((commit, at): Notice => {
      return { kind: 'commit', commit, change, place: { number: at + 1, total, thread } };
    });
    return [...start, ...mails];
  });
}

/** True for a commit that is all by which a branch goes forward. */
function isAll(
  id: string,
  { kind, move, old, new: fresh }: RefChange,
  { history, commitOf }: Pick<PushFacts, 'history' | 'commitOf'>,
): boolean {
  if (kind !== 'branch' || move !== 'updated' || commitOf(fresh) !== id) return false;
  return history.find(commit => commit.id === id)?.parents.join() === commitOf(old);
}
