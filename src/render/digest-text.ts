import type { Headline } from '../model/headline.ts';
import type { Notice, PushPlan } from '../model/push-plan.ts';
import type { RenderContext } from './context.ts';
import { id9 } from './ids.ts';
import { preamble } from './preamble.ts';
import { visibleLine } from './visible.ts';

/** The body of the one mail that stands for a push of too many commits. */
export function digestText(
  plan: PushPlan,
  notice: Extract<Notice, { kind: 'digest' }>,
  headlines: ReadonlyMap<string, Headline>,
  context: RenderContext,
): string {
  return context.templates('digest', {
    repository: visibleLine(context.repositoryName),
    ...preamble(plan.changes),
    count: notice.groups.reduce((sum, group) => sum + group.commits.length, 0),
    limit: context.config.maxMails,
    groups: notice.groups.map(group => ({
      ref: visibleLine(group.change.ref),
      commits: group.commits.map(id => ({
        shortId: id9(id),
        subject: visibleLine(headlines.get(id)?.subject ?? ''),
        authorName: visibleLine(headlines.get(id)?.authorName ?? ''),
      })),
    })),
  });
}
