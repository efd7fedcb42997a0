import type { HeaderLines, ParsedMail } from 'mailparser';

/** A field of a header as it came, byte by byte, and its name in small letters. */
export type Line = HeaderLines[number];

/** The decoded fields of a header, but for the date. */
export type Fields = { readonly [Field in keyof typeof KEYS]: ParsedMail[Field] | undefined };

export const KEYS = {
  ...{ subject: 'subject', from: 'from', to: 'to', cc: 'cc' },
  ...{ messageId: 'message-id', inReplyTo: 'in-reply-to', references: 'references' },
} as const;

/** A mail's header, and what there is to read below it. */
export interface Plain {
  readonly lines: readonly Line[];
  readonly text: string;
  readonly html: string | false;
}

/** Bytes of a header; a longer one is not read here. */
export const MOST_HEADER = 2 ** 16;

/** A mail that is one text, or one text and the same as HTML, in UTF-8 and nothing unusual about it; undefined for any other. */
export function readPlain(bytes: Buffer): Plain | undefined {
  const root = partIn(bytes);
  if (!root) return undefined;
  const { lines, boundary } = root;
  if (boundary === '') {
    const text = root.type === 'plain' ? contentOf(root) : undefined;
    return text === undefined ? undefined : { lines, text, html: false };
  }
  const [first, second] = divided(root.body, boundary).map(partIn);
  if (first?.type !== 'plain' || second?.type !== 'html') return undefined;
  const [text, html] = [contentOf(first), contentOf(second)];
  return text && html ? { lines, text, html } : undefined;
}

/** The value of a field on one line. */
export function valueIn({ line }: Line): string {
  const value = line.slice(line.indexOf(':') + 1);
  return value.replace(/(?:\r?\n|\r)[ \t]*/g, ' ').trim();
}

interface Part {
  readonly lines: readonly Line[];
  readonly type: string;
  readonly boundary: string;
  readonly encoding: string;
  readonly body: Buffer;
}

const TEXT = /^text\/(plain|html)(?:; ?charset=("?)(?:utf-8|us-ascii)\2)?$/i;
const ALTERNATIVE = /^multipart\/alternative; ?boundary=("?)([\w'()+,./:=-]{1,70})\1$/i;
const ENCODING = /^(?:7bit|8bit|quoted-printable|base64)$/i;

function partIn(bytes: Buffer): Part | undefined {
  const end = headerEnd(bytes);
  const lines = end === undefined ? undefined : linesOf(bytes.toString('latin1', 0, end));
  if (!lines) return undefined;
  let [type, boundary, encoding] = ['', '', ''];
  for (const line of lines) {
    if (!line.key.startsWith('content-')) continue;
    const value = valueIn(line);
    if (line.key === 'content-type' && type === '') {
      const [, text = ''] = TEXT.exec(value) ?? [];
      boundary = ALTERNATIVE.exec(value)?.[2] ?? '';
      type = text.toLowerCase() || (boundary && 'alternative');
      if (type === '') return undefined;
    } else if (line.key === 'content-transfer-encoding' && encoding === '' && ENCODING.test(value)) {
      encoding = value.toLowerCase();
    } else if (line.key !== 'content-disposition' || value.toLowerCase() !== 'inline') return undefined;
  }
  return { lines, type: type || 'plain', boundary, encoding, body: bytes.subarray(end) };
}

/** Bytes up to the empty line after the header; undefined where there is none, or it is far away. */
function headerEnd(bytes: Buffer): number | undefined {
  if (bytes[0] === 0x0a || bytes[0] === 0x0d) return undefined;
  for (let at = bytes.indexOf(0x0a); at >= 0 && at < MOST_HEADER; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return undefined;
}

/** undefined where a line is no field and continues none. */
function linesOf(header: string): Line[] | undefined {
  const lines: Line[] = [];
  for (const text of header.replace(/[\r\n]+$/, '').split(/\r?\n/)) {
    const last = lines.at(-1);
    if (text.startsWith(' ') || text.startsWith('\t')) {
      if (!last) return undefined;
      last.line += `\r\n${text}`;
    } else {
      const [, key] = /^([!-9;-~]+):/.exec(text) ?? [];
      if (key === undefined) return undefined;
      lines.push({ key: key.toLowerCase(), line: text });
    }
  }
  return lines;
}

/** The two parts between three lines `--boundary`, with nothing before and after them. */
function divided(body: Buffer, boundary: string): Buffer[] {
  const pieces = body.toString('latin1').split(`--${boundary}`);
  const [before, , , after = ''] = pieces;
  const parts = pieces.slice(1, -1);
  const isWhole = pieces.length === 4 && before === '' && /^--[\r\n]*$/.test(after);
  if (!isWhole || !parts.every(part => /^\r?\n/.test(part) && part.endsWith('\n'))) return [];
  // The line end before a boundary is of the boundary.
  return parts.map(part => Buffer.from(part.replace(/^\r?\n|\r?\n$/g, ''), 'latin1'));
}

/** As it is decoded (RFC 2045 6.7, 6.8), with plain line ends; undefined where it is not as it should be. */
function contentOf({ body, encoding }: Part): string | undefined {
  const bytes =
    encoding === 'quoted-printable' ? unquoted(body) : encoding === 'base64' ? fromBase64(body) : body;
  return bytes?.toString().replaceAll('\r\n', '\n');
}

function unquoted(body: Buffer): Buffer | undefined {
  const text = body.toString('latin1');
  if (/[\t ]$|=(?![0-9a-f]{2}|\r?\n)/im.test(text)) return undefined;
  const whole = text.replace(/=\r?\n/g, '');
  return Buffer.from(
    whole.replace(/=(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function fromBase64(body: Buffer): Buffer | undefined {
  const text = body.toString('latin1');
  return /^[a-z0-9+/\r\n]*={0,2}[\r\n]*$/i.test(text) ? Buffer.from(text, 'base64') : undefined;
}
