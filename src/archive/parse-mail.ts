import { MimeNode } from '@zone-eu/mailsplit';
import { type HeaderLines, MailParser, type ParsedMail, simpleParser } from 'mailparser';

/** What an archive shows of a parsed mail. */
export type Parsed = Pick<
  ParsedMail,
  (typeof FIELDS)[number] | 'text' | 'html' | 'headerLines' | 'attachments'
>;

export const FIELDS = [
  'subject',
  'from',
  'to',
  'cc',
  'date',
  'messageId',
  'inReplyTo',
  'references',
] as const;

/** The same as they are in a header: decoding takes most of the time, so that no others are decoded. */
const KEYS = new Map(
  FIELDS.map(field => [field.replace(/[A-Z]/g, upper => `-${upper.toLowerCase()}`), field]),
);

const OPTIONS = { skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };
/** Bytes of the header of a mail that cannot be read as a whole. */
const MOST_HEADER = 2 ** 16;

/** Parses a mail of anybody, as RFC 5322 and MIME have it. */
export async function parseMail(bytes: Buffer): Promise<Parsed> {
  const { date, ...mail } = parsePlain(bytes) ?? (await parseAny(bytes));
  // Where there is none that can be read, mailparser has the time of the clock.
  const { line = '' } = mail.headerLines.findLast(({ key }) => key === 'date') ?? {};
  const isKnown = !Number.isNaN(Date.parse(line.slice(line.indexOf(':') + 1).replace(/[\r\n]+[ \t]*/g, ' ')));
  return date && isKnown ? { ...mail, date } : mail;
}

/**
 * A mail that is one text as it is, as most mails on commits are, is read by mailparser's own parts, but not in its half a dozen streams, which
 * take four times as long. undefined for any other mail.
 */
export function parsePlain(bytes: Buffer): Parsed | undefined {
  const end = headerEnd(bytes);
  if (end === undefined) return undefined;
  const node = new MimeNode(false);
  node.addHeaderChunk(bytes.subarray(0, end));
  try {
    node.parseHeaders();
    if (!isPlain(node)) return undefined;
    const lines = node.headers ? node.headers.getList() : [];
    const fields = headerParser.processHeaders(lines.filter(({ key }) => KEYS.has(key)));
    const found = [...fields].map(([key, value]) => [KEYS.get(key), value]);
    const text = bytes.toString('utf8', end).replaceAll('\r\n', '\n');
    return { ...Object.fromEntries(found), headerLines: lines, text, html: false, attachments: [] };
  } catch {
    // Whoever reads it in streams meets the same, and says what becomes of it.
    return undefined;
  }
}

/** Bytes up to the empty line after the header; undefined where mailparser has another limit, or there is none. */
function headerEnd(bytes: Buffer): number | undefined {
  if (bytes[0] === 0x0a || bytes[0] === 0x0d) return undefined;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < MOST_HEADER; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return undefined;
}

function isPlain({ contentType, charset, encoding, disposition, flowed, _boundary }: MimeNode): boolean {
  const isText = contentType === 'text/plain' && !_boundary && !flowed;
  const isCoded = ['quoted-printable', 'base64'].includes(encoding || '');
  return (
    isText &&
    !isCoded &&
    (!disposition || disposition === 'inline') &&
    /^(?:utf-?8|us-ascii|ascii)?$/i.test(charset || '')
  );
}

/** mailparser's decoding of a header, without the HTML that it makes of addresses. */
class HeaderParser extends MailParser {
  declare processHeaders: (lines: HeaderLines | readonly object[]) => Map<string, unknown>;
  getAddressesHTML(): string {
    return '';
  }
}

const headerParser = new HeaderParser(OPTIONS);

/**
 * A mail whose HTML cannot be made text of, nested ten thousand times, is read without that; one that no parser takes (too many parts, too long a
 * header) has its header and a sentence.
 */
async function parseAny(bytes: Buffer): Promise<Parsed> {
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
