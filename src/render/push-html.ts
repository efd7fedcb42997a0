import type { SummaryContent } from '../model/content.ts';
import { proseOf } from './prose.ts';
import { summaryValues } from './push-text.ts';
import { titleOf } from './subject.ts';
import type { RenderContext } from './templates.ts';
import { shortLine } from './visible.ts';

/** Signs of a range-diff in words. */
const FATE: Readonly<Record<string, string>> = { '=': 'same', '!': 'changed', '<': 'gone', '>': 'new' };

/** What the HTML template of a summary gets: what the text has, of so many of its stories at the most, and that in words. */
export function summaryHtmlValues(content: SummaryContent, context: RenderContext, most: number) {
  const { notice } = content;
  const some = { ...content, notice: { ...notice, stories: notice.stories.slice(0, most) } };
  const { stories } = summaryValues(some, context);
  return {
    title: shortLine(titleOf(content, context)),
    stories: stories.map(story => ({
      ...story,
      brings: story.brings && newest(story.brings),
      tag: story.tag && { ...story.tag, ...proseOf(story.tag.message) },
      rewrites: story.rewrites.map(each => ({ ...each, fate: FATE[each.sign] ?? each.sign })),
    })),
    moreStories: notice.stories.length - stories.length,
  };
}

/** Commits of a ref that its table has. */
const ROWS = 100;

type Brings = Exclude<ReturnType<typeof summaryValues>['stories'][number]['brings'], null>;

function newest(brings: Brings): Brings {
  const { commits, more } = brings;
  return { ...brings, commits: commits.slice(-ROWS), more: more + Math.max(0, commits.length - ROWS) };
}
