import type { Git } from '../git/git.ts';
import { readHistory } from '../git/history.ts';
import { previousTag, readKinds, statBetween } from '../git/questions.ts';
import { readHeadlines } from '../git/read-headlines.ts';
import { readRewrites } from '../git/read-rewrites.ts';
import { readTags } from '../git/tags.ts';
import type { Rewrite } from '../model/commit.ts';
import type { Content, MoveStory, TagStory } from '../model/content.ts';
import type { RefChange, RefMove } from '../model/push.ts';
import type { Notice, PushFacts, RefStory } from '../model/push-plan.ts';

type Skews = PushFacts['skews'];
type SummaryNotice = Extract<Notice, { kind: 'summary' }>;

/** A push may tag or force thousands of refs: for so many of them git is asked for more than their names. */
const MOST_STORIES = 10;
/** Commits of a stretch that are compared or listed one by one. */
const MOST_COMMITS = 100;
/** Commits that the summary of one ref lists. */
const MOST_LISTED = 500;

/**
 * Reads from git what a summary tells: tags with what came since the one before, and what became of rewritten commits.
 * @param skews of all that the refs had and have; undefined where that is not known
 */
export async function readSummary(git: Git, notice: SummaryNotice, skews: Skews): Promise<Content> {
  const { stories } = notice;
  const tags = await readTagStories(git, stories, skews);
  const rewrites = await readAllRewrites(git, stories, skews);
  const moves = await readMoves(git, stories, skews);
  const listed = stories.flatMap(({ tip, lost, kept, brings }) => [
    ...(tip === undefined ? [] : [tip]),
    ...lost.slice(0, MOST_COMMITS),
    ...kept.slice(0, MOST_COMMITS),
    ...(brings ? brings.commits.slice(-MOST_LISTED) : []),
  ]);
  const since = [...tags.values()].flatMap(({ since }) => since?.commits ?? []);
  const moved = [...moves.values()].flatMap(({ from, added, gone }) => [from, ...added, ...gone]);
  const headlines = await readHeadlines(git, [...new Set([...listed, ...since, ...moved])]);
  return { notice, headlines, tags, rewrites, moves };
}

/** Of refs that have a summary of their own, and had a commit before. */
async function readMoves(git: Git, stories: readonly RefStory[], skews: Skews) {
  const moves = new Map<string, MoveStory>();
  for (const { change, tip, brings, gone } of stories) {
    if (!brings || gone || tip === undefined || !MOVES.has(change.move)) continue;
    const [had, has] = await commitsOf(git, change);
    if (had === undefined || has === undefined) continue;
    const added = await readHistory(git, [has], [had], skews);
    const left = change.move === 'updated' ? [] : (await readHistory(git, [had], [has], skews)).commits;
    moves.set(change.ref, {
      from: had,
      added: added.commits.slice(-MOST_LISTED).map(({ id }) => id),
      gone: left
        .map(({ id }) => id)
        .slice(-MOST_LISTED)
        .reverse(),
      stat: await statBetween(git, had, has),
    });
  }
  return moves;
}

const MOVES: ReadonlySet<RefMove> = new Set<RefMove>(['updated', 'rewound', 'forced']);

async function commitsOf(git: Git, { old, new: fresh }: RefChange) {
  const kinds = await readKinds(git, [old, fresh]);
  return [old, fresh].map(id => kinds.get(id)?.commit);
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
