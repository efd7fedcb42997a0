import { fault } from '../../errors.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import type { StoredBytes } from '../outbox.ts';
import type { Query } from './database.ts';
import { checked, type EntryRow } from './entry-rows.ts';

const MAILS =
  'select number, bytes from refpost.mail where server = $1 and draft = $2 and number between $3 and $4 and octet_length(bytes) <= $5::bigint';

const MAIL = `
  select m.bytes from refpost.entry e left join refpost.mail m on m.server = e.server and m.draft = e.draft and m.number = $2
  where e.number = $1`;

/** So many mails, or bytes of them, are read at once. */
const BATCH = 16;
const BATCH_BYTES = 1 << 19;

/** Some mails that follow one another. */
interface Batch {
  readonly found: Promise<ReadonlyMap<number, Buffer>>;
  readonly last: number;
}

/** Reads a mail of an entry that may be anybody's. */
export async function readOneMail(query: Query, entry: OutboxEntry, number: number): Promise<StoredBytes> {
  if (!entry.mails[number - 1]) throw new Error(`push ${entry.push.id} has no mail ${number}`);
  const [row] = await query<{ bytes: Buffer | null }>(MAIL, [entry.number, number], 'mail');
  if (!row) throw fault.entryGone(entry.number, entry.push.id);
  return checked(entry, number, row.bytes ?? undefined);
}

/** Reads the mails of an entry at hand, from the first to the last. */
export function mailReader(query: Query, row: Pick<EntryRow, 'server' | 'draft'>, entry: OutboxEntry) {
  const batches = new Map<number, Batch>();

  /** They come several at a time, the next ones while the second half of those before them is sent. */
  async function readMail(number: number): Promise<StoredBytes> {
    const { found, last } = batchWith(number);
    const bytes = (await found).get(number);
    for (const each of batches.keys()) if (each < number) batches.delete(each);
    if (last < Math.min(number + BATCH / 2, entry.mails.length)) batchWith(last + 1).found.catch(ignored);
    return checked(entry, number, bytes);
  }

  function batchWith(first: number): Batch {
    const known = batches.get(first);
    if (known) return known;
    let [last, bytes] = [first, entry.mails[first - 1]?.length ?? 0];
    for (; last < entry.mails.length && last - first < BATCH - 1; last++) {
      bytes += entry.mails[last]?.length ?? 0;
      if (bytes > BATCH_BYTES) break;
    }
    // What is longer than its document says is damaged in any case, and may be longer than the memory.
    const longest = Math.max(...entry.mails.slice(first - 1, last).map(({ length }) => length));
    const found = query<{ number: number; bytes: Buffer }>(
      MAILS,
      [row.server, row.draft, first, last, longest],
      'mails',
    ).then(rows => new Map(rows.map(({ number, bytes }) => [number, bytes])));
    const batch = { found, last };
    for (let number = first; number <= last; number++) batches.set(number, batch);
    found.catch(() => batches.clear());
    return batch;
  }

  return readMail;
}

function ignored(): void {}
