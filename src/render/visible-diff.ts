import { type Decoded, decodeDistinct } from '../model/text.ts';
import { visible, visibleExactly } from './visible.ts';

/**
 * One file's diff as text in which every character can be seen, and in which lines that differ look different. `git apply` passes over the notes in front.
 *
 * - Line ends: where every line that the diff shows ends with CR LF, a note says so in their place. Where only some do, each CR is
 *   written as `<U+000D>`: a change of line ends must not look like a change of nothing.
 * - Character sets: what is not UTF-8 is read in another one, and a note says in which.
 */
export function visibleDiff(diff: Buffer): string {
  const bodyAt = firstHunk(diff);
  const head = visible(decodeDistinct(diff.subarray(0, bodyAt)).text);
  const hunks = diff.subarray(bodyAt);
  const { text, charset } = decodeWide(hunks) ?? decodeDistinct(hunks);
  const body = withLineEnds(text);
  const notes = [
    ...(charset === undefined ? [] : [`[This file is not UTF-8. It is shown as ${charset}.]\n`]),
    ...(body.windows ? ['[The lines of this file end with CR LF.]\n'] : []),
  ];
  return [...notes, head, body.text].join('');
}

/** Where the head of names and modes ends. A text without one, the second part of a long diff, is all body. */
function firstHunk(diff: Buffer): number {
  if (!/^diff --/.test(diff.toString('latin1', 0, 8))) return 0;
  const at = diff.indexOf('\n@@');
  return at < 0 ? diff.length : at + 1;
}

function withLineEnds(body: string): { readonly text: string; readonly windows: boolean } {
  if (!body.includes('\r')) return { text: visibleExactly(body), windows: false };
  const lines = body.split('\n');
  const ended = lines.filter((line, at) => isEnded(line, lines[at + 1]));
  const windows = ended.length > 0 && ended.every(line => line.endsWith('\r'));
  const text = windows
    ? lines.map((line, at) => (isEnded(line, lines[at + 1]) ? line.slice(0, -1) : line)).join('\n')
    : body;
  return { text: visibleExactly(text), windows };
}

/** True for a line of the file that has a line end there; `\ No newline at end of file` follows one that has none. */
function isEnded(line: string, next: string | undefined): boolean {
  return next !== undefined && !line.startsWith('@@') && !line.startsWith('\\') && !next.startsWith('\\');
}

/**
 * The hunks of a file in UTF-16, which git shows as text where an attribute tells it to; undefined for anything else. git cuts lines after
 * each 0x0a, which is half of a line end; the other half starts the next line (little-endian) or is before the 0x0a (big-endian):
 *
 *   @@ -1,2 +1,2 @@
 *    F F F E a NUL CR NUL LF
 *   -NUL b NUL CR NUL LF
 */
function decodeWide(body: Buffer): Decoded | undefined {
  if (!body.includes(0)) return undefined;
  for (const { name, half, decoder } of ORDERS) {
    const text = readLines(body, half, decoder);
    if (text !== undefined) return { text, charset: name };
  }
  return undefined;
}

/** In little-endian order a line starts with the NUL of the line end before it, in big-endian order it ends with that of its own. */
const ORDERS = [
  { name: 'UTF-16LE', half: 0, decoder: new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true }) },
  { name: 'UTF-16BE', half: -1, decoder: new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true }) },
];

type Decoder = (typeof ORDERS)[number]['decoder'];

function readLines(body: Buffer, half: number, decoder: Decoder): string | undefined {
  // As many columns of signs as the file has parents, each for one more @ in the hunk's line.
  const columns = (/^@@(@*)/.exec(body.toString('latin1', 0, 100))?.[1]?.length ?? 0) + 1;
  let [ascii, all] = [0, 0];
  const lines: string[] = [];
  for (const line of body.toString('latin1').split('\n')) {
    if (line === '' || /^[@\\]/.test(line)) {
      lines.push(line);
      continue;
    }
    const content = Buffer.from(line.slice(columns), 'latin1');
    const isHalved = content.length % 2 === 1 && content.at(half) === 0;
    const whole = half === 0 ? content.subarray(1) : content.subarray(0, -1);
    const text = tryDecode(decoder, isHalved ? whole : content);
    if (text === undefined) return undefined;
    lines.push(line.slice(0, columns) + text);
    ascii += text.match(/[\t\r -~]/g)?.length ?? 0;
    all += text.length;
  }
  // Any bytes of even number are some UTF-16; this much ASCII in them is none by accident.
  return all > 0 && ascii >= all / 3 ? lines.join('\n') : undefined;
}

function tryDecode(decoder: Decoder, bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
