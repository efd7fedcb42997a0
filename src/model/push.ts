import type { RefUpdate } from './ref-update.ts';

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
}

/** One `-c refpost.key=value`. */
export interface Override {
  readonly key: string;
  readonly value: string;
}
