import { cutAt } from '../model/cut.ts';
import type { Field } from '../model/header-fields.ts';
import { type Attachment, asctime, type ComposedMail, type Mail, oneLine, smtpSize } from '../model/mail.ts';
import { remembered } from '../model/remembered.ts';
import { decodeMail } from './decode.ts';
import { type Encoding, encoded, encodingFor, hasFromLine, mostEncoded } from './encoding.ts';
import { headerBlock, headerLines } from './header.ts';

/**
 * The mail as it is stored and sent: ASCII, no line over 998 octets, none that starts a message in a mailbox file, the same bytes for the
 * same mail. Throws for a sender that is no address: settings have been checked for that.
 */
export function composeForWire(mail: Mail): ComposedMail {
  return composed(mail, wireBody);
}

/** The same mail for people's eyes: the text as it is, in UTF-8, and a header that says so. Not where a mailbox file would change it. */
export function composeReadable(mail: Mail): ComposedMail {
  return composed(mail, text => (hasFromLine(text) ? wireBody(text) : bodyIn('8bit', text)));
}

/**
 * Bytes of the mail as a server counts them (RFC 1870): each line ends with CR LF there. An attachment is not counted.
 * Where the mail is certain to have no more than `enough`, it may be more than the mail really has: composing costs time.
 */
export function mailSize({ attachment: _, ...mail }: Mail, enough = 0): number {
  const [text, html = ''] = [wholeText(mail), mail.html];
  const header = MOST_PER_BYTE * headerSize(mail) + HEADER_ROOM;
  const most = MOST_PER_BYTE * (Buffer.byteLength(text) + Buffer.byteLength(html)) + header;
  if (most <= enough) return most;
  const closer = enough > 0 ? mostEncoded(text) + mostEncoded(html) + header : most;
  if (closer <= enough) return closer;
  return smtpSize(composeForWire(mail).bytes);
}

/** Bytes that a text takes as the HTML part of a mail, with the lines around it; or more, where it has certainly no more than `enough`. */
export function htmlSize(html: string, enough = 0): number {
  const most = MOST_PER_BYTE * Buffer.byteLength(html) + PART_ROOM;
  if (most <= enough) return most;
  const closer = enough > 0 ? mostEncoded(html) + PART_ROOM : most;
  return closer <= enough ? closer : smtpSize(wireBody(html).bytes) + PART_ROOM;
}

/**
 * A stored mail with as much of its text as a server takes whose limit was not known when the mail was made, without its HTML; an attached file is
 * text then. A signature goes, since it would be none of this text. undefined where not even its header fits.
 * @param limit bytes as the server counts them @param room those of it that the mail may have, if its header fits there
 */
export function cutMail(bytes: Buffer, limit: number, room = limit): Buffer | undefined {
  const head = bytes.subarray(0, bytes.indexOf('\n\n') + 1).toString('latin1');
  const kept = head.replace(/^(?:Content-|DKIM-Signature:).*\n(?:[ \t].*\n)*/gim, '');
  const whole = Buffer.from(decodeMail(bytes).text);
  const cut = (length: number) => {
    const start = whole.subarray(0, cutAt(whole, length)).toString();
    const text = `${start}\n[The rest is left out: the mail server takes no more than ${limit} bytes.]\n`;
    const encoding = encodingFor(text);
    return Buffer.from(
      `${kept}${headerLines(textFields(encoding))}\n${encoded(Buffer.from(text), encoding)}`,
    );
  };
  let [most, tooMuch] = [-1, whole.length + 1];
  while (tooMuch - most > 1) {
    const middle = Math.floor((most + tooMuch) / 2);
    if (smtpSize(cut(middle)) <= room) most = middle;
    else tooMuch = middle;
  }
  if (most >= 0) return cut(most);
  return room < limit ? cutMail(bytes, limit) : undefined;
}

const CR = 0x0d;
/** quoted-printable makes three bytes of one, and three more for each line of 76. */
const MOST_PER_BYTE = 3.2;
/** Names of fields, identifiers, addresses and dates. */
const HEADER_ROOM = 4000;
/** Boundaries and the fields of two parts. */
const PART_ROOM = 500;

