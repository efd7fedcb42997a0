import { isRefusal } from './failure.ts';
import type { Git } from './git.ts';

/** Bytes of all objects asked for together. Those behind them are missing from the answer. */
const MOST = 16 << 20;

/**
 * The contents of objects by the ids asked for, out of one git process. An object that is not there is missing from the
 * answer, and so are those that git did not come to.
 *
 *   <name> missing LF
 *   <id> SP <type> SP <size> LF <size bytes> LF
 */
export async function readObjects(
  git: Git,
  ids: readonly string[],
  most = MOST,
): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  if (ids.length === 0) return found;
  const bytes = await begin(git, ['cat-file', '--batch'], ids.map(id => `${id}\n`).join(''), most);
  let at = 0;
  for (const id of ids) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    const size = /^[0-9a-f]+ [a-z]+ (\d+)$/.exec(bytes.toString('latin1', at, end))?.[1];
    at = end + 1;
    if (size === undefined) continue;
    const stop = at + Number(size);
    if (stop > bytes.length) break;
    found.set(id, bytes.subarray(at, stop));
    at = stop + 1;
  }
  return found;
}

/** What git prints, or as much of it as is looked at. */
async function begin(git: Git, args: readonly string[], input: string, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of git.stream(args, input)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) break;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return Buffer.concat(chunks);
}
