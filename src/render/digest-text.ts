import type { PushPlan } from '../model/push-plan.ts';
import type { Place, Told } from '../model/told.ts';
import type { RenderContext } from './context.ts';
import { id8, id9 } from './ids.ts';
import { preamble } from './preamble.ts';
import { shortLine } from './short-line.ts';
import { visibleLine } from './visible.ts';

type DigestTold = Extract<Told, { notice: { kind: 'digest' } }>;

/** The body of the one mail that stands for the commits of a push. */
export function digestText(plan: PushPlan, told: DigestTold, place: Place, context: RenderContext): string {
  const { maxMails, linkBase } = context.config;
  const { groups, because, count } = told.notice;
  return context.templates('digest', {
    repository: visibleLine(context.repositoryName),
    opening: place.number === 1,
    ...preamble(plan.changes, context.config.maxSize),
    count,
    limit: maxMails,
    asked: because === 'asked',
    groups: groups.map(({ change, commits, unlisted }) => ({
      ref: visibleLine(change.ref),
      count: commits.length + unlisted,
      unlisted,
      commits: commits.map(id => ({
        shortId: id9(id),
        subject: shortLine(told.headlines.get(id)?.subject ?? ''),
        authorName: shortLine(told.headlines.get(id)?.authorName ?? ''),
        link: linkBase ? `${linkBase}/commit/${id8(id)}` : null,
        shortstat: told.headlines.get(id)?.shortstat ?? null,
      })),
    })),
  });
}
