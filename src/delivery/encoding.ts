import { encode as encodeBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import { encode as encodeQuoted } from 'nodemailer/lib/qp';

/** How a body travels (RFC 2045 section 6). */
export type Encoding = '7bit' | '8bit' | 'quoted-printable' | 'base64';

/** RFC 2045 6.7, rule 5, for quoted-printable; whatever is as short as that needs no encoding for its length either. */
const LONGEST_LINE = 76;
const LONG_LINE = new RegExp(`^.{${LONGEST_LINE + 1}}`, 'm');
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OTHERS = /[\x00-\x08\x0b-\x1f\x7f-\uffff]/g;
/** In a mailbox file another message starts here; some programs write a `>` before it, and some take one away. */
const FROM_LINE = /^>*From /m;

/** Whether a line of a text would be changed in a mailbox file, or would end the message there. */
export function hasFromLine(text: string): boolean {
  return FROM_LINE.test(text);
}

/** The most readable form in which nothing on the way changes a text: as it is, or quoted-printable while most of it is ASCII. */
export function encodingFor(text: string): Encoding {
  const others = text.match(OTHERS)?.length ?? 0;
  if (others === 0 && !LONG_LINE.test(text) && !hasFromLine(text)) return '7bit';
  return others * 3 < text.length ? 'quoted-printable' : 'base64';
}

/** Bytes in their encoding, with LF line ends. */
export function encoded(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'quoted-printable') return quoted(bytes);
  if (encoding === 'base64') return `${wrapBase64(encodeBase64(bytes))}\n`.replaceAll('\r\n', '\n');
  return bytes.toString(encoding === '7bit' ? 'latin1' : 'utf8');
}

const [TAB, LF, BLANK, MARK, EQUALS, F, TILDE] = [0x09, 0x0a, 0x20, 0x3e, 0x3d, 0x46, 0x7e];
/** A line that is broken has more than this in each of its pieces but the last. */
const SHORT_PIECE = 50;

/**
 * Bytes that a text has at the most in any encoding of `encodingFor`, line ends counted twice: what quoted-printable makes of it. To compose it
 * takes ten times as long.
 */
export function mostEncoded(text: string): number {
  const bytes = Buffer.from(text);
  let escapes = 0;
  let lines = 1;
  let before = LF;
  for (const byte of bytes) {
    if (byte === LF) {
      lines++;
      if (before === BLANK || before === TAB) escapes++;
    } else if (byte < BLANK ? byte !== TAB : byte > TILDE || byte === EQUALS) escapes++;
    else if (before === LF && (byte === F || byte === MARK)) escapes++;
    before = byte;
  }
  const unbroken = bytes.length + 2 * (escapes + 1);
  // `=` and a line end.
  return unbroken + lines + 3 * Math.ceil(unbroken / SHORT_PIECE);
}

/**
 * `Gr=C3=BC=C3=9Fe`. Only a line that is too long is broken, so that people and grep can read the others. A CR is a byte as any other, since
 * a line ends with LF here.
 */
function quoted(bytes: Buffer): string {
  const text = encodeQuoted(bytes).replaceAll('\r', '=0D');
  const marked = hasFromLine(text) ? text.replace(/^(?=>*From )./gm, escaped) : text;
  return marked
    .split('\n')
    .map(line => (line.length > LONGEST_LINE ? broken(line) : line))
    .join('\n');
}

function escaped(first: string): string {
  return first === 'F' ? '=46' : '=3E';
}

/** Neither an `=XX` nor, where it can be helped, a character of several bytes is broken in two. */
function broken(line: string): string {
  const pieces: string[] = [];
  let at = 0;
  while (line.length - at > LONGEST_LINE) {
    let end = at + LONGEST_LINE - 1;
    if (line[end - 1] === '=') end -= 1;
    else if (line[end - 2] === '=') end -= 2;
    while (/^=[89AB]/.test(line.slice(end, end + 2)) && end - at > LONGEST_LINE / 2) end -= 3;
    pieces.push(line.slice(at, end));
    at = end;
  }
  return [...pieces, line.slice(at)].join('=\n');
}
