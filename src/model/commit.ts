/** A person and a moment as git prints them: the name through .mailmap, the date in the person's own time zone. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** One file's part of a commit's diff. */
export interface FileDiff {
  /** The path in the commit (the old one of a deleted file), in the bytes git has for it. */
  readonly path: Buffer;
  /** From the `diff --git` line to the last line kept, each with its LF. */
  readonly text: Buffer;
}

/** What was left out of a diff, so that a mail can say it. */
export interface Missing {
  readonly bytes: number;
  readonly lines: number;
  /** Files of which nothing at all is shown. */
  readonly files: number;
}

/** A commit as read from git, bounded in size: texts decoded, diffs still bytes. */
export interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly tree: string;
  readonly author: Signature;
  readonly committer: Signature;
  /** The first paragraph of the message on one line. */
  readonly subject: string;
  /** The whole message without the blank lines at its end. */
  readonly message: string;
  /** `git diff --stat` at 75 columns, the summary line included; empty for an empty diff. */
  readonly stat: Buffer;
  readonly files: readonly FileDiff[];
  /** Set where the diff was larger than a mail may be. */
  readonly missing?: Missing;
  /** git's own words where it could not show this commit (a missing object, a damaged pack). */
  readonly failure?: string;
}
