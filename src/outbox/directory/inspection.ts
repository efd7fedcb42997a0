import { writeFile } from 'node:fs/promises';
import { errorCode, inSpool, syncFolder } from '../../disk/files.ts';
import type { JournalEvent } from '../../model/outbox-entry.ts';
import { drops, type EntryState, retries } from '../entry-state.ts';
import {
  type EntryRef,
  type Inspection,
  type ListedEntry,
  mailsAbout,
  type Place,
  type ReadableEntry,
} from '../outbox.ts';
import { readEntry, withEntry } from './entry-folder.ts';
import { entriesIn, folderName, moveEntry, newestFirst, nudgePath, type Spool, wherever } from './spool.ts';

/**
 * What people see of a spool directory, and the two things they may do to an entry. A worker may be at the same entry: both
 * only ever append to its journal, each rereads what the other appended, and both move the folder by a rename
 * that copes with the other's having been faster.
 */
export function inspection(spool: Spool): Inspection {
  async function* entries(place: Place): AsyncGenerator<ListedEntry> {
    for (const { undivided, ...ref } of await entriesIn(spool, place)) {
      // One that is just being divided is in its place then.
      const first = undivided && (await readEntry(spool, { ...ref, undivided }));
      const listed = first ?? (await readEntry(spool, ref));
      if (listed) yield listed;
    }
  }

  async function* about(name: string): AsyncGenerator<ReadableEntry> {
    for (const place of ['queue', 'failed', 'done'] as const)
      for await (const listed of entries(place))
        if (listed.damaged === undefined && mailsAbout(listed.entry, name).length > 0) yield listed;
  }

  const retry: Inspection['retry'] = async (ref, now) => {
    if (await append(spool, ref, state => retries(state, now))) {
      await moveEntry(spool, ref, 'queue');
      await inSpool(spool.layout.queue, () => syncFolder(spool.layout.queue));
      await nudge();
    }
    return show(ref);
  };

  const drop: Inspection['drop'] = async (ref, now) => {
    await append(spool, ref, state => drops(state, now));
    await moveEntry(spool, ref, 'done');
    await nudge();
    return show(ref);
  };

  const nudge: Inspection['nudge'] = () => {
    const path = nudgePath(spool);
    const make = () => writeFile(path, '', { flag: 'wx', mode: spool.rights.file });
    return inSpool(path, () => make().catch(unlessExists));
  };

  const show: Inspection['show'] = ref => wherever(spool, ref, found => readEntry(spool, found));

  return { entries, find: name => find(spool, name), about, show, retry, drop, nudge };
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
  const said = await withEntry(spool, ref, async folder => {
    const events = say(folder.state());
    await (await folder.append(events)).durable;
    return events.length > 0;
  });
  return said !== undefined && 'done' in said && said.done;
}

/** Two people may ask at once. */
function unlessExists(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
