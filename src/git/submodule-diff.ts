/** The two commits between which a submodule was moved. */
export interface Gitlinks {
  readonly old: string;
  readonly new: string;
}

/** A diff that is longer is none of a submodule, but for the length of its path. */
const LONGEST = 65_536;

/**
 * Reads the diff of a submodule that stays where it is and goes to another commit; undefined for any other, such as one of
 * a file that holds the same words: only git writes the mode.
 *
 *   diff --git a/lib b/lib
 *   index 1234567890123456789012345678901234567890..fedcba9876543210fedcba9876543210fedcba98 160000
 *   --- a/lib
 *   +++ b/lib
 *   @@ -1 +1 @@
 *   -Subproject commit 1234567890123456789012345678901234567890
 *   +Subproject commit fedcba9876543210fedcba9876543210fedcba98
 */
export function gitlinksOf(diff: Buffer): Gitlinks | undefined {
  if (diff.length > LONGEST || !diff.includes(' 160000\n')) return undefined;
  const [, old, fresh] = MOVED.exec(diff.toString('latin1')) ?? [];
  return old !== undefined && fresh !== undefined ? { old, new: fresh } : undefined;
}

/** The index line stands before the first hunk, in whose lines no content starts with an "i". */
const MOVED =
  /^index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64}) 160000\n---[^\n]*\n\+\+\+[^\n]*\n@@ -1 \+1 @@\n-Subproject commit \1\n\+Subproject commit \2\n$/m;
