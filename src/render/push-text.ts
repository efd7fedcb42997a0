import type { Rewrite } from '../model/commit.ts';
import type { DigestContent, Headlines, SummaryContent, TagStory } from '../model/content.ts';
import type { Links } from '../model/links.ts';
import { counted } from '../model/numbers.ts';
import type { RefMove } from '../model/push.ts';
import type { RefStory } from '../model/push-plan.ts';
import { signatureText } from './commit-text.ts';
import { commitLink, compareLink, tagLink } from './links.ts';
import { id7, id9, LABEL } from './preamble.ts';
import { typedRef } from './styles.ts';
import { titleOf } from './subject.ts';
import type { RenderContext } from './templates.ts';
import { shortLine, visible, visibleLine } from './visible.ts';

/** Commits that a list shows; it ends with the number of the others. */
const LISTED = 100;
/** Refs whose changes are described; the preamble has them all. */
const STORIES = 100;

/** What the template of a summary gets: what became of the refs. */
export function summaryValues(content: SummaryContent, context: RenderContext) {
  const { stories } = content.notice;
  return {
    title: shortLine(titleOf(content, context)),
    stories: stories.slice(0, STORIES).map(story => storyValues(story, content, context.links)),
    moreStories: Math.max(0, stories.length - STORIES),
  };
}

function storyValues(story: RefStory, content: SummaryContent, links?: Links) {
  const { headlines, tags, rewrites } = content;
  const { change, tip } = story;
  const tag = tags.get(change.new);
  return {
    what: LABEL[change.kind],
    ref: visibleLine(change.ref),
    ...typedRef(change),
    old: id9(change.old),
    new: id9(change.new),
    annotated: change.annotated,
    isTag: change.kind === 'tag' || change.annotated,
    old7: id7(change.old),
    new7: id7(change.new),
    ...Object.fromEntries(MOVES.map(move => [move, change.move === move])),
    compare: story.gone ? null : compareLink(links, change),
    page: tagLink(links, change),
    tip: tip === undefined ? null : line(tip, headlines),
    tag: tag ? tagValues(tag, headlines) : null,
    gone: (story.gone ?? []).map(id9),
    brings: story.brings ? bringsValues(story, story.brings, content) : null,
    rewrites: rewrites.get(change.ref)?.map(rewriteValues) ?? [],
    lost: story.lost.slice(0, LISTED).map(id => line(id, headlines)),
    moreLost: Math.max(0, story.lost.length - LISTED),
    kept: story.kept.slice(0, LISTED).map(id => line(id, headlines)),
    moreKept: Math.max(0, story.kept.length - LISTED),
    keptAll:
      change.kind === 'branch' && LOSING.includes(change.move) && story.lost.length === 0 && !story.gone,
  };
}

/** The moves after which people ask what became of the commits. */
const LOSING: readonly RefMove[] = ['deleted', 'rewound', 'forced'];
const MOVES: readonly RefMove[] = ['created', 'updated', ...LOSING];

function line(id: string, headlines: Headlines) {
  return { shortId: id9(id), id7: id7(id), subject: shortLine(headlines.get(id)?.subject ?? '') };
}

/** What a ref has now that it had not, and what it had, where its summary lists that: in git-multimail's words and column. */
function bringsValues(
  { change, lost, kept }: RefStory,
  { commits: fresh, mailed }: Required<RefStory>['brings'],
  { headlines, moves }: SummaryContent,
) {
  const listed = (ids: readonly string[], wordOf: (id: string) => string) =>
    ids.flatMap(id => {
      const word = wordOf(id);
      return headlines.has(id) ? [{ word, column: word.padStart(8), ...line(id, headlines) }] : [];
    });
  const [isNew, isLost] = [new Set(fresh), new Set(lost)];
  const {
    from,
    added = fresh,
    gone = lost.slice(0, LISTED).toReversed(),
    stat = '',
  } = moves.get(change.ref) ?? {};
  const commits = listed(added, id => (isNew.has(id) ? 'new' : 'add'));
  const left = listed(gone, id => (isLost.has(id) ? 'discard' : 'omit'));
  return {
    from: from === undefined ? null : line(from, headlines),
    left,
    moreLeft: Math.max(0, lost.length + kept.length - left.length),
    commits,
    more: Math.max(0, fresh.length - commits.length),
    count: fresh.length,
    news: counted(fresh.length, 'commit'),
    mailed,
    allMailed: mailed === fresh.length,
    stat: visible(stat),
  };
}

const SIGN: Readonly<Record<Rewrite['fate'], string>> = { same: '=', changed: '!', gone: '<', added: '>' };

function rewriteValues(rewrite: Rewrite) {
  const id = (name: string | undefined) => (name === undefined ? '---------' : id9(name));
  return {
    old: id(rewrite.old),
    sign: SIGN[rewrite.fate],
    new: id(rewrite.new),
    subject: shortLine(rewrite.subject),
  };
}

function tagValues({ tag, since }: TagStory, headlines: Headlines) {
  return {
    target: tag.target,
    targetType: tag.targetType,
    tagger: tag.tagger ? visibleLine(`${tag.tagger.name} <${tag.tagger.email}>`) : null,
    date: tag.tagger?.date ?? null,
    signed: tag.signed,
    signature: tag.signature ? signatureText(tag.signature) : null,
    message: visible(tag.message),
    previous: since ? visibleLine(since.tag) : null,
    authors: since ? byAuthor(since.commits.slice(-LISTED), headlines) : [],
    moreSince: since !== undefined && since.commits.length > LISTED,
  };
}

/** As git-shortlog(1) has it: authors by name, the subjects of each oldest first. */
function byAuthor(commits: readonly string[], headlines: Headlines) {
  const authors = new Map<string, string[]>();
  for (const id of commits) {
    const headline = headlines.get(id);
    const name = shortLine(headline?.authorName ?? '');
    authors.set(name, [...(authors.get(name) ?? []), shortLine(headline?.subject ?? '')]);
  }
  return [...authors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, subjects]) => ({ name, count: subjects.length, subjects }));
}

/** What the template of a digest gets: the one mail that stands for the commits of a push. */
export function digestValues(content: DigestContent, context: RenderContext) {
  const { notice, headlines } = content;
  const { config, links } = context;
  const { groups, because, count } = notice;
  return {
    title: shortLine(titleOf(content, context)),
    count,
    limit: config.maxMails,
    asked: because === 'asked',
    groups: groups.map(({ change, commits, unlisted }) => ({
      ref: visibleLine(change.ref),
      compare: compareLink(links, change),
      count: commits.length + unlisted,
      unlisted,
      commits: commits.map(id => {
        const { authorName = '', shortstat = null } = headlines.get(id) ?? {};
        const link = commitLink(links, id);
        return { ...line(id, headlines), authorName: shortLine(authorName), link, shortstat };
      }),
    })),
  };
}
