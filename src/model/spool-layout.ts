import { join } from 'node:path';

export type SpoolLayout = ReturnType<typeof spoolLayout>;

/** Every path of a spool directory. Nobody else joins these names. */
export function spoolLayout(root: string) {
  return {
    root,
    /** Records being written by hooks. */
    dropTmp: join(root, 'drop', 'tmp'),
    /** Recorded pushes, waiting for a worker. */
    dropNew: join(root, 'drop', 'new'),
    /** Records that no worker could read. */
    dropBad: join(root, 'drop', 'bad'),
    /** Why records wait for a person, a file each. */
    dropHeld: join(root, 'drop', 'held'),
    /** Records of pushes that are in a database, kept for some days. */
    dropStored: join(root, 'drop', 'stored'),
    /** Pushes whose mails are not all settled: one folder each. */
    queue: join(root, 'queue'),
    /** Finished pushes. */
    done: join(root, 'done'),
    /** Pushes with mails that were given up. */
    failed: join(root, 'failed'),
    /** One ledger file a repository. */
    ledger: join(root, 'ledger'),
    /** Pushes whose mails are to go into an archive: an empty file each. */
    toArchive: join(root, 'archive'),
    /** What the last look at each mirror came to (refpost poll): a file each. */
    mirrors: join(root, 'mirrors'),
    /** Says that the outbox is in a database now, or on its way there or back. */
    moved: join(root, 'moved'),
    /** The worker's lock. */
    lock: join(root, 'lock'),
    log: join(root, 'refpost.log'),
    /** What the last worker that a hook started said before it ran, and why it ended if it did not end well. */
    startError: join(root, 'start.err'),
  } as const;
}
