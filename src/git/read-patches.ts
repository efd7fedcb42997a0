import { amPatch } from './am-patch.ts';
import { capped, type Kept } from './capped.ts';
import { diffTree, WHOLE_PATCH } from './diff-tree.ts';
import { isRefusal } from './failure.ts';
import type { Git } from './git.ts';
import { mailDate } from './ident.ts';

/**
 * Each commit as a patch that git-am(1) takes, in the order given, out of one git process; undefined for one that is
 * longer than `most` bytes, for a merge, and from the first commit on that git cannot show.
 */
export async function* readPatches(
  git: Git,
  ids: readonly string[],
  { mark, most }: { readonly mark: string; readonly most: number },
): AsyncGenerator<Buffer | undefined> {
  let given = 0;
  try {
    for await (const { id, patch } of readMarked(git, ids, mark, most)) {
      for (; ids[given] !== id; given++) yield undefined;
      yield patch;
      given++;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  for (; given < ids.length; given++) yield undefined;
}

/**
 * The fields of a commit, a NUL after each; git prints the diff after them.
 *
 *   ␀M␀<id>␀<parents>␀<author>␀<email>␀<date>␀<subject>␀<body>␀
 *   ---
 *    a.txt | 1 +
 */
const FIELDS = ['%H', '%P', '%an', '%ae', '%ad', '%s', '%b', ''].join('%x00');

async function* readMarked(
  git: Git,
  ids: readonly string[],
  mark: string,
  most: number,
): AsyncGenerator<{ readonly id: string; readonly patch: Buffer | undefined }> {
  const begin = Buffer.from(`\0${mark}\0`);
  const args = diffTree(`%x00${mark}%x00${FIELDS}`, WHOLE_PATCH);
  let section = capped(most);
  let first = true;
  let carry: Buffer = Buffer.alloc(0);
  for await (const chunk of git.stream(args, `${ids.join('\n')}\n`)) {
    carry = Buffer.concat([carry, chunk]);
    for (let at = carry.indexOf(begin); at >= 0; at = carry.indexOf(begin)) {
      section.add(carry.subarray(0, at));
      if (!first) yield patchOf(section.end(), most);
      first = false;
      section = capped(most);
      carry = carry.subarray(at + begin.length);
    }
    const safe = Math.max(0, carry.length - begin.length);
    section.add(carry.subarray(0, safe));
    carry = carry.subarray(safe);
  }
  section.add(carry);
  if (!first) yield patchOf(section.end(), most);
}

function patchOf({ text, lost }: Kept, most: number) {
  const fields = text.toString('latin1').split('\0');
  const [id = '', parents = '', name = '', email = '', date = '', subject = '', body = '', ...rest] = fields;
  const isMerge = parents.includes(' ');
  if (lost || isMerge || rest.length === 0) return { id, patch: undefined };
  const patch = amPatch({ id, name, email, date: mailDate(date), subject, body, diff: rest.join('\0') });
  return { id, patch: patch.length > most ? undefined : patch };
}
