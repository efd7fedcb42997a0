import type { Content } from '../model/content.ts';
import { cutAt, lossOf } from '../model/cut.ts';
import type { Mail } from '../model/mail.ts';
import { listAtMost } from '../model/push-plan.ts';
import { type Attempt, largestFit } from './largest-fit.ts';

type DigestContent = Extract<Content, { notice: { kind: 'digest' } }>;

/** A digest as a mail of no more than `limit` bytes: the newest commits of each ref, as many as there is room for. */
export function fitDigest<T>(
  content: DigestContent,
  limit: number,
  make: (content: DigestContent) => Attempt<T>,
): T {
  const { notice } = content;
  const most = notice.groups.reduce((total, group) => total + group.commits.length, 0);
  const listing = (amount: number) =>
    make({ ...content, notice: { ...notice, groups: listAtMost(notice.groups, amount) } });
  return largestFit(limit, listing(0), most, listing).made;
}

/** A mail of no more than `limit` bytes: its text is cut at a line end, and says so. */
export function fitText(mail: Mail, limit: number, measure: (mail: Mail) => number): Mail {
  const text = Buffer.from(mail.text);
  const begin = (bytes: number): Attempt<Mail> => {
    const made = { ...mail, text: cutText(text, bytes) };
    return { made, size: measure(made) };
  };
  return largestFit(limit, begin(0), text.length, begin).made;
}

function cutText(text: Buffer, bytes: number): string {
  const end = cutAt(text, bytes);
  if (end === text.length) return text.toString();
  const lost = lossOf(text.subarray(end));
  const note = `[This mail is cut here. Not shown: ${lost.lines} lines (${lost.bytes} bytes).]`;
  return `${text.toString('utf8', 0, end).trimEnd()}\n\n\n${note}\n`;
}
