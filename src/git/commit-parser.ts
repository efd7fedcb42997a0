import { type Draft, type DraftCommit, type DraftOptions, openDraft } from './draft.ts';
import { GitFailure } from './failure.ts';

const FILE_START = Buffer.from('\ndiff --');

/**
 * Cuts what git diff-tree prints into commits and files. A commit comes when the next one begins, the last one when git has ended well.
 * A failure is handed on, and ends it: the commit shown last is held back, since git may have died in the middle of it, or over the next
 * one before its first byte. Holds no more than `maxSize` bytes of any commit's diff (in pieces, twice that).
 *
 * M stands for the mark, ␀ for NUL:
 *
 *   ␀M␀<id>␀<parents>␀<tree>␀<encoding>␀<author>␀<email>␀<date>␀<committer>␀<email>␀<date>␀<subject>␀<signature>␀<signer>␀<message>␀
 *
 *   diff --git a/f b/f
 *   ...
 *   diff --git a/g b/g
 *   ...␀M␀<next id>
 *
 * Lines of content begin with a blank, +, -, @ or \, so "LF diff --" is always the begin of the next file. Where git was asked for a
 * stat, it stands before the files.
 */
export async function* parseCommits(output: AsyncIterable<Buffer | GitFailure>, options: DraftOptions) {
  const mark = Buffer.from(`\0${options.mark}\0`);
  let draft: Draft | undefined;
  /** Commits that ended in one piece of output are judged together. */
  let ended: Draft[] = [];

  function end(): void {
    if (!draft) return;
    draft.closeFile();
    ended.push(draft);
    draft = undefined;
  }

  async function* judged(): AsyncGenerator<DraftCommit> {
    const all = ended;
    ended = [];
    const judges = await options.quiet?.(all.map(each => each.asked(true)));
    for (const [at, each] of all.entries()) yield* each.finish(judges?.[at]);
  }

  async function* nextFile(of: Draft): AsyncGenerator<DraftCommit> {
    of.closeFile();
    if (of.isFull()) {
      yield* judged();
      const [judge] = (await options.quiet?.([of.asked(false)])) ?? [];
      yield* of.keepClosed(judge);
    }
    of.openFile();
  }

  /** Consumes what is certain to belong to the present section and returns the rest. */
  async function* consume(bytes: Buffer, final: boolean): AsyncGenerator<DraftCommit, Buffer> {
    let at = 0;
    let markAt = bytes.indexOf(mark);
    for (;;) {
      if (draft?.inHeader()) {
        const end = bytes.indexOf(0, at);
        const stop = end < 0 ? bytes.length : end;
        draft.field(bytes.subarray(at, stop));
        if (end < 0) return bytes.subarray(stop);
        draft.closeField();
        at = end + 1;
        if (markAt >= 0 && markAt < at) markAt = bytes.indexOf(mark, at);
        continue;
      }
      const fileAt = draft ? bytes.indexOf(FILE_START, at) : -1;
      if (draft && fileAt >= 0 && (markAt < 0 || fileAt < markAt)) {
        draft.section(bytes.subarray(at, fileAt + 1));
        yield* nextFile(draft);
        at = fileAt + 1;
        // Step over the "d", so that this line is not found again as the begin of yet another file.
        draft.section(bytes.subarray(at, ++at));
      } else if (markAt >= 0) {
        draft?.section(bytes.subarray(at, markAt));
        end();
        draft = openDraft(options);
        at = markAt + mark.length;
        markAt = bytes.indexOf(mark, at);
      } else {
        // A mark or a file's begin may be cut in two by the end of this piece.
        const safe = final ? bytes.length : Math.max(at, bytes.length - mark.length);
        draft?.section(bytes.subarray(at, safe));
        return bytes.subarray(safe);
      }
    }
  }

  let carry: Buffer = Buffer.alloc(0);
  for await (const chunk of output) {
    if (chunk instanceof GitFailure) {
      yield chunk;
      return;
    }
    carry = yield* consume(carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk, false);
    if (ended.length > 0) yield* judged();
  }
  yield* consume(carry, true);
  end();
  yield* judged();
}
