/** A stored mail as its reader would see it. */
export interface DecodedMail {
  /** In their order, each on one line, encoded words decoded. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}

/**
 * The inverse of composeForWire and composeReadable, for what they make: LF line ends, text in UTF-8, as 7bit, 8bit,
 * quoted-printable or base64; of an attached file the name and the text. What it does not know stays as it stands. Never
 * fails.
 */
export function decodeMail(bytes: Buffer): DecodedMail {
  const { headers } = opened(bytes);
  return { headers, text: decodedText(bytes) };
}

/** Of a text and its HTML the text; of other parts each, a file under its name (RFC 2046, 5.1). */
function decodedText(bytes: Buffer): string {
  const { field, body } = opened(bytes);
  const [, kind, boundary] =
    /^multipart\/(mixed|alternative); boundary="([^"]+)"$/.exec(field('content-type')) ?? [];
  if (boundary === undefined) return decodedBody(body, field(ENCODING));
  const [, ...parts] = `\n${body.toString('latin1')}`.split(`\n--${boundary}`).slice(0, -1);
  const texts = parts.slice(0, kind === 'mixed' ? parts.length : 1).map(part => {
    const bytes = Buffer.from(part.slice(1), 'latin1');
    const name = /filename="([^"]+)"/.exec(opened(bytes).field('content-disposition'))?.[1];
    return `${name === undefined ? '' : `[${name}]\n\n`}${decodedText(bytes)}`;
  });
  return texts.join('\n');
}

const ENCODING = 'content-transfer-encoding';

/** A message, or a part of one, at its blank line. Headers are unfolded as RFC 5322 2.2.3 has it: the line end goes, the blank after it stays. */
function opened(bytes: Buffer) {
  const end = bytes.indexOf('\n\n');
  const head = end < 0 ? bytes : bytes.subarray(0, end);
  const lines = head
    .toString('utf8')
    .replace(/\n(?=[ \t])/g, '')
    .split('\n');
  const headers = lines.map((line): [string, string] => {
    const [, name = '', value = line] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? [];
    return [name, decodedWords(value)];
  });
  const field = (name: string) => headers.find(([found]) => found.toLowerCase() === name)?.[1] ?? '';
  return { headers, field, body: end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 2) };
}

function decodedBody(body: Buffer, encoding: string): string {
  if (/^base64$/i.test(encoding)) return Buffer.from(body.toString('latin1'), 'base64').toString('utf8');
  if (!/^quoted-printable$/i.test(encoding)) return body.toString('utf8');
  // Lines that go on in the next one (RFC 2045, 6.7, rule 5) are one.
  return unquoted(body.toString('latin1').replace(/=[ \t]*\n/g, '')).toString('utf8');
}

/** The bytes that a text such as `caf=C3=A9` stands for. */
function unquoted(text: string): Buffer {
  const decoded = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}

const WORD = String.raw`=\?utf-8\?[qb]\?[^? ]*\?=`;
const WORDS = new RegExp(`${WORD}(?:[ \\t]+${WORD})*`, 'gi');

/** Blanks between two encoded words only part them (RFC 2047, 6.2). A character may start in one and end in the next. */
function decodedWords(value: string): string {
  return value.replace(WORDS, words => Buffer.concat(words.split(/[ \t]+/).map(wordBytes)).toString('utf8'));
}

function wordBytes(word: string): Buffer {
  const [, , kind = '', content = ''] = word.split('?');
  if (kind.toUpperCase() === 'B') return Buffer.from(content, 'base64');
  return unquoted(content.replaceAll('_', ' '));
}
