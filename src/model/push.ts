import { isUtf8 } from 'node:buffer';

/**
 * What one `git push` changed, as the hook recorded it, or what a person asked `refpost notify` to announce.
 * A `push` moves the ledger; a `notify` announces exactly old..new and leaves the ledger alone. An `alarm` is refpost's own
 * word to the administrator, about a repository and its transport: it has no updates, and no hook records one.
 */
export interface Push {
  readonly kind: 'push' | 'notify' | 'alarm';
  /** Names the push in the log, the outbox and every Message-ID: `20261122T113000-9f86d081`. */
  readonly id: string;
  /** Absolute path of the git directory (of the common one, where there are work trees). */
  readonly repository: string;
  /** What the repository was known by besides its path; absent where it had no such name yet. */
  readonly identity?: string;
  /** When the hook ran, in milliseconds since 1970. */
  readonly time: number;
  readonly updates: readonly RefUpdate[];
  /** `git push -o` options, in order. */
  readonly options: readonly string[];
  /** What the hosting software said about the pusher: the recorded variables, such as GL_USER. */
  readonly environment: Readonly<Record<string, string>>;
  /** Settings given for this push alone (`-c key=value`), in order. */
  readonly overrides: readonly Override[];
  /** In a `notify`: its mails are sent again. */
  readonly resend?: Resend;
}

/** Which mails are sent again, and to whom. */
export interface Resend {
  /** The push whose stored mails these are; absent where they are made anew. */
  readonly push?: string;
  /** The commit whose mails are meant, and no others of the push. */
  readonly commit?: string;
  /** An address, in the place of all recipients. */
  readonly to?: string;
}

/** One `-c refpost.key=value`. */
export interface Override {
  readonly key: string;
  readonly value: string;
}

/** One line of a post-receive hook's standard input: `<old> SP <new> SP <ref> LF` (githooks(5)). */
export interface RefUpdate {
  /** The full name, such as `refs/heads/main`. */
  readonly ref: string;
  /** Object name before the push; all zeros when the ref was created. */
  readonly old: string;
  /** Object name after the push; all zeros when the ref was deleted. */
  readonly new: string;
}

/** True for the object name that stands for "no object": zeros only, 40 of them or, in a SHA-256 repository, 64. */
export function isZero(id: string): boolean {
  return /^0+$/.test(id);
}

export function isCreation(update: RefUpdate): boolean {
  return isZero(update.old);
}

export function isDeletion(update: RefUpdate): boolean {
  return isZero(update.new);
}

/** True for a full name that git takes for a ref (git-check-ref-format(1)). */
export function isRefName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return /^refs(?:\/(?!\.)[^/\x00-\x20\x7f~^:?*[\\]+(?<!\.lock))+$/.test(name) && !/\.\.|@\{|\.$/.test(name);
}

/** What an object name stands for; `missing` where git has no such object. */
export type ObjectType = 'commit' | 'tag' | 'tree' | 'blob' | 'missing';

export type RefKind = 'branch' | 'tag' | 'other';

/** `rewound`: the new value is an ancestor of the old one. `forced`: neither is an ancestor of the other. */
export type RefMove = 'created' | 'updated' | 'rewound' | 'forced' | 'deleted';

/** A ref update with what it means. */
export interface RefChange extends RefUpdate {
  readonly kind: RefKind;
  readonly move: RefMove;
  /** True where the ref now names a tag object. */
  readonly annotated: boolean;
}

/** True where the old value is not an ancestor of the new one. */
export function isForced(change: RefChange): boolean {
  return change.move === 'forced' || change.move === 'rewound';
}

/**
 * A ref's namespace and its name in there (gitnamespaces(7)): of `refs/namespaces/a/refs/namespaces/b/refs/heads/main` these are
 * `a/b` and `refs/heads/main`. Without a namespace the first is empty.
 */
export function inNamespace(ref: string): { readonly namespace: string; readonly name: string } {
  const [prefix = ''] = /^(?:refs\/namespaces\/[^/]+\/(?=refs\/))*/.exec(ref) ?? [];
  const namespace = prefix.replace(/refs\/namespaces\/([^/]+)\//g, '$1/').slice(0, -1);
  return { namespace, name: ref.slice(prefix.length) };
}

export function refKind(ref: string): RefKind {
  const { name } = inNamespace(ref);
  if (name.startsWith('refs/heads/')) return 'branch';
  return name.startsWith('refs/tags/') ? 'tag' : 'other';
}

/** True for a ref of git-notes(1). */
export function isNotes(ref: string): boolean {
  return inNamespace(ref).name.startsWith('refs/notes/');
}

/**
 * The ref as we name it: its bytes as UTF-8 or, where they are none, each byte past ASCII as `\xE9`. No ref holds a backslash, so that
 * this can be turned back. It is for people and for the ledger: git is only ever asked by object names.
 */
export function refFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes
    .toString('latin1')
    .replace(/[^\0-\x7f]/g, char => `\\x${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function refToBytes(ref: string): Buffer {
  if (!ref.includes('\\x')) return Buffer.from(ref, 'utf8');
  const latin1 = ref.replace(/\\x([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin1, 'latin1');
}
