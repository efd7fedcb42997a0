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
  const { headers, body } = opened(bytes);
  const boundary = /^multipart\/mixed; boundary="([^"]+)"$/.exec(fieldOf(headers, 'content-type') ?? '')?.[1];
  return {
    headers,
    text: boundary === undefined ? decodedPart(headers, body) : decodedParts(body, boundary),
  };
}

/** A message, or a part of one, at its blank line. */
function opened(bytes: Buffer) {
  const end = bytes.indexOf('\n\n');
  const head = end < 0 ? bytes : bytes.subarray(0, end);
  const body = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 2);
  return { headers: fields(head.toString('utf8')), body };
}

type Headers = DecodedMail['headers'];

function fieldOf(headers: Headers, name: string): string | undefined {
  return headers.find(([found]) => found.toLowerCase() === name)?.[1];
}

function decodedPart(headers: Headers, body: Buffer): string {
  return decodedBody(body, fieldOf(headers, 'content-transfer-encoding')?.toLowerCase());
}

/** The text, then each file under its name (RFC 2046, 5.1). */
function decodedParts(body: Buffer, boundary: string): string {
  const [, ...parts] = `\n${body.toString('latin1')}`.split(`\n--${boundary}`).slice(0, -1);
  const texts = parts.map(part => {
    const { headers, body } = opened(Buffer.from(part.slice(1), 'latin1'));
    const name = /filename="([^"]+)"/.exec(fieldOf(headers, 'content-disposition') ?? '')?.[1];
    return `${name === undefined ? '' : `[${name}]\n\n`}${decodedPart(headers, body)}`;
  });
  return texts.join('\n');
}

/** Unfolded as RFC 5322 2.2.3 has it: the line end goes, the blank after it stays. */
function fields(head: string): [string, string][] {
  return head
    .replace(/\n(?=[ \t])/g, '')
    .split('\n')
    .map(line => {
      const [, name = '', value = line] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? [];
      return [name, decodedWords(value)];
    });
}

function decodedBody(body: Buffer, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return unquoted(withoutSoftEnds(body)).toString('utf8');
  return body.toString('utf8');
}

/** Lines that go on in the next one (RFC 2045, 6.7, rule 5) are one. */
function withoutSoftEnds(body: Buffer): string {
  return body.toString('latin1').replace(/=[ \t]*\n/g, '');
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
