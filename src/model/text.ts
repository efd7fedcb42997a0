import { isUtf8 } from 'node:buffer';
import { type Charset, guessCharset, WINDOWS_1252 } from './charset.ts';

/**
 * Bytes of any origin as the text that they most likely are: UTF-8 where they are valid UTF-8; else line by line, and the
 * lines that are not valid in the character set that they prove to be in, or as windows-1252. Never fails; every byte leaves a character.
 * @param text in a string, a character is a byte
 */
export function decode(text: Buffer | string): string {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const lines = splitLines(bytes);
  const charset = charsetOf(lines);
  return lines.map(line => readLine(line, charset)).join('');
}

/** The same for lines that have nothing to do with each other, such as lists of paths: each is read by itself. */
export function decodeLines(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : splitLines(bytes).map(decode).join('');
}

/** Text and, where it is not UTF-8, the character set in which it was read. */
export interface Decoded {
  readonly text: string;
  readonly charset?: string;
}

/**
 * The same for texts whose lines are compared, such as a diff: lines of different bytes become different text, but for what text can spell
 * itself (`<E9>`) and the few characters that Shift_JIS and its kin have twice. (By `decode`, the change of a file from Latin-1 to UTF-8 would
 * look like a change of nothing.) So a text is read in ONE character set; where a part of it is UTF-8 already, other bytes are written out: `caf<E9>`.
 */
export function decodeDistinct(bytes: Buffer): Decoded {
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  const lines = splitLines(bytes);
  const guess = charsetOf(lines);
  const mixed = lines.some(line => holdsUtf8(line) && !(guess && (!isUtf8(line) || byAccident(line, guess))));
  if (mixed) return { text: lines.map(marked).join('') };
  const charset = guess ?? WINDOWS_1252;
  return { text: lines.map(line => readAs(line, charset)).join(''), charset: charset.name };
}

function charsetOf(lines: readonly Buffer[]): Charset | undefined {
  return guessCharset(Buffer.concat(lines.filter(line => !isUtf8(line))));
}

function readLine(line: Buffer, charset: Charset | undefined): string {
  if (charset)
    return isUtf8(line) && !byAccident(line, charset) ? line.toString('utf8') : readAs(line, charset);
  return holdsUtf8(line) ? marked(line) : readAs(line, WINDOWS_1252);
}

/** True where a line is UTF-8, or UTF-8 with a few bad bytes: a character was cut in two, or rubbish stands beside it. */
function holdsUtf8(line: Buffer): boolean {
  const found = line.toString('latin1').match(UTF8) ?? [];
  const bad = found.filter(sequence => sequence.length === 1).length;
  return found.join('').length > 2 * bad;
}

/** A character or two of GB18030 or EUC may look like UTF-8 of two bytes a character; East Asian text in UTF-8 has three. */
function byAccident(line: Buffer, charset: Charset): boolean {
  const text = line.toString('utf8');
  return charset.wide && /[\u0080-\u07ff]/.test(text) && !/[\u0800-\u{10ffff}]/u.test(text);
}

/** Most bytes that git may have cut off from a character at the end of a line, such as the one that starts a hunk. */
const MOST_CUT = 3;

function readAs(line: Buffer, charset: Charset): string {
  const end = line.at(-1) === LF ? line.length - 1 : line.length;
  for (let cut = 0; cut <= Math.min(MOST_CUT, end); cut++) {
    const text = charset.read(line.subarray(0, end - cut));
    if (text !== undefined) return text + marked(line.subarray(end - cut));
  }
  return marked(line);
}

/** The byte sequences of UTF-8 (Unicode Standard, table 3-7), and any other byte; a byte is a character here. */
const UTF8 =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/** UTF-8 with every other byte written out. */
function marked(line: Buffer): string {
  return line
    .toString('latin1')
    .replace(UTF8, found =>
      found.length > 1 ? Buffer.from(found, 'latin1').toString('utf8') : byteSign(found),
    );
}

function byteSign(byte: string): string {
  return `<${byte.charCodeAt(0).toString(16).toUpperCase()}>`;
}

const LF = 0x0a;

/** The lines, each with its LF. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(LF, at);
    const stop = end < 0 ? bytes.length : end + 1;
    lines.push(bytes.subarray(at, stop));
    at = stop;
  }
  return lines;
}
