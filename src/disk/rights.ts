/** Permission bits of what refpost makes in a spool. */
export interface Rights {
  readonly folder: number;
  readonly file: number;
}

const PRIVATE: ReadonlySet<string> = new Set(['', '0', 'umask', 'false', 'no', 'off']);
const GROUP: ReadonlySet<string> = new Set(['1', 'group', 'true', 'yes', 'on']);
const ALL: ReadonlySet<string> = new Set(['2', 'all', 'world', 'everybody']);

/**
 * The rights that fit a repository, from its `core.sharedRepository` (git-config(1); `git init --shared` writes 1 and 2).
 * A repository of one user has a spool that only they can read, whatever their umask: private code
 * does not become readable by way of its mails. Folders of a group hand their group on (setgid), as git's do.
 */
export function spoolRights(shared: string): Rights {
  const file = fileMode(shared.toLowerCase());
  // Whoever may read a folder may also enter it.
  const enter = (file & 0o444) >> 2;
  const setgid = file & 0o070 ? 0o2000 : 0;
  return { folder: file | enter | setgid, file };
}

function fileMode(shared: string): number {
  if (GROUP.has(shared)) return 0o660;
  if (ALL.has(shared)) return 0o664;
  if (!PRIVATE.has(shared) && /^[0-7]{3,4}$/.test(shared))
    return 0o600 | (Number.parseInt(shared, 8) & 0o066);
  return 0o600;
}
