import type { Commit, FileDiff, Loss, Missing, QuietFiles, QuietReason } from '../model/commit.ts';
import { cutDiffAt, lossOf, shares, sumOf } from '../model/cut.ts';
import { decode } from '../model/text.ts';
import { capped, FIELD, type Kept, type Sink } from './capped.ts';
import { countedStat, lineCounter } from './counted-stat.ts';
import { headOfDiff, pathOfDiff } from './diff-path.ts';
import { commitOf, FIELDS } from './diff-tree.ts';
import { draftStat } from './draft-stat.ts';
import type { QuietRule } from './quiet.ts';

export interface DraftOptions {
  /** Bytes of a commit's diff that are kept, as they count in a mail; of its message and of its stat, as many. */
  readonly maxSize: number;
  /** Why a file is shown in the stat only, if so. */
  readonly quiet?: QuietRule;
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

/** A commit while its bytes arrive. */
export interface Draft {
  /** True until the last field of the header is closed. */
  readonly inHeader: () => boolean;
  /** Bytes of the field at hand. */
  field(bytes: Buffer): void;
  closeField(): void;
  /** Bytes of the section at hand: the stat, then each file in turn. */
  section(bytes: Buffer): void;
  /** A file begins. Returns the piece that it no longer fits into. */
  openFile(): Promise<DraftCommit[]>;
  finish(): Promise<DraftCommit[]>;
}

/** Bytes kept of fields that may be long; of the message, as many as of the diff. */
const LIMITS: Readonly<Record<string, number>> = { parents: 65_536, subject: 16_384 };
/** Bytes of a file that are always looked at: its path stands in them. */
const HEAD = 8192;
/** Quiet files that are named. */
const NAMED = 10;
const NOTHING: Missing = { bytes: 0, lines: 0, files: 0 };
/** Digits of an object name that a mail shows on an index line. */
const SHOWN_DIGITS = 7;

export function openDraft(options: DraftOptions): Draft {
  const { maxSize, keep = 'head' } = options;
  const fields: Kept[] = [];
  const stat = draftStat(maxSize);
  const counted = countedStat();
  let lines = lineCounter();
  let field = capped(FIELD);
  let file: Sink<Kept> | undefined;
  let files: FileDiff[] = [];
  /** Bytes of these, as they count in a mail. */
  let held = 0;
  /** Files of which nothing is kept. */
  let dropped = NOTHING;
  let quiet: QuietFiles = { named: [], more: 0 };
  let isJudged = true;
  let isWhole = true;

  async function closeFile(): Promise<DraftCommit[]> {
    if (!file) return [];
    const { text, lost } = file.end();
    file = undefined;
    const head = headOfDiff(text);
    const path = pathOfDiff(head);
    counted.addFile(path, head, lines.end());
    const reason = await options.quiet?.(path, textOf(fields[0]), text);
    isJudged &&= reason !== 'unknown';
    if (reason && reason !== 'unknown') {
      quiet = withQuiet(quiet, path, reason);
      return [];
    }
    const whole = { path, text, ...(lost ? { lost } : {}) };
    const isFull =
      keep === 'pieces' && files.length > 0 && (lost !== undefined || held + sizeOf(whole) > maxSize);
    isWhole &&= !isFull;
    const full = isFull ? [{ ...piece(), more: true as const }] : [];
    if (isFull) {
      files = [];
      held = 0;
      dropped = NOTHING;
    }
    files.push(whole);
    held += sizeOf(whole);
    // Seldom, since each file is looked at.
    if (held > 2 * maxSize) squeeze();
    return full;
  }

  /** An index line is shown with short names, in a mail it takes less than here. */
  const spared = () => 2 * (textOf(fields[0]).length - SHOWN_DIGITS);
  const sizeOf = ({ text }: FileDiff) => Math.max(0, text.length - spared());

  /** Leaves each file its share of what may be kept. */
  function squeeze(): void {
    const room = shares(files.map(sizeOf), maxSize);
    files = files.flatMap((whole, at) => {
      const share = room[at] ?? 0;
      const kept = share < sizeOf(whole) ? cutFile(whole, share + spared()) : whole;
      if (kept.text.length > 0) return [kept];
      dropped = { ...sumOf(dropped, kept.lost), files: dropped.files + 1 };
      return [];
    });
    held = files.reduce((sum, each) => sum + sizeOf(each), 0);
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

  function piece(): DraftCommit {
    squeeze();
    const missing = {
      ...files.reduce((sum: Loss, { lost }) => sumOf(sum, lost), dropped),
      files: dropped.files,
    };
    const commit = commitOf(fields);
    return {
      ...commit,
      ...statOf(commit),
      files,
      ...(missing.bytes > 0 ? { missing } : {}),
      ...(quiet.named.length > 0 ? { quiet } : {}),
      ...(isJudged ? {} : { unjudged: true as const }),
    };
  }

  return {
    inHeader: () => fields.length < FIELDS.length,
    field: bytes => field.add(bytes),
    closeField() {
      fields.push(field.end());
      const next = FIELDS[fields.length] ?? '';
      field = capped(next === 'message' ? maxSize : (LIMITS[next] ?? FIELD));
    },
    section(bytes) {
      (file ?? stat).add(bytes);
      if (file) lines.add(bytes);
    },
    async openFile() {
      const full = await closeFile();
      lines = lineCounter();
      file = capped(Math.max(HEAD, maxSize + spared()));
      return full;
    },
    finish: async () => [...(await closeFile()), piece()],
  };
}

/** As much of a file as there is room for, if it shows anything of the contents. */
function cutFile(file: FileDiff, limit: number): FileDiff {
  const end = cutDiffAt(file.text, limit);
  if (end === file.text.length) return file;
  const lost = sumOf(lossOf(file.text.subarray(end)), file.lost);
  // A copy, since a part holds on to the whole.
  return { path: file.path, text: Buffer.from(file.text.subarray(0, end)), lost };
}

function withQuiet(quiet: QuietFiles, path: Buffer, reason: QuietReason): QuietFiles {
  if (quiet.named.length >= NAMED) return { ...quiet, more: quiet.more + 1 };
  return { ...quiet, named: [...quiet.named, { path: Buffer.from(path), reason }] };
}

function textOf(kept: Kept | undefined): string {
  return kept ? decode(kept.text) : '';
}
