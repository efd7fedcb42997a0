import type { Ledger } from '../../model/ledger.ts';
import { type MovableFrom, type MovableTo, type MovingEntry, type MovingPush, mailsOf } from '../moving.ts';
import type { DamagedEntry } from '../outbox.ts';
import { storeEntry } from './build-entries.ts';
import { readEvents, readMailOf } from './entry-folder.ts';
import { readLedger, removeLedger, repositoriesIn, writeLedger } from './ledger-file.ts';
import type { FolderRef, Spool } from './spool.ts';
import { locate, newestFirst, removeEntry } from './spool.ts';

/** The outbox in a directory, for a move to another or from there. The caller has the lock, and has called `recover`. */
export function movable(spool: Spool): MovableFrom & MovableTo {
  async function* pushes(finished: boolean): AsyncGenerator<MovingPush | DamagedEntry> {
    const refs = new Map<string, FolderRef[]>();
    for (const ref of (await newestFirst(spool)).reverse())
      refs.set(ref.id, [...(refs.get(ref.id) ?? []), ref]);
    for (const ofPush of refs.values()) {
      if (!finished && ofPush.every(({ place }) => place === 'done')) continue;
      const entries: MovingEntry[] = [];
      for (const ref of ofPush) {
        const read = await readEvents(spool, ref);
        if (read && 'damaged' in read) yield { ref, ...read };
        else if (read) entries.push({ entry: read.entry, place: ref.place, events: read.events });
      }
      const [first, ...others] = entries;
      if (!first) continue;
      const readMail: MovingPush['readMail'] = (entry, number) => readMailOf(spool, entry, number);
      yield { push: first.entry.push, entries: [first, ...others], readMail };
    }
  }

  async function remove({ push, entries }: Pick<MovingPush, 'push' | 'entries'>): Promise<void> {
    for (const { entry } of entries) {
      const ref = await locate(spool, { number: entry.number, id: push.id });
      if (ref) await removeEntry(spool, ref);
    }
  }

  /** What is here of it already is of an earlier call, and older. */
  async function store(push: MovingPush): Promise<void> {
    await remove(push);
    for (const moving of push.entries) {
      const events = [...moving.events];
      const mails = mailsOf(moving, push.readMail, event => events.push(event));
      await storeEntry(spool, moving, mails, events);
    }
  }

  async function storeLedger(repository: string, ledger: Ledger): Promise<void> {
    const [newest] = await newestFirst(spool);
    await writeLedger(spool, { repository, applied: newest?.number ?? 0, ledger });
  }

  return {
    pushes,
    remove,
    repositories: () => repositoriesIn(spool),
    ledger: async repository => (await readLedger(spool, repository))?.ledger,
    forget: repository => removeLedger(spool, repository),
    store,
    storeLedger,
  };
}
