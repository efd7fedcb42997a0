import { type HeaderLines, MailParser, type ParsedMail, simpleParser } from 'mailparser';
import { type Fields, KEYS, type Line, MOST_HEADER } from './plain-mail.ts';

const DECODED: ReadonlySet<string> = new Set(Object.values(KEYS));

const OPTIONS = { skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };

/** mailparser's decoding of a header, without the HTML that it makes of addresses. */
class HeaderParser extends MailParser {
  declare processHeaders: (lines: HeaderLines | readonly object[]) => Map<string, unknown>;
  getAddressesHTML(): string {
    return '';
  }
}

const headerParser = new HeaderParser(OPTIONS);

/** The fields of any header, but for its date. */
export function fieldsOf(lines: readonly Line[]): Fields {
  const fields = headerParser.processHeaders(lines.filter(({ key }) => DECODED.has(key)));
  // Written out, since all that is done with a mail is faster where all of them have one shape.
  return {
    subject: fields.get(KEYS.subject),
    from: fields.get(KEYS.from),
    to: fields.get(KEYS.to),
    cc: fields.get(KEYS.cc),
    messageId: fields.get(KEYS.messageId),
    inReplyTo: fields.get(KEYS.inReplyTo),
    references: fields.get(KEYS.references),
  } as Fields;
}

/**
 * Any mail. One whose HTML cannot be made text of, nested ten thousand times, is read without that; one that no parser takes (too many parts, too
 * long a header) has its header and a sentence.
 */
export async function parseAny(bytes: Buffer): Promise<ParsedMail> {
  try {
    return await simpleParser(bytes, OPTIONS);
  } catch {
    try {
      return await simpleParser(bytes, { ...OPTIONS, skipHtmlToText: true });
    } catch {
      const [head = ''] = bytes.toString('latin1', 0, MOST_HEADER).split(/\r?\n\r?\n/, 1);
      const kept = head.replace(/^(?:content-|mime-).*\n?(?:[ \t].*\n?)*/gim, '').trimEnd();
      const text = `${kept}\n\n[This mail cannot be read; the raw message has all of it.]\n`;
      return simpleParser(Buffer.from(text, 'latin1'), OPTIONS);
    }
  }
}
