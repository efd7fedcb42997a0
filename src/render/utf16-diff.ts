import type { Decoded } from '../model/text.ts';

/**
 * The hunks of a file in UTF-16, which git shows as text where an attribute tells it to; undefined for anything else.
 *
 * git knows only bytes and cuts lines behind each 0x0a, which is half of a line end; the other half, a NUL, stands at
 * the start of the next line (little-endian) or before the 0x0a (big-endian). Little-endian:
 *
 *   @@ -1,2 +1,2 @@
 *    F F F E a NUL CR NUL LF
 *   -NUL b NUL CR NUL LF
 */
export function decodeWide(body: Buffer): Decoded | undefined {
  if (!body.includes(0)) return undefined;
  for (const { name, strip, order } of ORDERS) {
    const text = readLines(body, strip, order);
    if (text !== undefined) return { text, charset: name };
  }
  return undefined;
}

const NUL = 0;

/** How each byte order leaves a line without the halves of line ends, in little-endian order. */
const ORDERS = [
  {
    name: 'UTF-16LE',
    strip: (line: Buffer) => (isOdd(line) && line[0] === NUL ? line.subarray(1) : line),
    order: (line: Buffer) => line,
  },
  {
    name: 'UTF-16BE',
    strip: (line: Buffer) => (isOdd(line) && line.at(-1) === NUL ? line.subarray(0, -1) : line),
    order: (line: Buffer) => Buffer.from(line).swap16(),
  },
];

const utf16 = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });

function readLines(
  body: Buffer,
  strip: (line: Buffer) => Buffer,
  order: (line: Buffer) => Buffer,
): string | undefined {
  // As many columns of signs as the file has parents, each for one more @ in the hunk's line.
  const columns = (/^@@(@*)/.exec(body.toString('latin1', 0, 100))?.[1]?.length ?? 0) + 1;
  let [ascii, all] = [0, 0];
  const lines: string[] = [];
  for (const line of body.toString('latin1').split('\n')) {
    if (line === '' || /^[@\\]/.test(line)) {
      lines.push(line);
      continue;
    }
    const content = strip(Buffer.from(line.slice(columns), 'latin1'));
    const text = isOdd(content) ? undefined : tryUtf16(order(content));
    if (text === undefined) return undefined;
    lines.push(line.slice(0, columns) + text);
    ascii += text.match(/[\t\r -~]/g)?.length ?? 0;
    all += text.length;
  }
  // Any bytes of even number are some UTF-16; this much ASCII in them is none by accident.
  return all > 0 && ascii >= all / 3 ? lines.join('\n') : undefined;
}

function tryUtf16(bytes: Buffer): string | undefined {
  try {
    return utf16.decode(bytes);
  } catch {
    return undefined;
  }
}

function isOdd(bytes: Buffer): boolean {
  return bytes.length % 2 === 1;
}
