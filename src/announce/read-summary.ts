import type { Git } from '../git/git.ts';
import { readHistory } from '../git/history.ts';
import { previousTag } from '../git/questions.ts';
import { readHeadlines } from '../git/read-headlines.ts';
import { readRewrites } from '../git/read-rewrites.ts';
import { readTags } from '../git/tags.ts';
import type { Rewrite } from '../model/commit.ts';
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
  const { stories } = notice;
  const tags = await readTagStories(git, stories, skews);
  const rewrites = await readAllRewrites(git, stories, skews);
  const listed = stories.flatMap(({ tip, lost, kept }) => [
    ...(tip === undefined ? [] : [tip]),
    ...lost.slice(0, MOST_COMMITS),
    ...kept.slice(0, MOST_COMMITS),
  ]);
  const since = [...tags.values()].flatMap(({ since }) => since?.commits ?? []);
  return { notice, headlines: await readHeadlines(git, [...new Set([...listed, ...since])]), tags, rewrites };
}

async function readTagStories(git: Git, stories: readonly RefStory[], skews: Skews) {
  const tagged = stories.filter(({ change }) => change.annotated && change.move !== 'deleted');
  const ids = tagged.map(({ change }) => change.new);
  const tags = await readTags(git, ids);
  const read = new Map<string, TagStory>();
  for (const [index, { change, tip }] of tagged.entries()) {
    const tag = tags.get(change.new);
    const end = index < MOST_STORIES && tag?.targetType === 'commit' ? tip : undefined;
    if (tag) read.set(tag.id, { tag, ...(end === undefined ? {} : await readSince(git, end, skews)) });
  }
  return read;
}

async function readSince(git: Git, tip: string, skews: Skews): Promise<Pick<TagStory, 'since'>> {
  const previous = await previousTag(git, tip);
  if (previous === undefined) return {};
  const { commits } = await readHistory(git, [tip], [previous.commit], skews);
  return { since: { tag: previous.name, commits: commits.slice(-MOST_COMMITS - 1).map(({ id }) => id) } };
}

async function readAllRewrites(git: Git, stories: readonly RefStory[], skews: Skews) {
  const rewrites = new Map<string, readonly Rewrite[]>();
  const forced = stories.filter(
    ({ change, gone }) => change.move === 'forced' && change.kind !== 'tag' && !gone,
  );
  for (const { change } of forced.slice(0, MOST_STORIES)) {
    const had = await readHistory(git, [change.old], [change.new], skews);
    const added = await readHistory(git, [change.new], [change.old], skews);
    if (Math.max(had.printed, added.printed) > MOST_COMMITS) continue;
    const ids = new Set([...had.commits, ...added.commits].map(({ id }) => id));
    rewrites.set(change.ref, await readRewrites(git, change, ids));
  }
  return rewrites;
}
