import { amPatch } from './am-patch.ts';
import { capped, type Kept } from './capped.ts';
import { type Ask, askCommits } from './conversation.ts';
import { diffTree, WHOLE_PATCH } from './diff-tree.ts';
import type { Git } from './git.ts';
import { mailDate } from './ident.ts';

/**
 * The fields of a commit, a NUL after each; git prints the diff after them.
 *
 *   <id>␀<parents>␀<author>␀<email>␀<date>␀<subject>␀<body>␀
 *   ---
 *    a.txt | 1 +
 */
const FIELDS = ['%H', '%P', '%an', '%ae', '%ad', '%s', '%b', ''].join('%x00');

/**
 * Asks for commits as patches that git-am(1) takes; undefined for one that is longer than `most` bytes, for a merge, and for one
 * that git cannot show.
 *
 * @param git of a `whileRead`
 */
export function openPatches(git: Git, mark: string, most: number): Ask<string, Buffer> {
  const ask = askCommits(git, diffTree(FIELDS, WHOLE_PATCH), mark, () => capped(most));
  return async id => {
    const patch = patchOf(await ask(id));
    return patch && patch.length <= most ? patch : undefined;
  };
}

function patchOf(printed: Kept | undefined): Buffer | undefined {
  const fields = printed?.text.toString('latin1').split('\0') ?? [];
  const [id = '', parents = '', name = '', email = '', date = '', subject = '', body = '', ...rest] = fields;
  const isMerge = parents.includes(' ');
  if (printed?.lost || isMerge || rest.length === 0) return undefined;
  return amPatch({ id, name, email, date: mailDate(date), subject, body, diff: rest.join('\0') });
}
