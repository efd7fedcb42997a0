import { lstatSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { inSpool } from '../../disk/files.ts';
import { folderWatcher } from '../../disk/wait-until.ts';
import { fault } from '../../errors.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import { dueMail, type EntryState, placeOf } from '../entry-state.ts';
import type { Claim, DamagedEntry, EntryRef, Place, Queue } from '../outbox.ts';
import {
  type EntryFolder,
  type Latest,
  openEntry,
  readEntry,
  readMailOf,
  withEntry,
} from './entry-folder.ts';
import { entriesIn, moveEntry, nudgePath, putAside, type Spool } from './spool.ts';

/**
 * Working off the queue of a spool directory. A worker that dies between two steps of a mail's way out costs a second mail at the most,
 * with the same Message-ID: where the server had it, and the line `sent` was not written. A mail that is waiting after its line `sending`
 * is `uncertain`. An entry of which nothing waits any more is claimed once more, to be finished.
 */
export function queue(spool: Spool, latest: Latest): Queue {
  const atHand = new Map<number, EntryFolder>();
  /** What could be read and yet not be opened. */
  const broken = new Map<number, DamagedEntry>();
  /**
   * When each entry is due, as far as this worker has seen, so that 10,000 deferred entries are not read again on each pass. An entry
   * that is not in here may be due. Only in memory: the journals know.
   */
  const dueAt = new Map<number, number>();
  let lastPass = Number.NEGATIVE_INFINITY;
  const nudge = nudgePath(spool);
  const isNudged = () => lstatSync(nudge, { throwIfNoEntry: false }) !== undefined;
  /** The lock is the claim, and only its holder asks: what he claimed is his until he gives the lock back. */
  let epoch = 1;

  const due: Queue['due'] = async function* (now, but) {
    if (isNudged()) {
      await inSpool(nudge, () => rm(nudge, { recursive: true, force: true }));
      dueAt.clear();
    }
    const refs = await entriesIn(spool, 'queue');
    // The clock was set back.
    if (now < lastPass) dueAt.clear();
    lastPass = now;
    const queued = new Set(refs.map(ref => ref.number));
    for (const number of dueAt.keys()) if (!queued.has(number)) dueAt.delete(number);
    for (const ref of refs) {
      if (but.has(ref.number) || (dueAt.get(ref.number) ?? now) > now) continue;
      const found = broken.get(ref.number) ?? (await readEntry(spool, ref, knownOf(ref)));
      broken.delete(ref.number);
      if (found?.damaged !== undefined) yield await putAside(spool, ref, found.damaged);
      else if (found && noteDue(ref.number, found.state, now)) {
        latest.entry = found.entry;
        yield found;
      }
    }
  };

  function knownOf({ number }: EntryRef): OutboxEntry | undefined {
    return latest.entry?.number === number ? latest.entry : undefined;
  }

  /** Returns false for what comes later. */
  function noteDue(number: number, state: EntryState, now: number): boolean {
    const due = dueMail(state, now);
    if (due.due === 'later') dueAt.set(number, due.at);
    else dueAt.delete(number);
    return due.due !== 'later';
  }

  const nextDue: Queue['nextDue'] = async but => {
    const refs = await entriesIn(spool, 'queue');
    if (refs.length === 0) return undefined;
    const moments = refs.map(({ number }) => (but?.has(number) ? undefined : (dueAt.get(number) ?? 0)));
    return moments.reduce<number>((least, at) => Math.min(least, at ?? least), Number.POSITIVE_INFINITY);
  };

  const claim: Queue['claim'] = async ref => {
    const known = knownOf(ref);
    if (known) latest.entry = undefined;
    const folder = await openEntry(spool, ref, known);
    if (folder?.damaged !== undefined) broken.set(ref.number, { ref, damaged: folder.damaged });
    if (!folder || folder.damaged !== undefined) return undefined;
    atHand.set(ref.number, folder);
    return { entry: folder.entry, state: folder.state(), epoch };
  };

  const ahead: Queue['ahead'] = async ref => {
    const found = await readEntry(spool, ref, knownOf(ref));
    if (!found || found.damaged !== undefined) return undefined;
    latest.entry = found.entry;
    return found;
  };

  const release: Queue['release'] = async ({ entry }) => {
    const folder = atHand.get(entry.number);
    atHand.delete(entry.number);
    await folder?.close();
  };

  const readMail: Queue['readMail'] = (entry, number) =>
    atHand.get(entry.number)?.readMail(number) ?? readMailOf(spool, entry, number);

  const record: Queue['record'] = async (claim, events) => {
    const appended = await append(claim, events);
    await appended.durable;
    return appended.state;
  };

  const append: Queue['append'] = async (claim, events) => {
    const appended = await using(claim, folder => folder.append(events));
    const last = events.at(-1);
    if (last) noteDue(claim.entry.number, appended.state, last.at);
    return appended;
  };

  const finish: Queue['finish'] = claim => using(claim, folder => finishFolder(spool, folder));

  /** With the folder at hand, or with one that is opened for this once. */
  async function using<T>({ entry, ...claim }: Claim, task: (folder: EntryFolder) => Promise<T>): Promise<T> {
    if (claim.epoch !== epoch) throw fault.claimLost(entry.number);
    const open = atHand.get(entry.number);
    if (open) return task(open);
    const found = await withEntry(spool, { number: entry.number, id: entry.push.id }, task);
    if (!found) throw fault.entryGone(entry.number, entry.push.id);
    if ('damaged' in found) throw fault.spoolBroken(`push ${entry.number}`, found.damaged);
    return found.done;
  }

  async function close(): Promise<void> {
    epoch++;
    const folders = [...atHand.values()];
    atHand.clear();
    await Promise.all(folders.map(folder => folder.close()));
  }

  return {
    due,
    nextDue,
    claim,
    ahead,
    release,
    postpone: (claim, until) => dueAt.set(claim.entry.number, until),
    recall: () => dueAt.clear(),
    nudged: async () => isNudged(),
    stirred: async () => false,
    watch: folderWatcher(spool.layout.queue),
    readMail,
    record,
    append,
    finish,
    close,
  };
}

/**
 * A person may ask for a retry at the very moment at which the entry leaves the queue. He looks
 * where it is after he has written his wish, we look for wishes after we have moved it: one of the two brings it back.
 */
async function finishFolder(spool: Spool, folder: EntryFolder): Promise<Place> {
  const place = placeOf(folder.state());
  if (place === 'queue') return place;
  await moveEntry(spool, folder.ref, place);
  await folder.append([]);
  const now = placeOf(folder.state());
  if (now !== place) await moveEntry(spool, folder.ref, now);
  return now;
}
