/** A person and a moment as git prints them: the name through .mailmap, the date in the person's own time zone. */
export interface Ident {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** A signature checked by git: `signer` is who made it, in git's words; empty where git does not know. */
export interface SignatureCheck {
  readonly state: 'good' | 'untrusted' | 'bad' | 'expired' | 'revoked';
  readonly signer: string;
}

/** How much of a text was left out. A line counts with its line end. */
export interface Loss {
  readonly bytes: number;
  readonly lines: number;
}

/** One file's part of a commit's diff. */
export interface FileDiff {
  /** The path in the commit (the old one of a deleted file), in the bytes git has for it. */
  readonly path: Buffer;
  /** From the `diff --git` line to the last line kept, each with its LF. Without an LF at its end it was cut in a line. */
  readonly text: Buffer;
  /** What `text` lacks at its end. */
  readonly lost?: Loss;
  /** Of a submodule: the commits between, where they are to be had. */
  readonly submodule?: SubmoduleMove;
  /** The key of its group, where it has one. */
  readonly group?: string;
}

/** Files of a commit that was read for several, which the same of them show in the stat only. Each group has room of its own. */
export interface FileGroup {
  /** `010`: for each of those for whom it was read, in their order, whether they leave these files out; empty where none does. */
  readonly key: string;
  /** The first of them by name. */
  readonly named: readonly Buffer[];
  /** How many more there are. */
  readonly more: number;
  /** Those of which nothing at all is kept. */
  readonly dropped: Missing;
}

/** What was left out of a diff, so that a mail can say it. */
export interface Missing extends Loss {
  /** Files of which nothing at all is shown. */
  readonly files: number;
}

export const NOTHING: Missing = { bytes: 0, lines: 0, files: 0 };

/** Why a file is shown in the stat only: `refpost.quietPaths`, an attribute in `.gitattributes`, or it stands for a file in Git LFS. */
export type QuietReason = 'setting' | 'attribute' | 'lfs';

/** Quiet files that are named. */
export const MOST_NAMED = 10;

/** Files that are shown in the stat only: the first of them by name. */
export interface QuietFiles {
  readonly named: readonly { readonly path: Buffer; readonly reason: QuietReason }[];
  /** How many more there are. */
  readonly more: number;
}

/** What the notes of a commit on a notes ref are about: the first objects, of commits with the subject, and how many more there are. */
export interface NotedObjects {
  readonly objects: readonly { readonly id: string; readonly type: string; readonly subject?: string }[];
  readonly more: number;
}

/** A commit as read from git, bounded in size: texts decoded, diffs still bytes. */
export interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly tree: string;
  /** The character set that the commit says it is in; absent where it says none, and so is in UTF-8. */
  readonly encoding?: string;
  readonly author: Ident;
  readonly committer: Ident;
  /** The first paragraph of the message on one line. */
  readonly subject: string;
  /** What git says of its cryptographic signature; absent where there is none, or none that git can check here. */
  readonly signature?: SignatureCheck;
  /** The whole message without the blank lines at its end. */
  readonly message: string;
  /** Set where the message is cut at its end. */
  readonly messageLost?: Loss;
  /** `git diff --stat` at 75 columns, the summary line included; empty for an empty diff. */
  readonly stat: Buffer;
  /** Lines that are left out of the stat, before its last one. */
  readonly statLost?: number;
  /** The diff as far as it is kept: of each file the start. */
  readonly files: readonly FileDiff[];
  /** All that is not in `files`, but for quiet files. */
  readonly missing?: Missing;
  readonly quiet?: QuietFiles;
  /** Where it was read for several that leave out other files. */
  readonly groups?: readonly FileGroup[];
  readonly noted?: NotedObjects;
  /** Set where the .gitattributes of the push have more rules than are looked at, so that some files may be shown in spite of them. */
  readonly unjudged?: true;
  /** Set on a piece of a commit after which others come. */
  readonly more?: true;
  /** git's own words where it could not show this commit (a missing object, a damaged pack). */
  readonly failure?: string;
}

/** A commit in a list. */
export interface Headline {
  readonly id: string;
  readonly subject: string;
  readonly authorName: string;
  /** `2 files changed, 7 insertions(+)`; absent where it was not asked for, or nothing changed. */
  readonly shortstat?: string;
}

/** An annotated tag. */
export interface Tag {
  readonly id: string;
  readonly target: string;
  readonly targetType: string;
  /** Absent in tags of git's first year, which have none. */
  readonly tagger?: Ident;
  /** Without the signature block. */
  readonly message: string;
  readonly signed: boolean;
  /** What git says of the signature; absent where it cannot check it here. */
  readonly signature?: SignatureCheck;
}

/**
 * What became of one commit of a ref that was forced, as git-range-diff(1) sees it. `same`: the same patch under
 * another name; `changed`: a changed patch; `gone`: no counterpart; `added`: a new commit without one.
 */
export interface Rewrite {
  readonly fate: 'same' | 'changed' | 'gone' | 'added';
  /** Absent for an added commit. */
  readonly old?: string;
  /** Absent for one that is gone. */
  readonly new?: string;
  readonly subject: string;
}

/** What a commit that moves a submodule brings into it and takes from it, as git-submodule(1) sums it up. */
export interface SubmoduleMove {
  /** The first of them, newest first: those that are added, then those that are gone. */
  readonly commits: readonly SubmoduleCommit[];
  /** How many more there are; undefined where they were not counted. */
  readonly more: number | undefined;
}

export interface SubmoduleCommit {
  readonly change: 'added' | 'gone';
  readonly subject: string;
}
