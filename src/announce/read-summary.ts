import { randomBytes } from 'node:crypto';
import type { Git } from '../git/git.ts';
import { readHistory } from '../git/history.ts';
import { previousTag } from '../git/questions.ts';
import { readHeadlines } from '../git/read-headlines.ts';
import { readRewrites } from '../git/read-rewrites.ts';
import { readTags } from '../git/read-tags.ts';
import type { Rewrite, Tag } from '../model/commit.ts';
import type { Content, TagStory } from '../model/content.ts';
import type { Notice, PushFacts, RefStory } from '../model/push-plan.ts';

type Skews = PushFacts['skews'];
type SummaryNotice = Extract<Notice, { kind: 'summary' }>;

/** A push may tag or force thousands of refs: for so many of them git is asked for more than their names. */
const MOST_STORIES = 10;
/** Commits of a stretch that are compared or listed one by one. */
const MOST_COMMITS = 100;

/**
 * Reads from git what a summary tells: tags with what came since the one before, and what became of rewritten commits.
 * @param skews of all that the refs had and have; undefined where that is not known
 */
export async function readSummary(git: Git, notice: SummaryNotice, skews: Skews): Promise<Content> {
  const tags = await readTagStories(git, notice.stories, skews);
  const rewrites = await readAllRewrites(git, notice.stories, skews);
  const listed = notice.stories.flatMap(story => [
    ...(story.tip === undefined ? [] : [story.tip]),
    ...story.lost.slice(0, MOST_COMMITS),
    ...story.kept.slice(0, MOST_COMMITS),
  ]);
  const since = [...tags.values()].flatMap(({ since }) => since?.commits ?? []);
  return { notice, headlines: await readHeadlines(git, [...new Set([...listed, ...since])]), tags, rewrites };
}

async function readTagStories(
  git: Git,
  stories: readonly RefStory[],
  skews: Skews,
): Promise<Map<string, TagStory>> {
  const tagged = stories.filter(({ change }) => change.annotated && change.move !== 'deleted');
  const tags = await readTags(
    git,
    tagged.map(({ change }) => change.new),
    randomBytes(16).toString('hex'),
  );
  const read = new Map<string, TagStory>();
  for (const [index, story] of tagged.entries()) {
    const tag = tags.get(story.change.new);
    if (tag)
      read.set(tag.id, { tag, ...(index < MOST_STORIES ? await readSince(git, story, tag, skews) : {}) });
  }
  return read;
}

async function readSince(
  git: Git,
  { tip }: RefStory,
  tag: Tag,
  skews: Skews,
): Promise<Pick<TagStory, 'since'>> {
  if (tip === undefined || tag.targetType !== 'commit') return {};
  const previous = await previousTag(git, tip);
  if (previous === undefined) return {};
  const { commits } = await readHistory(git, [tip], [previous.commit], skews);
  return { since: { tag: previous.name, commits: commits.slice(-MOST_COMMITS - 1).map(({ id }) => id) } };
}

async function readAllRewrites(
  git: Git,
  stories: readonly RefStory[],
  skews: Skews,
): Promise<Map<string, readonly Rewrite[]>> {
  const rewrites = new Map<string, readonly Rewrite[]>();
  const forced = stories.filter(
    ({ change, gone }) => change.move === 'forced' && change.kind !== 'tag' && !gone,
  );
  for (const { change } of forced.slice(0, MOST_STORIES)) {
    const had = await readHistory(git, [change.old], [change.new], skews);
    const added = await readHistory(git, [change.new], [change.old], skews);
    if (Math.max(had.printed, added.printed) <= MOST_COMMITS) {
      rewrites.set(
        change.ref,
        await readRewrites(git, change, new Set([...had.commits, ...added.commits].map(({ id }) => id))),
      );
    }
  }
  return rewrites;
}
