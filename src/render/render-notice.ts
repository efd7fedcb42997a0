import type { Content, Position } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { commitText } from './commit-text.ts';
import type { RenderContext } from './context.ts';
import { digestText } from './digest-text.ts';
import { frame } from './frame.ts';
import { summaryText } from './summary-text.ts';

/** Renders one mail of a push. Pure. */
export function renderNotice(
  plan: PushPlan,
  content: Content,
  position: Position,
  context: RenderContext,
): Mail {
  return frame(plan, content, position, textOf(plan, content, position, context), context);
}

function textOf(plan: PushPlan, content: Content, position: Position, context: RenderContext): string {
  if ('commit' in content) return commitText(plan, content, position, context);
  if ('tags' in content) return summaryText(plan, content, position, context);
  return digestText(plan, content, position, context);
}
