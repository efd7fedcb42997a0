import type { Email } from 'postal-mime';
import type { Palette } from './terminal.ts';

interface Row {
  readonly mail: Email;
  /** What is drawn before the subject. */
  readonly branch: string;
}

/** Mails as a mail reader lists them: one a line, answers below what they answer to. */
export function layOutThread(mails: readonly Email[], paint: Palette): string {
  const known = new Set(mails.map(mail => mail.messageId));
  const roots = mails.filter(mail => mail.inReplyTo === undefined || !known.has(mail.inReplyTo));
  const rows = roots.flatMap(mail => [{ mail, branch: '' }, ...answersTo(mail, mails, '')]);
  const width = Math.max(...rows.map(row => nameOf(row.mail).length));
  return rows
    .map(({ mail, branch }, at) => {
      const who = nameOf(mail).padEnd(width);
      return `  ${at + 1}  ${paint.green(who)}  ${paint.dim(branch)}${mail.subject ?? ''}`;
    })
    .join('\n');
}

function answersTo({ messageId }: Email, mails: readonly Email[], indent: string): Row[] {
  const answers = mails.filter(mail => mail.inReplyTo === messageId);
  return answers.flatMap((mail, at) => {
    const isLast = at === answers.length - 1;
    const below = answersTo(mail, mails, `${indent}${isLast ? '   ' : '│  '}`);
    return [{ mail, branch: `${indent}${isLast ? '└─>' : '├─>'} ` }, ...below];
  });
}

function nameOf({ from }: Email): string {
  return from?.name || from?.address || '';
}
