import { type Draft, type DraftCommit, type DraftOptions, openDraft } from './draft.ts';

/*
 * What git diff-tree prints for one commit; M stands for the mark, ␀ for NUL:
 *
 *   ␀M␀<id>␀<parents>␀<tree>␀<encoding>␀<author>␀<email>␀<date>␀<committer>␀<email>␀<date>␀<subject>␀<signature>␀<signer>␀<message>␀
 *
 *   diff --git a/f b/f
 *   ...
 *   diff --git a/g b/g
 *   ...␀M␀<next id>
 *
 * The mark is a random word, so no content can imitate it. Lines of content begin with a blank, +, -, @ or \, so
 * "LF diff --" is always the begin of the next file. Where git was asked for a stat, it stands before the files.
 */

const FILE_START = Buffer.from('\ndiff --');

export interface ParserOptions extends DraftOptions {
  /** A fresh random word that no content can know: it marks where a commit begins in git's output. */
  readonly mark: string;
}

export interface CommitParser {
  /** Takes the next piece of git's output and returns the commits that it completes. Rejects as `DraftOptions.quiet` does. */
  push(chunk: Buffer): Promise<DraftCommit[]>;
  /** The output has ended well: returns the last commit. */
  end(): Promise<DraftCommit[]>;
}

/** Cuts git's stream of bytes into commits and files. Holds no more than `maxSize` bytes of any commit's diff (in pieces, twice that). */
export function commitParser(options: ParserOptions): CommitParser {
  const mark = Buffer.from(`\0${options.mark}\0`);
  let carry: Buffer = Buffer.alloc(0);
  let draft: Draft | undefined;

  /** Consumes what is certain to belong to the present section and returns the rest. */
  async function consume(bytes: Buffer, final: boolean, done: DraftCommit[]): Promise<Buffer> {
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
        done.push(...(await draft.openFile()));
        at = fileAt + 1;
        // Step over the "d", so that this line is not found again as the begin of yet another file.
        draft.section(bytes.subarray(at, ++at));
        continue;
      }
      if (markAt >= 0) {
        if (draft) {
          draft.section(bytes.subarray(at, markAt));
          done.push(...(await draft.finish()));
        }
        draft = openDraft(options);
        at = markAt + mark.length;
        markAt = bytes.indexOf(mark, at);
        continue;
      }
      // A mark or a file's begin may be cut in two by the end of this piece.
      const safe = final ? bytes.length : Math.max(at, bytes.length - mark.length);
      draft?.section(bytes.subarray(at, safe));
      return bytes.subarray(safe);
    }
  }

  return {
    async push(chunk) {
      const done: DraftCommit[] = [];
      carry = await consume(carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk, false, done);
      return done;
    },
    async end() {
      const done: DraftCommit[] = [];
      await consume(carry, true, done);
      if (draft) done.push(...(await draft.finish()));
      draft = undefined;
      return done;
    },
  };
}
