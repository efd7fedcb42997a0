import { encodeWord } from 'nodemailer/lib/mime-funcs';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const BLANK = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g;

/** The length of a word that could not be folded under the 998 octets of RFC 5322 2.1.1, with room for the header's name. */
const UNFOLDABLE = 900;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** RFC 2047 section 2 allows 75 characters for an encoded word; shorter ones leave room for the header's name. */
const ENCODED_WORD_LENGTH = 52;
const LONGEST_NAME = 200;

/**
 * A header's value on one line: control characters, line ends of every kind and runs of blanks become one blank.
 * Long runs must go, because folding there makes lines of nothing but blanks, which some parsers take for the end
 * of the header.
 */
export function oneLine(value: string): string {
  return value.replace(BLANK, ' ').trim();
}

/** One line of so many characters at the most. */
export function shortLine(value: string, most: number): string {
  return Array.from(oneLine(value).slice(0, 2 * most))
    .slice(0, most)
    .join('');
}

/**
 * An unstructured value (RFC 5322 2.2.1) as it goes into the header: as it is, or as encoded words (RFC 2047) if it
 * is not ASCII, or cannot be folded. What only looks like an encoded word is encoded too, or readers would decode it.
 */
export function encodeText(value: string): string {
  const line = oneLine(value);
  if (PRINTABLE.test(line) && !line.includes('=?') && isFoldable(line)) return line;
  return encodeWord(line, shorterEncoding(line), ENCODED_WORD_LENGTH);
}

function isFoldable(line: string): boolean {
  return line.length < UNFOLDABLE || line.split(' ').every(word => word.length < UNFOLDABLE);
}

/**
 * A display name that is safe in front of an address. Readers also decode encoded words inside quoted strings, though
 * RFC 2047 section 5 forbids it, so a name that holds the look of one gets a blank into it.
 */
export function displayName(name: string): string {
  return shortLine(name, LONGEST_NAME).replaceAll('=?', '= ?').trim();
}

/** Q keeps text readable that is mostly ASCII; for other scripts it triples the length, where B adds a third. */
function shorterEncoding(line: string): 'Q' | 'B' {
  const others = Buffer.byteLength(line.replace(/[\x20-\x7e]+/g, ''));
  return others * 3 < line.length ? 'Q' : 'B';
}
