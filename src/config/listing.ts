/** Where a value is. */
export interface Origin {
  /** git's word: system, global, local, worktree or command; `default` for a default. */
  readonly scope: string;
  /** The file's path as git printed it, or `command line`, `standard input`, `blob <name>`, `default`. */
  readonly source: string;
  /** Is the source a file that can be read? A relative path starts at the directory in which git was asked. */
  readonly isFile: boolean;
  /** 0 for the key's first value in that file, 1 for its second. */
  readonly nth: number;
  /** Line in that file, where somebody looked it up; the first one is 1. */
  readonly line?: number;
}

/** One value of one key. */
export interface Entry {
  /** As git prints keys: section and name in lower case. */
  readonly key: string;
  /** undefined for a key without a value, such as git takes for booleans. */
  readonly value: string | undefined;
  readonly origin: Origin;
}

/**
 * Parses what `git config --list -z --show-origin --show-scope` prints, in order. Three fields a value, each ended
 * by a NUL; a LF ends the key, but one without a value has none:
 *
 *     global\0file:/home/git/.gitconfig\0refpost.to\ncommits@example.org\0
 *     local\0file:config\0refpost.valueless\0
 *     command\0command line:\0refpost.maxmails\n5\0
 *
 * Bytes that are not UTF-8 become U+FFFD.
 * @throws a plain Error if this is no such listing, or not all of it: half a list of recipients must not pass for one.
 */
export function parseListing(listing: string | Buffer): readonly Entry[] {
  const fields = listing.toString().split('\0');
  if (fields.pop() !== '' || fields.length % 3 !== 0)
    throw new Error('this is not a whole listing of git config');
  const seen = new Map<string, number>();
  const entries: Entry[] = [];
  for (let at = 0; at < fields.length; at += 3) {
    const [scope = '', origin = '', pair = ''] = fields.slice(at, at + 3);
    const lf = pair.indexOf('\n');
    const key = lf < 0 ? pair : pair.slice(0, lf);
    const keyInFile = `${scope}\0${origin}\0${key}`;
    const nth = seen.get(keyInFile) ?? 0;
    seen.set(keyInFile, nth + 1);
    entries.push({
      key,
      value: lf < 0 ? undefined : pair.slice(lf + 1),
      origin: { scope, ...named(origin), nth },
    });
  }
  return entries;
}

/** `file:<path>`, `command line:`, `standard input:`, `blob:<name>` (git-config(1), --show-origin). */
function named(origin: string): Pick<Origin, 'source' | 'isFile'> {
  const colon = origin.indexOf(':');
  const [type, name] = [origin.slice(0, colon), origin.slice(colon + 1)];
  if (type === 'file') return { source: name, isFile: true };
  return { source: `${type} ${name}`.trim(), isFile: false };
}
