import type { Content, Position } from '../model/content.ts';
import type { PushPlan } from '../model/push-plan.ts';
import type { RenderContext } from './context.ts';
import { id8, id9 } from './ids.ts';
import { preamble } from './preamble.ts';
import { shortLine, visibleLine } from './visible.ts';

type DigestContent = Extract<Content, { notice: { kind: 'digest' } }>;

/** The body of the one mail that stands for the commits of a push. */
export function digestText(
  plan: PushPlan,
  content: DigestContent,
  position: Position,
  context: RenderContext,
): string {
  const { maxMails, linkBase } = context.config;
  const { groups, because, count } = content.notice;
  return context.templates('digest', {
    ...preamble(plan, position, context),
    count,
    limit: maxMails,
    asked: because === 'asked',
    groups: groups.map(({ change, commits, unlisted }) => ({
      ref: visibleLine(change.ref),
      count: commits.length + unlisted,
      unlisted,
      commits: commits.map(id => ({
        shortId: id9(id),
        subject: shortLine(content.headlines.get(id)?.subject ?? ''),
        authorName: shortLine(content.headlines.get(id)?.authorName ?? ''),
        link: linkBase ? `${linkBase}/commit/${id8(id)}` : null,
        shortstat: content.headlines.get(id)?.shortstat ?? null,
      })),
    })),
  });
}
