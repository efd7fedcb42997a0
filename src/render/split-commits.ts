import type { Commit } from '../model/commit.ts';
import { sumOf } from '../model/cut.ts';
import { fitBare, fitDiff, largestFit, type Make } from './fit.ts';

/** One of the mails that a commit makes. */
export interface Part {
  /** With the files of this part alone. */
  readonly commit: Commit;
  /** Counted from 1 in each commit. */
  readonly number: number;
}

/**
 * Makes parts of commits that come in pieces, each as large as a mail may be; only a file too large for one is cut. Holds the pieces of one mail.
 * @param measure bytes of the mail that a part makes; one that opens a push is larger
 * @returns takes a piece and gives the parts that are complete with it; a commit's last one completes all of its parts
 */
export function splitter(limit: number, measure: (part: Part, isOpening: boolean) => number) {
  let opening = true;
  let number = 1;
  let open: Commit | undefined;
  return (piece: Commit): Part[] => {
    const parts: Part[] = [];
    const { failure } = piece;
    const whole = open && withFiles(open, [...open.files, ...piece.files]);
    open = whole ? { ...whole, ...(failure === undefined ? {} : { failure }) } : piece;
    for (let isLast = false; open && !isLast; ) {
      const make: Make<Commit> = commit => ({ made: commit, size: measure({ commit, number }, opening) });
      const { part, rest }: Split = number === 1 ? firstPart(open, limit, make) : nextPart(open, limit, make);
      isLast = rest === undefined;
      // What fits may grow by the next piece.
      if (isLast && piece.more) break;
      parts.push({ commit: part, number });
      opening = false;
      number = isLast ? 1 : number + 1;
      open = rest;
    }
    return parts;
  };
}

interface Split {
  readonly part: Commit;
  /** What is left for further parts, if anything. */
  readonly rest?: Commit;
}

/** The part with message and stat. Where these leave no room for the first file, but the next part has it, they stand alone. */
function firstPart(commit: Commit, limit: number, make: Make<Commit>): Split {
  const [file] = commit.files;
  if (!file || file.lost || file.text.length > limit) return nextPart(commit, limit, make);
  if (make(withFiles(commit, [file])).size <= limit) return nextPart(commit, limit, make);
  return { part: fitBare(withFiles(commit, []), limit, make), rest: commit };
}

/** As many of the first files as one mail can hold. */
function nextPart(commit: Commit, limit: number, make: Make<Commit>): Split {
  const { files } = commit;
  const first = (count: number) => (count < files.length ? withFiles(commit, files.slice(0, count)) : commit);
  const fit = largestFit(limit, Math.max(0, files.length - 1), more => make(first(1 + more)));
  const count = 1 + fit.amount;
  const part = fit.size <= limit ? fit.made : fitDiff(withFiles(commit, files.slice(0, 1)), limit, make);
  return count < files.length ? { part, rest: withFiles(commit, files.slice(count)) } : { part };
}

/** What is missing of a part is what its own files lack. */
function withFiles({ missing: _, ...commit }: Commit, files: Commit['files']): Commit {
  const lost = files.map(file => file.lost).filter(each => each !== undefined);
  const sum = lost.reduce(sumOf, { bytes: 0, lines: 0 });
  return { ...commit, files, ...(lost.length > 0 ? { missing: { ...sum, files: 0 } } : {}) };
}
