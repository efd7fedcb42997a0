import type { Content, Position } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { commitHtmlValues } from './commit-html.ts';
import { fitDiff, fitDigest, largestFit } from './fit.ts';
import type { HunkLook } from './hunk-html.ts';
import { preamble } from './preamble.ts';
import { pieces } from './prose.ts';
import { summaryHtmlValues } from './push-html.ts';
import { digestValues } from './push-text.ts';
import type { RenderContext } from './templates.ts';

export interface HtmlRoom {
  /** Bytes that the HTML part may take in the mail. */
  readonly limit: number;
  readonly sizeOf: (html: string) => number;
}

/**
 * The HTML part of a mail that has its text, of the same content. What there is no room for is left out in this order, and the HTML says so and where it is: marks
 * on words, style attributes that the sheet has too, then as the text does: the diff, of each file its share; the table of files; the message.
 * Pure. undefined where even that is too large.
 */
export function htmlPart(
  plan: PushPlan,
  content: Content,
  position: Position,
  context: RenderContext,
  { footer }: Pick<Mail, 'footer'>,
  { limit: room, sizeOf }: HtmlRoom,
): string | undefined {
  const frame = {
    ...preamble(plan, position, context),
    footer: footer?.split('\n').map(pieces) ?? null,
  };
  const made = (kind: Content['notice']['kind'], values: object, wide = true) => {
    const html = context.templates(`${kind}.html`, { ...frame, ...values, wide });
    return { made: html, size: sizeOf(html) };
  };
  const fitted = (() => {
    if ('commit' in content) return fitCommit(content);
    if ('tags' in content) {
      const most = content.notice.stories.length;
      const some = (amount: number) => summaryHtmlValues(content, context, amount);
      return largestFit(room, most, amount => made('summary', some(amount))).made;
    }
    return fitDigest(content, room, each => made('digest', digestValues(each, context)));
  })();
  return sizeOf(fitted) <= room ? fitted : undefined;

  function fitCommit(whole: Extract<Content, { commit: unknown }>): string {
    const make = (look: HunkLook, commit = whole.commit) => {
      const isLess = commit !== whole.commit;
      const values = commitHtmlValues({ ...whole, commit }, context, look);
      return made('commit', { ...values, isLess }, look.wide);
    };
    for (const look of LOOKS) {
      const each = make(look);
      if (each.size <= room) return each.made;
    }
    return fitDiff(whole.commit, room, commit => make(PLAINEST, commit));
  }
}

const PLAINEST: HunkLook = { words: false, wide: false };
const LOOKS: readonly HunkLook[] = [{ words: true, wide: true }, { words: false, wide: true }, PLAINEST];
