import type { Ledger } from '../model/ledger.ts';
import type { ComposedMail } from '../model/mail.ts';
import type { JournalEvent, OutboxEntry } from '../model/outbox-entry.ts';
import type { Push } from '../model/push.ts';
import type { DamagedEntry, Place, StoredBytes } from './outbox.ts';

/** An entry with all that has happened to it, as it is moved from one backend to another. */
export interface MovingEntry {
  readonly entry: OutboxEntry;
  readonly place: Place;
  readonly events: readonly JournalEvent[];
}

/** A push with all its entries, in the order of their numbers. It moves as one: what has some of them has it all. */
export interface MovingPush {
  readonly push: Push;
  readonly entries: readonly [MovingEntry, ...MovingEntry[]];
  readonly readMail: (entry: OutboxEntry, number: number) => Promise<StoredBytes>;
}

/** An outbox that others are kept from while it is moved. */
export interface MovableFrom {
  /**
   * The pushes of which a mail waits or was given up, or with `finished` all, oldest first. Each is this caller's until the next one is asked
   * for: nobody sends its mails meanwhile. A damaged one cannot be moved.
   */
  pushes(finished: boolean): AsyncIterable<MovingPush | DamagedEntry>;
  /** The push is elsewhere now. From here on this outbox has nothing of it. */
  remove(push: MovingPush): Promise<void>;
  /** The repositories that have a ledger, by their paths. */
  repositories(): Promise<readonly string[]>;
  ledger(repository: string): Promise<Ledger | undefined>;
  forget(repository: string): Promise<void>;
}

/** Where it is moved to. */
export interface MovableTo {
  storeLedger(repository: string, ledger: Ledger): Promise<void>;
  /** Stores a push in one step. One that was stored by an earlier call, which was killed after it, is there once. */
  store(push: MovingPush): Promise<void>;
}

/** What a move came to. */
export interface Moved {
  readonly repositories: readonly string[];
  readonly pushes: number;
  readonly mails: number;
  /** They stay where they are, for a person. */
  readonly damaged: readonly DamagedEntry[];
}

/**
 * Moves pushes and ledgers from one outbox to another. It may be killed at any moment and called again: each push and each ledger is stored there
 * before it is removed here, and stored once. Who sends a push is decided in one step each: a directory is served by nobody from before the
 * first until after the last, and a push in a database by whoever has claimed it.
 */
export async function moveOutbox(from: MovableFrom, to: MovableTo, finished: boolean): Promise<Moved> {
  const damaged: DamagedEntry[] = [];
  let [pushes, mails] = [0, 0];
  for await (const push of from.pushes(finished)) {
    if ('damaged' in push) {
      damaged.push(push);
      continue;
    }
    await to.store(push);
    await from.remove(push);
    pushes += 1;
    for (const { entry } of push.entries) mails += entry.mails.length;
  }
  // After the pushes: in a directory the ledger says which of them are in it.
  const repositories = await from.repositories();
  for (const repository of repositories) {
    const ledger = await from.ledger(repository);
    if (ledger) await to.storeLedger(repository, ledger);
    await from.forget(repository);
  }
  return { repositories, pushes, mails, damaged };
}

/** The stored mails of an entry, as they are stored again. What is damaged comes without its bytes, and is given up by what `onDamaged` gets. */
export async function* mailsOf(
  { entry }: MovingEntry,
  readMail: MovingPush['readMail'],
  onDamaged: (event: JournalEvent) => void,
): AsyncGenerator<ComposedMail> {
  for (const { envelope, messageId, subject, about, number } of entry.mails) {
    const { damaged: reply, ...stored } = await readMail(entry, number);
    if (reply !== undefined) onDamaged({ at: entry.queuedAt, event: 'rejected', mail: number, reply });
    const named = about === undefined ? {} : { about };
    yield {
      envelope,
      messageId,
      subject,
      ...named,
      bytes: 'bytes' in stored ? stored.bytes : Buffer.alloc(0),
    };
  }
}
