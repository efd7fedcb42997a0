import { capped } from './capped.ts';
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
 * The head of a patch as git-format-patch(1) writes it. git-am(1) takes UTF-8 as it is.
 *
 *   ␀M␀<id>␀<parents>␀From <id> Mon Sep 17 00:00:00 2001
 *   From: …
 */
const HEAD = [
  'From %H Mon Sep 17 00:00:00 2001',
  'From: %an <%ae>',
  'Date: %ad',
  'Subject: [PATCH] %s',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=UTF-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  '%b',
].join('%n');

async function* readMarked(
  git: Git,
  ids: readonly string[],
  mark: string,
  most: number,
): AsyncGenerator<{ readonly id: string; readonly patch: Buffer | undefined }> {
  const begin = Buffer.from(`\0${mark}\0`);
  const args = diffTree(`%x00${mark}%x00%H%x00%P%x00${HEAD}`, WHOLE_PATCH);
  let section = capped(most);
  let first = true;
  let carry: Buffer = Buffer.alloc(0);
  for await (const chunk of git.stream(args, `${ids.join('\n')}\n`)) {
    carry = Buffer.concat([carry, chunk]);
    for (let at = carry.indexOf(begin); at >= 0; at = carry.indexOf(begin)) {
      section.add(carry.subarray(0, at));
      if (!first) yield patchOf(section.end());
      first = false;
      section = capped(most);
      carry = carry.subarray(at + begin.length);
    }
    const safe = Math.max(0, carry.length - begin.length);
    section.add(carry.subarray(0, safe));
    carry = carry.subarray(safe);
  }
  section.add(carry);
  if (!first) yield patchOf(section.end());
}

function patchOf({ text, lost }: ReturnType<ReturnType<typeof capped>['end']>) {
  const [idEnd, parentsEnd] = [text.indexOf(0), text.indexOf(0, text.indexOf(0) + 1)];
  const id = text.toString('latin1', 0, idEnd);
  const isMerge = text.subarray(idEnd, parentsEnd).includes(0x20);
  return { id, patch: lost || isMerge ? undefined : withMailDate(text.subarray(parentsEnd + 1)) };
}

/** git prints the number, since it dies of some dates that it is to print in words. */
function withMailDate(patch: Buffer): Buffer {
  const start = patch.indexOf('\nDate: ') + '\nDate: '.length;
  const end = patch.indexOf(0x0a, start);
  const date = mailDate(patch.toString('latin1', start, end));
  return Buffer.concat([patch.subarray(0, start), Buffer.from(date), patch.subarray(end)]);
}
