import { lossOf } from '../model/cut.ts';
import type { Attachment, ComposedMail, Mail } from '../model/mail.ts';
import { type Encoding, encoded, encodingFor, hasFromLine } from './encoding.ts';
import { type Field, headerBlock, headerLines } from './header-block.ts';
import { oneLine } from './header-text.ts';

/**
 * The mail as it is stored and sent: ASCII, no line over 998 octets, none that starts a message in a mailbox file, the same bytes for the
 * same mail. Throws for a sender that is no address: settings have been checked for that.
 */
export function composeForWire(mail: Mail): ComposedMail {
  const text = endedText(mail.text);
  return composed(mail, encodingFor(text), text);
}

/** The same mail for people's eyes: the text as it is, in UTF-8, and a header that says so. Not where a mailbox file would change it. */
export function composeReadable(mail: Mail): ComposedMail {
  const text = endedText(mail.text);
  return composed(mail, hasFromLine(text) ? encodingFor(text) : '8bit', text);
}

/**
 * Bytes of the mail as a server counts them (RFC 1870): each line ends with CR LF there. An attachment is not counted.
 * Where the mail is certain to have no more than `enough`, it may be more than the mail really has: composing costs time.
 */
export function mailSize({ attachment: _, ...mail }: Mail, enough = 0): number {
  const most = MOST_PER_BYTE * Buffer.byteLength(mail.text) + HEADER_ROOM + MOST_PER_BYTE * headerSize(mail);
  if (most <= enough) return most;
  return smtpSize(composeForWire(mail).bytes);
}

/** Length of a message with LF line ends once they are CR LF: what SIZE means (RFC 1870 section 5). */
export function smtpSize(bytes: Buffer): number {
  return bytes.length + lossOf(bytes).lines;
}

const CR = 0x0d;
/** quoted-printable makes three bytes of one, and three more for each line of 76. */
const MOST_PER_BYTE = 3.2;
/** Names of fields, identifiers, addresses and dates. */
const HEADER_ROOM = 4000;

function headerSize(mail: Mail): number {
  const texts = [mail.subject, mail.from.name, mail.replyTo?.name ?? '', ...mail.to, ...mail.headers.flat()];
  return 2 * texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function composed(mail: Mail, encoding: Encoding, text: string): ComposedMail {
  const body = encoded(Buffer.from(text), encoding);
  const { head, content } = mail.attachment
    ? withAttachment(mail.messageId, encoding, body, mail.attachment)
    : { head: textFields(encoding), content: body };
  const bytes = Buffer.from(`${headerBlock(mail, head)}\n${content}`);
  return { envelope: mail.envelope, messageId: mail.messageId, subject: oneLine(mail.subject), bytes };
}

export function textFields(encoding: string): Field[] {
  return [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Content-Transfer-Encoding', encoding],
  ];
}

/** RFC 2046 5.1.3: text and file, between lines that occur in neither. */
function withAttachment(
  messageId: string,
  encoding: string,
  body: string,
  { name, type, bytes }: Attachment,
) {
  // Not every program that saves a text of another encoding leaves a CR where it was.
  const fileEncoding = bytes.includes(CR) ? 'base64' : encodingFor(bytes.toString('latin1'));
  const file = encoded(bytes, fileEncoding);
  let boundary = `refpost-${messageId.replace(/[^0-9A-Za-z]/g, '').slice(0, 32)}`;
  while (`${body}${file}`.includes(`--${boundary}`)) boundary += '-';
  const fileFields: Field[] = [
    ['Content-Type', `${type}; name="${name}"`],
    ['Content-Disposition', `attachment; filename="${name}"`],
    ['Content-Transfer-Encoding', fileEncoding],
  ];
  const parts = [`${headerLines(textFields(encoding))}\n${body}`, `${headerLines(fileFields)}\n${file}`];
  return {
    head: [['Content-Type', `multipart/mixed; boundary="${boundary}"`]] as Field[],
    content: `${parts.map(part => `--${boundary}\n${part}\n`).join('')}--${boundary}--\n`,
  };
}

function endedText(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
