import type { Headline } from '../model/headline.ts';
import type { PushPlan } from '../model/push-plan.ts';
import type { Tag } from '../model/tag.ts';
import type { RenderContext } from './context.ts';
import { id9 } from './ids.ts';
import { preamble } from './preamble.ts';
import { visible, visibleLine } from './visible.ts';

/** Lost commits that are listed one by one, a ref. */
const LISTED = 100;

/** The body of the mail about a push that brings no commits: what became of its refs. */
export function summaryText(
  plan: PushPlan,
  headlines: ReadonlyMap<string, Headline>,
  tags: ReadonlyMap<string, Tag>,
  context: RenderContext,
): string {
  return context.templates('summary', {
    repository: visibleLine(context.repositoryName),
    ...preamble(plan.changes),
    annotations: plan.changes.flatMap(change => {
      const tag = tags.get(change.new);
      return tag ? [annotation(change.ref, tag)] : [];
    }),
    lost: plan.lost.map(group => ({
      ref: visibleLine(group.change.ref),
      commits: group.commits.slice(0, LISTED).map(id => ({
        shortId: id9(id),
        subject: visibleLine(headlines.get(id)?.subject ?? ''),
      })),
      more: Math.max(0, group.commits.length - LISTED),
    })),
  });
}

function annotation(ref: string, tag: Tag) {
  return {
    ref: visibleLine(ref),
    target: tag.target,
    targetType: tag.targetType,
    tagger: tag.tagger ? visibleLine(`${tag.tagger.name} <${tag.tagger.email}>`) : 'unknown',
    date: tag.tagger?.date ?? 'unknown',
    signed: tag.signed,
    message: visible(tag.message),
  };
}
