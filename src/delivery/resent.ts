import { createHash } from 'node:crypto';
import type { Field } from '../model/header-fields.ts';
import type { ComposedMail } from '../model/mail.ts';
import { addressList, headerLines } from './header.ts';

/** How a finished mail is sent again. */
export interface Again {
  /** The push that sends it: the same mail gets another Message-ID for each. */
  readonly push: string;
  /** Who gets it, instead of those that it has. */
  readonly to?: string;
  /** By how much later than the first one it is, in milliseconds; absent where it was made anew, and nobody knows the first one. */
  readonly later?: number;
}

/** Before the subject, as people mark patches; git am takes it off. */
const MARK = '[resent] ';

/**
 * A finished mail once more, marked in its subject and by `X-Git-Resent: <date of the first one>`. Its text stays as it is. It is a message of its own (RFC 5322
 * 3.6.4), since readers, lists and archives throw a second one of the same Message-ID away; it answers the first one, so that threads hold, where that
 * is known. The signature of the first is gone.
 */
export function resent(mail: ComposedMail, { push, to, later }: Again): ComposedMail {
  const end = mail.bytes.indexOf('\n\n') + 1;
  const fields = fieldsOf(mail.bytes.subarray(0, end).toString('latin1'));
  const messageId = idAgain(mail.messageId, push);
  const valueIn = (name: string) => fields.find(([found]) => found.toLowerCase() === name)?.[1] ?? '';
  const first = valueIn('date');
  const marked = (value: string) => (value.startsWith(MARK) ? value : `${MARK}${value}`);
  const parents = valueIn('references');
  // Those that were made anew make a thread of their own.
  const parent = later !== undefined ? mail.messageId : parents && idAgain(parents, push);
  const marks: readonly Field[] = [
    ['In-Reply-To', parent],
    ['References', later !== undefined && parents !== '' ? `${parents} ${parent}` : parent],
    ['X-Git-Resent', later === undefined ? 'made anew' : first],
  ];
  const changed = new Map<string, string>([
    ['subject', valueIn('subject') && marked(valueIn('subject'))],
    ['date', new Date(Date.parse(first) + (later ?? 0)).toUTCString().replace('GMT', '+0000')],
    ['message-id', messageId],
    ...(to === undefined ? [] : ([['to', addressList([to])]] as const)),
  ]);
  const dropped = new Set(['dkim-signature', 'in-reply-to', 'references', 'x-git-resent']);
  if (to !== undefined) dropped.add('cc');
  const kept = fields.filter(([name]) => !dropped.has(name.toLowerCase()));
  const written = kept.flatMap(([name, value]): Field[] => [
    [name, changed.get(name.toLowerCase()) ?? value],
    ...(name.toLowerCase() === 'message-id' ? marks : []),
  ]);
  return {
    ...mail,
    messageId,
    subject: marked(mail.subject),
    ...(to === undefined ? {} : { envelope: { ...mail.envelope, to: [to] } }),
    bytes: Buffer.concat([Buffer.from(headerLines(written), 'latin1'), mail.bytes.subarray(end)]),
  };
}

/** Unfolded (RFC 5322 2.2.3). */
function fieldsOf(head: string): Field[] {
  const lines = head.replace(/\n(?=[ \t])/g, '').split('\n');
  return lines.flatMap(line => {
    const at = line.indexOf(': ');
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 2)]];
  });
}

/** The same whenever the same push sends it. */
function idAgain(id: string, push: string): string {
  const hash = createHash('sha256').update(`${id}\0${push}`).digest('hex').slice(0, 32);
  return `<${hash}${id.slice(id.indexOf('@'))}`;
}
