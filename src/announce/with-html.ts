import { htmlSize, mailSize } from '../delivery/compose.ts';
import type { Content, Position } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { type HtmlRoom, htmlPart } from '../render/html-part.ts';
import type { RenderContext } from '../render/templates.ts';

/** Bytes of an HTML part as it is sent: Gmail cuts off what is over 102 kB, and drops the style sheet then. */
const MOST_HTML = 90_000;
/** With less room there is none for a head and a heading. */
const LEAST_HTML = 2000;

/** A mail with its HTML part, where the audience wants it. The text comes first: the HTML has the room that is left. */
export function withHtml(
  mail: Mail,
  plan: PushPlan,
  content: Content,
  position: Position,
  context: RenderContext,
): Mail {
  const { html: isAsked, maxSize } = context.config;
  if (!isAsked) return mail;
  const make = (room: HtmlRoom) => htmlPart(plan, content, position, context, mail, room);
  // Nearly always there is room for all, and that is known without encoding it.
  const whole = { ...mail, html: make({ limit: 0, sizeOf: () => 0 }) ?? '' };
  if (htmlSize(whole.html, MOST_HTML) <= MOST_HTML && mailSize(whole, maxSize) <= maxSize) return whole;
  const limit = Math.min(MOST_HTML, maxSize - mailSize(mail));
  const html = limit < LEAST_HTML ? undefined : make({ limit, sizeOf: htmlSize });
  return html === undefined ? mail : { ...mail, html };
}
