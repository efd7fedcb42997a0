import { MimeNode } from '@zone-eu/mailsplit';
import { type HeaderLines, MailParser, type ParsedMail, simpleParser } from 'mailparser';

/** What an archive shows of a parsed mail. */
export type Parsed = { readonly [Field in keyof typeof KEYS]: ParsedMail[Field] | undefined } & Pick<
  ParsedMail,
  'text' | 'html' | 'headerLines' | 'attachments'
>;

/** The fields of a header that are decoded, which takes most of the time. */
export const KEYS = {
  ...{ subject: 'subject', from: 'from', to: 'to', cc: 'cc', date: 'date' },
  ...{ messageId: 'message-id', inReplyTo: 'in-reply-to', references: 'references' },
} as const;

const DECODED: ReadonlySet<string> = new Set(Object.values(KEYS));

const OPTIONS = { skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };
/** Bytes of the header of a mail that cannot be read as a whole. */
const MOST_HEADER = 2 ** 16;

/** Parses a mail of anybody, as RFC 5322 and MIME have it. */
export async function parseMail(bytes: Buffer): Promise<Parsed> {
  const mail = parsePlain(bytes) ?? ((await parseAny(bytes)) as Parsed);
  // Where there is none that can be read, mailparser has the time of the clock.
  const { line = '' } = mail.headerLines.findLast(({ key }) => key === 'date') ?? {};
  const isKnown = !Number.isNaN(Date.parse(line.slice(line.indexOf(':') + 1).replace(/[\r\n]+[ \t]*/g, ' ')));
  return isKnown ? mail : { ...mail, date: undefined };
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
    const fields = headerParser.processHeaders(lines.filter(({ key }) => DECODED.has(key)));
    // Written out, since all that is done with a mail is faster where all of them have one shape.
    return {
      headerLines: lines,
      html: false,
      attachments: [],
      text: bytes.toString('utf8', end).replaceAll('\r\n', '\n'),
      subject: fields.get(KEYS.subject),
      from: fields.get(KEYS.from),
      to: fields.get(KEYS.to),
      cc: fields.get(KEYS.cc),
      date: fields.get(KEYS.date),
      messageId: fields.get(KEYS.messageId),
      inReplyTo: fields.get(KEYS.inReplyTo),
      references: fields.get(KEYS.references),
    } as Parsed;
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
async function parseAny(bytes: Buffer): Promise<ParsedMail> {
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