function headerSize(mail: Mail): number {
  const { subject, from, replyTo = [], to, cc = [], headers } = mail;
  const people = replyTo.flatMap(({ name, address }) => [name, address]);
  const texts = [subject, from.name, ...people, ...to, ...cc, ...headers.flat()];
  return 2 * texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** A text in its encoding. */
interface Body {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

function bodyIn(encoding: Encoding, text: string): Body {
  return { encoding, bytes: Buffer.from(encoded(Buffer.from(text), encoding)) };
}

/** The last ones that were made: the same text and HTML often go to several audiences, one after the other. */
const wireBody = remembered(2, (text: string) => bodyIn(encodingFor(text), text));

/** What a message or a part of one consists of: fields that say what follows, and that. */
interface Entity {
  readonly head: readonly Field[];
  readonly content: Buffer;
}

function composed(mail: Mail, bodyOf: (text: string) => Body): ComposedMail {
  const { attachment, html } = mail;
  const text = textEntity('plain', bodyOf(wholeText(mail)));
  // RFC 2046 5.1.4: the plainest first.
  const shown =
    html === undefined ? text : multipart(mail, 'alternative', [text, textEntity('html', bodyOf(html))]);
  const { head, content } = attachment ? multipart(mail, 'mixed', [shown, fileEntity(attachment)]) : shown;
  const bytes = Buffer.concat([Buffer.from(`${headerBlock(mail, head)}\n`), content]);
  const { audience, about, envelope, messageId, subject } = mail;
  return {
    ...(audience === undefined ? {} : { audience }),
    ...(about === undefined ? {} : { about }),
    ...{ envelope, messageId, subject: oneLine(subject), bytes },
  };
}

function textFields(encoding: string, kind: 'plain' | 'html' = 'plain'): Field[] {
  return [
    ['Content-Type', `text/${kind}; charset=utf-8`],
    ['Content-Transfer-Encoding', encoding],
  ];
}

function textEntity(kind: 'plain' | 'html', { encoding, bytes }: Body): Entity {
  return { head: textFields(encoding, kind), content: bytes };
}

function fileEntity({ name, type, bytes }: Attachment): Entity {
  // Not every program that saves a text of another encoding leaves a CR where it was.
  const encoding = bytes.includes(CR) ? 'base64' : encodingFor(bytes.toString('latin1'));
  return {
    head: [
      ['Content-Type', `${type}; name="${name}"`],
      ['Content-Disposition', `attachment; filename="${name}"`],
      ['Content-Transfer-Encoding', encoding],
    ],
    content: Buffer.from(encoded(bytes, encoding)),
  };
}

const MARK = { mixed: 'refpost', alternative: 'text-and-html' };

/** RFC 2046 5.1.1: parts between lines that occur in none of them. */
function multipart({ messageId }: Mail, kind: keyof typeof MARK, parts: readonly Entity[]): Entity {
  let boundary = `${MARK[kind]}-${messageId.replace(/[^0-9A-Za-z]/g, '').slice(0, 32)}`;
  while (parts.some(({ content }) => content.includes(`--${boundary}`))) boundary += '-';
  const pieces = parts.map(({ head, content }) => [
    Buffer.from(`--${boundary}\n${headerLines(head)}\n`),
    content,
    Buffer.from('\n'),
  ]);
  return {
    head: [['Content-Type', `multipart/${kind}; boundary="${boundary}"`]],
    content: Buffer.concat([...pieces.flat(), Buffer.from(`--${boundary}--\n`)]),
  };
}

/** The text with its last line ended, and the footer after the line by which readers know it (RFC 3676 4.3); `git am` does too. */
function wholeText({ text, footer }: Mail): string {
  const ended = text.endsWith('\n') ? text : `${text}\n`;
  return footer === undefined ? ended : `${ended}-- \n${footer}\n`;
}

/**
 * One message of an mbox file in the mboxrd form (RFC 4155 and its appendix A): a `From ` line, the message with every
 * line that looks like one quoted by one more `>`, and a blank line. Taking that much away gives the message back.
 * @param date milliseconds since 1970, of the `From ` line
 */
export function toMbox(mail: ComposedMail, date: number): Buffer {
  // Latin-1 maps each byte to one character and back, whatever the bytes are.
  const message = mail.bytes.toString('latin1').replace(/(^|\n)(>*From )/g, '$1>$2');
  const end = message.endsWith('\n') ? '\n' : '\n\n';
  // The field ends at a blank.
  const sender = mail.envelope.from.replace(/[^\x21-\x7e]/g, '') || 'MAILER-DAEMON';
  return Buffer.from(`From ${sender} ${asctime(date)}\n${message}${end}`, 'latin1');
}
