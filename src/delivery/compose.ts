import { encode as encodeBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import MimeNode from 'nodemailer/lib/mime-node';
import { encode as encodeQuoted, wrap as wrapQuoted } from 'nodemailer/lib/qp';
import type { Attachment, ComposedMail, Mail } from '../model/mail.ts';
import { type Field, headerBlock, headerLines } from './header-block.ts';
import { oneLine } from './header-text.ts';

/**
 * The mail as it is stored and sent: ASCII, no line over 998 octets, the same bytes for the same mail. nodemailer
 * chooses between 7bit, quoted-printable and base64; a text with a CR in it travels as base64, the only one of them
 * that brings a CR back where it was. Throws for a sender that is no address: settings have been checked for that.
 */
export function composeForWire(mail: Mail): ComposedMail {
  const text = endedText(mail.text);
  const encoding = chooseEncoding(text);
  return composed(mail, encoding, encodedText(text, encoding));
}

/** The same mail for people's eyes: the text as it is, in UTF-8, and a header that says so. */
export function composeReadable(mail: Mail): ComposedMail {
  return composed(mail, '8bit', endedText(mail.text));
}

/**
 * Bytes of the mail as a server counts them (RFC 1870): each line ends with CR LF there. An attachment is not counted.
 * Where the mail is certain to have no more than `enough`, it may be more than the mail really has: composing costs time.
 */
export function mailSize({ attachment: _, ...mail }: Mail, enough = 0): number {
  const most = MOST_PER_BYTE * Buffer.byteLength(mail.text) + HEADER_ROOM + MOST_PER_BYTE * headerSize(mail);
  if (most <= enough) return most;
  const { bytes } = composeForWire(mail);
  let size = bytes.length;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) size++;
  return size;
}

const LF = 0x0a;
/** quoted-printable makes three bytes of one, and three more for each line of 76. */
const MOST_PER_BYTE = 3.2;
/** Names of fields, identifiers, addresses and dates. */
const HEADER_ROOM = 4000;

function headerSize(mail: Mail): number {
  const texts = [mail.subject, mail.from.name, mail.replyTo?.name ?? '', ...mail.to, ...mail.headers.flat()];
  return 2 * texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function composed(mail: Mail, encoding: string, body: string): ComposedMail {
  const { head, content } = mail.attachment
    ? withAttachment(mail.messageId, encoding, body, mail.attachment)
    : { head: textFields(encoding), content: body };
  const bytes = Buffer.from(`${headerBlock(mail, head)}\n${content}`);
  return { envelope: mail.envelope, messageId: mail.messageId, subject: oneLine(mail.subject), bytes };
}

function textFields(encoding: string): Field[] {
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
  const file = `${wrapBase64(encodeBase64(bytes))}\n`.replaceAll('\r\n', '\n');
  let boundary = `refpost-${messageId.replace(/[^0-9A-Za-z]/g, '').slice(0, 32)}`;
  while (body.includes(`--${boundary}`)) boundary += '-';
  const fileFields: Field[] = [
    ['Content-Type', `${type}; name="${name}"`],
    ['Content-Disposition', `attachment; filename="${name}"`],
    ['Content-Transfer-Encoding', 'base64'],
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

function chooseEncoding(text: string): string {
  if (text.includes('\r')) return 'base64';
  const node = new MimeNode('text/plain', { disableFileAccess: true, disableUrlAccess: true });
  return node.setContent(text).getTransferEncoding() || '7bit';
}

function encodedText(text: string, encoding: string): string {
  if (encoding === '7bit') return text;
  const wrapped =
    encoding === 'base64' ? `${wrapBase64(encodeBase64(text))}\n` : wrapQuoted(encodeQuoted(text));
  return wrapped.replaceAll('\r\n', '\n');
}
