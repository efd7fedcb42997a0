import { writeFile } from 'node:fs/promises';
import { syncFolder } from '../../disk/durable.ts';
import { errorCode, inSpool } from '../../disk/spool-fault.ts';
import type { JournalEvent } from '../../model/outbox-entry.ts';
import { type EntryState, mailStates } from '../entry-state.ts';
import type { EntryRef, Inspection, ListedEntry, Place } from '../outbox.ts';
import { openWherever } from './entry-folder.ts';
import { folderName, listEntries } from './entry-name.ts';
import { locate, moveEntry } from './move-entry.ts';
import { readEntry } from './read-entry.ts';
import { newestFirst } from './recover.ts';
import { nudgePath, type Spool } from './spool.ts';

/**
 * What people see of a spool directory, and the two things they may do to an entry. A worker may be at the same entry: both
 * only ever append to its journal, each rereads what the other appended, and both move the folder by a rename
 * that copes with the other's having been faster.
 */
export function inspection(spool: Spool): Inspection {
  async function* entries(place: Place): AsyncGenerator<ListedEntry> {
    for (const name of await listEntries(spool.layout[place])) {
      const listed = await readEntry(spool, { place, ...name });
      if (listed) yield listed;
    }
  }

  const retry: Inspection['retry'] = async (ref, now) => {
    const asked = await append(spool, ref, state => retries(state, now));
    if (asked) await moveEntry(spool, ref, 'queue');
    if (asked) await inSpool(spool.layout.queue, () => syncFolder(spool.layout.queue));
    if (asked) await nudge();
    return show(ref);
  };

  const drop: Inspection['drop'] = async (ref, now) => {
    await append(spool, ref, state => drops(state, now));
    await moveEntry(spool, ref, 'done');
    await nudge();
    return show(ref);
  };

  const nudge: Inspection['nudge'] = () =>
    inSpool(nudgePath(spool), async () => {
      await writeFile(nudgePath(spool), '', { flag: 'wx', mode: spool.rights.file }).catch(unlessThere);
    });

  const show: Inspection['show'] = async ref => {
    for (let found = await locate(spool, ref); found; found = await locate(spool, ref)) {
      const listed = await readEntry(spool, found);
      if (listed) return listed;
    }
    return undefined;
  };

  return { entries, find: name => find(spool, name), show, retry, drop, nudge };
}

/** A number that exists is meant as one; a push id starts with digits too. */
async function find(spool: Spool, name: string): Promise<readonly EntryRef[]> {
  if (name === '') return [];
  const refs = (await newestFirst(spool)).reverse();
  const number = /^\d{1,15}$/.test(name) ? Number(name) : undefined;
  const exact = refs.filter(ref => ref.number === number || ref.id === name || folderName(ref) === name);
  return exact.length > 0 ? exact : refs.filter(ref => ref.id.startsWith(name));
}

/** False if there was nothing to say. */
async function append(
  spool: Spool,
  ref: EntryRef,
  say: (state: EntryState) => readonly JournalEvent[],
): Promise<boolean> {
  const folder = await openWherever(spool, ref);
  if (!folder || 'damaged' in folder) return false;
  try {
    const events = say(folder.state());
    await folder.record(events);
    return events.length > 0;
  } finally {
    await folder.close();
  }
}

function retries(state: EntryState, at: number): readonly JournalEvent[] {
  return mailStates(state).flatMap((recipients, index) => {
    const unsent = [...recipients.values()].some(({ state }) => state !== 'sent');
    return unsent ? [{ at, event: 'retry' as const, mail: index + 1 }] : [];
  });
}

/** By name, because an event without a recipient is about those who wait, not about those for whom the mail was given up. */
function drops(state: EntryState, at: number): readonly JournalEvent[] {
  return mailStates(state).flatMap((recipients, index) =>
    [...recipients]
      .filter(([, { state }]) => state === 'waiting' || state === 'rejected')
      .map(([recipient]) => ({ at, event: 'dropped' as const, mail: index + 1, recipient })),
  );
}

/** Two people may ask at once. */
function unlessThere(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
