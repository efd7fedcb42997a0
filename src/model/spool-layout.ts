import { join } from 'node:path';

/** Every path of a spool directory. Nobody else joins these names. */
export interface SpoolLayout {
  readonly root: string;
  /** Records being written by hooks. */
  readonly dropTmp: string;
  /** Recorded pushes, waiting for a worker. */
  readonly dropNew: string;
  /** Records that no worker could read. */
  readonly dropBad: string;
  /** Why records wait for a person, a file each. */
  readonly dropHeld: string;
  /** Pushes whose mails are not all settled: one folder each. */
  readonly queue: string;
  /** Finished pushes. */
  readonly done: string;
  /** Pushes with mails that were given up. */
  readonly failed: string;
  /** One ledger file a repository. */
  readonly ledger: string;
  /** The worker's lock. */
  readonly lock: string;
  readonly log: string;
  /** What the last worker that a hook started said before it ran, and why it ended if it did not end well. */
  readonly startError: string;
}

export function spoolLayout(root: string): SpoolLayout {
  return {
    root,
    dropTmp: join(root, 'drop', 'tmp'),
    dropNew: join(root, 'drop', 'new'),
    dropBad: join(root, 'drop', 'bad'),
    dropHeld: join(root, 'drop', 'held'),
    queue: join(root, 'queue'),
    done: join(root, 'done'),
    failed: join(root, 'failed'),
    ledger: join(root, 'ledger'),
    lock: join(root, 'lock'),
    log: join(root, 'refpost.log'),
    startError: join(root, 'start.err'),
  };
}
