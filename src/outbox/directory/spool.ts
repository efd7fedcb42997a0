import { join } from 'node:path';
import { type Rights, spoolRights } from '../../disk/rights.ts';
import { type SpoolLayout, spoolLayout } from '../../model/spool-layout.ts';
import type { EntryRef } from '../outbox.ts';
import { folderName } from './entry-name.ts';

/** A spool directory: where its things are, and the rights of what is made in it. */
export interface Spool {
  readonly layout: SpoolLayout;
  readonly rights: Rights;
}

/** `shared` is the repository's `core.sharedRepository`. */
export function spoolAt(root: string, shared: string): Spool {
  return { layout: spoolLayout(root), rights: spoolRights(shared) };
}

/** A file that tells the running worker that a person wants something done at once: it remembers when entries are due. */
export function nudgePath(spool: Spool): string {
  return join(spool.layout.queue, '.nudge');
}

/** The folder of an entry. */
export function entryPath(spool: Spool, ref: EntryRef): string {
  return join(spool.layout[ref.place], folderName(ref));
}
