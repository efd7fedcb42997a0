import type { Commit, FileDiff } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { type Capped, capped } from './capped.ts';
import { pathOfDiff } from './diff-path.ts';

/*
 * What git diff-tree prints for one commit; M stands for the mark, ␀ for NUL:
 *
 *   ␀M␀<id>␀<parents>␀<tree>␀<author>␀<email>␀<date>␀<committer>␀<email>␀<date>␀<subject>␀<message>␀
 *   ---
 *    <stat>
 *
 *   diff --git a/f b/f
 *   ...
 *   diff --git a/g b/g
 *   ...␀M␀<next id>
 *
 * The mark is a random word, so no content can imitate it. Lines of content begin with a blank, +, -, @ or \, so
 * "LF diff --" is always the begin of the next file. A merge has an empty line where others have "---".
 */

/** Bytes kept of a field of the header other than the message. */
const FIELD = 16_384;
const FILE_START = Buffer.from('\ndiff --');
const FIELDS = 11;

export interface CommitParser {
  /** Takes the next piece of git's output and returns the commits that it completes. */
  push(chunk: Buffer): Commit[];
  /** The output has ended well: returns the last commit. */
  end(): Commit[];
}

/** Cuts git's stream of bytes into commits and files. Holds no more than `maxSize` bytes of any commit's diff. */
export function commitParser(options: { readonly maxSize: number; readonly mark: string }): CommitParser {
  const mark = Buffer.from(`\0${options.mark}\0`);
  let carry: Buffer = Buffer.alloc(0);
  let draft: Draft | undefined;

  /** Consumes what is certain to belong to the present section and returns the rest. */
  function consume(bytes: Buffer, final: boolean, done: Commit[]): Buffer {
    let at = 0;
    let markAt = bytes.indexOf(mark);
    for (;;) {
      if (draft && draft.fields.length < FIELDS) {
        const end = bytes.indexOf(0, at);
        const stop = end < 0 ? bytes.length : end;
        draft.field.add(bytes.subarray(at, stop));
        if (end < 0) return bytes.subarray(stop);
        closeField(draft, options.maxSize);
        at = end + 1;
        if (markAt >= 0 && markAt < at) markAt = bytes.indexOf(mark, at);
        continue;
      }
      const fileAt = draft ? bytes.indexOf(FILE_START, at) : -1;
      if (draft && fileAt >= 0 && (markAt < 0 || fileAt < markAt)) {
        draft.section.add(bytes.subarray(at, fileAt + 1));
        openFile(draft);
        at = fileAt + 1;
        // Step over the "d", so that this line is not found again as the begin of yet another file.
        draft.section.add(bytes.subarray(at, ++at));
        continue;
      }
      if (markAt >= 0) {
        if (draft) {
          draft.section.add(bytes.subarray(at, markAt));
          done.push(finish(draft));
        }
        draft = newDraft(options.maxSize);
        at = markAt + mark.length;
        markAt = bytes.indexOf(mark, at);
        continue;
      }
      // A mark or a file's begin may be cut in two by the end of this piece.
      const safe = final ? bytes.length : Math.max(at, bytes.length - mark.length);
      draft?.section.add(bytes.subarray(at, safe));
      return bytes.subarray(safe);
    }
  }

  return {
    push(chunk) {
      const done: Commit[] = [];
      carry = consume(carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk, false, done);
      return done;
    },
    end() {
      const done: Commit[] = [];
      consume(carry, true, done);
      if (draft) done.push(finish(draft));
      draft = undefined;
      return done;
    },
  };
}

/** A commit while its bytes arrive. */
interface Draft {
  readonly fields: Buffer[];
  field: Capped;
  readonly stat: Capped;
  readonly files: FileDiff[];
  /** The stat, then each file in turn. */
  section: Capped;
  readonly room: { bytes: number };
  readonly lost: { bytes: number; lines: number; files: number };
}

function newDraft(maxSize: number): Draft {
  const stat = capped(maxSize);
  return {
    fields: [],
    field: capped(FIELD),
    stat,
    files: [],
    section: stat,
    room: { bytes: maxSize },
    lost: { bytes: 0, lines: 0, files: 0 },
  };
}

function closeField(draft: Draft, maxSize: number): void {
  draft.fields.push(draft.field.kept());
  draft.field = capped(draft.fields.length === FIELDS - 1 ? maxSize : FIELD);
}

function openFile(draft: Draft): void {
  closeFile(draft);
  draft.section = capped(draft.room.bytes);
}

function closeFile(draft: Draft): void {
  if (draft.section === draft.stat) return;
  const text = draft.section.kept();
  draft.lost.bytes += draft.section.lost.bytes;
  draft.lost.lines += draft.section.lost.lines;
  if (text.length > 0) draft.files.push({ path: pathOfDiff(text), text });
  else draft.lost.files++;
  // After the first cut nothing more is shown: a mail that skips one file and shows the next would mislead.
  draft.room.bytes = draft.section.lost.bytes > 0 ? 0 : draft.room.bytes - text.length;
}

function finish(draft: Draft): Commit {
  closeFile(draft);
  const text = draft.fields.map(decode);
  const [id, parents, tree, authorName, authorEmail, authorDate] = text as [string, ...string[]];
  const [committerName, committerEmail, committerDate, subject, message] = text.slice(6) as string[];
  return {
    ...emptyCommit(id),
    parents: parents ? parents.split(' ') : [],
    tree: tree ?? '',
    author: { name: authorName ?? '', email: authorEmail ?? '', date: authorDate ?? '' },
    committer: { name: committerName ?? '', email: committerEmail ?? '', date: committerDate ?? '' },
    subject: subject ?? '',
    message: (message ?? '').replace(/\n+$/, ''),
    stat: trimStat(draft.stat.kept()),
    files: draft.files,
    ...(draft.lost.bytes > 0 ? { missing: draft.lost } : {}),
  };
}

/** A commit of which nothing is known but its name. */
export function emptyCommit(id: string): Commit {
  const nobody = { name: '', email: '', date: '' };
  return {
    id,
    parents: [],
    tree: '',
    author: nobody,
    committer: nobody,
    subject: '',
    message: '',
    stat: Buffer.alloc(0),
    files: [],
  };
}

/** `LF --- LF <stat> LF LF` (or `LF LF <stat> …` for a merge) without what frames it. */
function trimStat(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 0x0a || bytes[start] === 0x2d) start++;
  let end = bytes.length;
  while (end > start && bytes[end - 1] === 0x0a) end--;
  return end > start ? bytes.subarray(start, end + 1) : Buffer.alloc(0);
}
