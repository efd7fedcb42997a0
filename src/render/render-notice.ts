import type { Commit } from '../model/commit.ts';
import type { Headline } from '../model/headline.ts';
import type { Mail } from '../model/mail.ts';
import type { Notice, PushPlan } from '../model/push-plan.ts';
import type { Tag } from '../model/tag.ts';
import { commitText } from './commit-text.ts';
import type { RenderContext } from './context.ts';
import { digestText } from './digest-text.ts';
import { frame } from './frame.ts';
import { summaryText } from './summary-text.ts';

/** One notice of a plan together with what was read for it. */
export type Told =
  | { readonly notice: Extract<Notice, { kind: 'commit' }>; readonly commit: Commit }
  | {
      readonly notice: Extract<Notice, { kind: 'digest' }>;
      readonly headlines: ReadonlyMap<string, Headline>;
    }
  | {
      readonly notice: Extract<Notice, { kind: 'summary' }>;
      readonly headlines: ReadonlyMap<string, Headline>;
      readonly tags: ReadonlyMap<string, Tag>;
    };

/** Where a mail stands in its push: 1 of 4. */
export interface Place {
  readonly number: number;
  readonly total: number;
}

/** Renders one mail of a push. Pure. */
export function renderNotice(plan: PushPlan, told: Told, place: Place, context: RenderContext): Mail {
  return frame(plan, told, place, textOf(plan, told, place, context), context);
}

function textOf(plan: PushPlan, told: Told, place: Place, context: RenderContext): string {
  if ('commit' in told) return commitText(plan, told.notice, told.commit, place, context);
  if ('tags' in told) return summaryText(plan, told.headlines, told.tags, context);
  return digestText(plan, told.notice, told.headlines, context);
}
