import { spoolRights } from '../../disk/create-spool.ts';
import { spoolLayout } from '../../model/spool-layout.ts';
import type { Outbox } from '../outbox.ts';
import { inspection } from './inspection.ts';
import { intake } from './intake.ts';
import { queue } from './queue.ts';

/** The outbox in the directory that `createSpool` has made. `shared` is core.sharedRepository, for the rights of what is made. Nothing is read yet. */
export function openOutbox(root: string, shared: string): Outbox {
  const spool = { layout: spoolLayout(root), rights: spoolRights(shared) };
  const latest = {};
  return { ...intake(spool, latest), ...queue(spool, latest), ...inspection(spool) };
}
