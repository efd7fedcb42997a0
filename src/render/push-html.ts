import type { DigestContent, SummaryContent } from '../model/content.ts';
import { proseOf } from './prose.ts';
import { digestValues, summaryValues } from './push-text.ts';
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
    title: shortLine(titleOf(content)),
    stories: stories.map(story => ({
      ...story,
      tag: story.tag && { ...story.tag, ...proseOf(story.tag.message) },
      rewrites: story.rewrites.map(each => ({ ...each, fate: FATE[each.sign] ?? each.sign })),
    })),
    moreStories: notice.stories.length - stories.length,
  };
}

/** The same of a digest. */
export function digestHtmlValues(content: DigestContent, context: RenderContext) {
  return { title: shortLine(titleOf(content)), ...digestValues(content, context) };
}
