import {
  type Commit,
  type FileDiff,
  MOST_NAMED,
  type QuietFiles,
  type QuietReason,
} from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { capped, FIELD, type Kept, type Sink } from './capped.ts';
import { headOfDiff, pathOfDiff } from './diff-path.ts';
import { commitOf, FIELDS } from './diff-tree.ts';
import { keptFiles } from './kept-files.ts';
import type { Asked, Judge, QuietRule } from './quiet.ts';
import { countedStat, draftStat, lineCounter } from './stat.ts';

export interface DraftOptions {
  /** A fresh random word that no content can know: it marks where a commit begins in git's output. */
  readonly mark: string;
  /** Bytes of a commit's diff that are kept, as they count in a mail; of its message and of its stat, as many. */
  readonly maxSize: number;
  /** Why a file is shown in the stat only, if so. */
  readonly quiet?: QuietRule;
  /** Where it is read for several: the key of a file's group (`FileGroup`). */
  readonly groupOf?: (path: Buffer) => string;
  /**
   * What follows when the diff is larger than maxSize: `head` keeps the start of each file and counts the rest, `pieces` gives it
   * all, one piece after the other, each a commit of its own with as many files as maxSize allows.
   */
  readonly keep?: 'head' | 'pieces';
}

/** A commit as it comes out of the stream. */
export interface DraftCommit extends Commit {
  /** Its stat could not be counted, and is empty. */
  readonly uncounted?: true;
}

/** Bytes kept of fields that may be long; of the message, as many as of the diff. */
const LIMITS: Readonly<Record<string, number>> = { parents: 65_536, subject: 16_384 };
/** Bytes of diffs after which it is asked which of them are quiet: git takes longer to hear a question than to answer it. */
const ASKED_AT_ONCE = 65_536;

export type Draft = ReturnType<typeof openDraft>;

/** A commit while its bytes arrive. */
export function openDraft({ maxSize, groupOf, keep = 'head' }: DraftOptions) {
  const fields: Kept[] = [];
  const stat = draftStat(maxSize);
  const counted = countedStat();
  let lines = lineCounter();
  let field = capped(FIELD);
  let file: Sink<Kept> | undefined;
  /** Files of which nobody knows yet whether they are quiet, and the bytes of their diffs. */
  let closed: FileDiff[] = [];
  let unasked = 0;
  const files = keptFiles(maxSize);
  const named: QuietFiles['named'][number][] = [];
  let unnamed = 0;
  let isJudged = true;
  let isWhole = true;

  const fieldAt = (at: number) => (fields[at] ? decode(fields[at].text) : '');
  const id = () => fieldAt(0);

  function closeFile(): void {
    if (!file) return;
    const kept = file.end();
    file = undefined;
    const head = headOfDiff(kept.text);
    const path = pathOfDiff(head);
    counted.addFile(path, head, lines.end());
    closed.push({ path, ...kept });
    unasked += kept.text.length;
  }

  /** Returns the pieces that are full. */
  function keepClosed(judge: Judge | undefined): DraftCommit[] {
    const diffs = closed;
    closed = [];
    unasked = 0;
    return diffs.flatMap(diff => keepFile(diff, judge?.(diff)));
  }

  /** Returns the piece that the file no longer fits into. */
  function keepFile(diff: FileDiff, reason?: QuietReason | 'unknown'): DraftCommit[] {
    isJudged &&= reason !== 'unknown';
    if (reason && reason !== 'unknown') {
      if (named.length < MOST_NAMED) named.push({ path: Buffer.from(diff.path), reason });
      else unnamed++;
      return [];
    }
    const group = groupOf?.(diff.path) ?? '';
    const whole = group === '' ? diff : { ...diff, group };
    const isFull = keep === 'pieces' && !files.hasRoomFor(whole);
    isWhole &&= !isFull;
    const full = isFull ? [{ ...piece(), more: true as const }] : [];
    files.add(whole);
    return full;
  }

  /** What git has printed, as it does of a merge; or what was counted, unless a piece needs it before all of the diff has passed. */
  function statOf({ parents }: Commit): Partial<DraftCommit> {
    const printed = stat.end();
    if (parents.length > 1 || printed.stat.length > 0) return printed;
    const text = isWhole ? counted.end() : undefined;
    if (text === undefined) return { uncounted: true };
    stat.add(Buffer.from(text));
    return stat.end();
  }

  /** All that is held; what follows is another piece. */
  function piece(): DraftCommit {
    const commit = commitOf(fields);
    return {
      ...commit,
      ...statOf(commit),
      ...files.take(),
      ...(named.length > 0 ? { quiet: { named: [...named], more: unnamed } } : {}),
      ...(isJudged ? {} : { unjudged: true as const }),
    };
  }

  return {
    /** True until the last field of the header is closed. */
    inHeader: () => fields.length < FIELDS.length,
    /** Bytes of the field at hand. */
    field: (bytes: Buffer) => field.add(bytes),
    closeField() {
      fields.push(field.end());
      const next = FIELDS[fields.length] ?? '';
      field = capped(next === 'message' ? maxSize : (LIMITS[next] ?? FIELD));
    },
    /** Bytes of the section at hand: the stat, then each file in turn. */
    section(bytes: Buffer) {
      (file ?? stat).add(bytes);
      if (file) lines.add(bytes);
    },
    closeFile,
    openFile() {
      lines = lineCounter();
      file = capped(files.limit(id()));
    },
    /** True where its diffs should be judged before there are more of them. */
    isFull: () => unasked > ASKED_AT_ONCE,
    /** The diffs that nobody has judged yet. */
    asked: (isLast: boolean): Asked => ({
      commit: id(),
      diffs: closed,
      ...(isLast ? { parent: fieldAt(1) } : {}),
    }),
    keepClosed,
    finish: (judge: Judge | undefined) => [...keepClosed(judge), piece()],
  };
}
