import { encode as encodeBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import MimeNode from 'nodemailer/lib/mime-node';
import { encode as encodeQuoted, wrap as wrapQuoted } from 'nodemailer/lib/qp';
import type { ComposedMail, Mail } from '../model/mail.ts';
import { headerBlock } from './header-block.ts';
import { oneLine } from './header-text.ts';

/**
 * The mail as it is stored and sent: ASCII, no line over 998 octets, the same bytes for the same mail. nodemailer
 * chooses between 7bit, quoted-printable and base64; a text with a CR in it travels as base64, the only one of them
 * that brings a CR back where it was. Throws for a sender that is no address: settings have been checked for that.
 */
export async function composeForWire(mail: Mail): Promise<ComposedMail> {
  const text = endedText(mail.text);
  const encoding = chooseEncoding(text);
  return composed(mail, encoding, encodedText(text, encoding));
}

/** The same mail for people's eyes: the text as it is, in UTF-8, and a header that says so. */
export function composeReadable(mail: Mail): ComposedMail {
  return composed(mail, '8bit', endedText(mail.text));
}

function composed(mail: Mail, encoding: string, body: string): ComposedMail {
  const bytes = Buffer.from(`${headerBlock(mail, encoding)}\n${body}`);
  return { envelope: mail.envelope, messageId: mail.messageId, subject: oneLine(mail.subject), bytes };
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
