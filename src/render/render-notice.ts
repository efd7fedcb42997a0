import type { Mail } from '../model/mail.ts';
import type { PushPlan } from '../model/push-plan.ts';
import type { Place, Told } from '../model/told.ts';
import { commitText } from './commit-text.ts';
import type { RenderContext } from './context.ts';
import { digestText } from './digest-text.ts';
import { frame } from './frame.ts';
import { summaryText } from './summary-text.ts';

/** Renders one mail of a push. Pure. */
export function renderNotice(plan: PushPlan, told: Told, place: Place, context: RenderContext): Mail {
  return frame(plan, told, place, textOf(plan, told, place, context), context);
}

function textOf(plan: PushPlan, told: Told, place: Place, context: RenderContext): string {
  if ('commit' in told) return commitText(plan, told, place, context);
  if ('tags' in told) return summaryText(plan, told, place, context);
  return digestText(plan, told, place, context);
}
