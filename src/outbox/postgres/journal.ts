import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseAway } from '../../errors.ts';
import type { Query } from './database.ts';
import { isContradiction } from './database-fault.ts';
import type { EntryRow } from './entry-rows.ts';

/**
 * What is written is seen by all, and its locks are gone, before it is on the disk: the next one need not wait for that. Who has called waits, as an empty message behind it in the
 * log of the database has to be there. So what a crash leaves of a journal is its beginning, as in a file.
 */
export const JOURNAL = `
  -- Appends to the journal of an entry, if the lane is the caller's and as many rows are there as the caller has written before. Returns the place of the row; null: nothing was written.
  create procedure refpost.append(its_lane text, its_epoch bigint, its_holder bigint, its_entry bigint, its_draft uuid, its_due bigint, its_now bigint, its_lines text,
    rows_before integer, inout its_seq integer) language plpgsql as $$
  declare
    its_server text;
  begin
    perform set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '2000', true);
    perform from refpost.lane where key = its_lane and epoch = its_epoch and (holder = its_holder or holder is null) for share;
    if found then
      update refpost.entry set events = events + 1, due_at = its_due, noted_at = its_now
        where number = its_entry and draft = its_draft and events >= rows_before returning events, server into its_seq, its_server;
    end if;
    if its_seq is not null then
      insert into refpost.journal (entry, seq, server, lines) values (its_entry, its_seq, its_server, its_lines);
      commit;
      perform pg_logical_emit_message(true, 'refpost', '');
    end if;
  end $$;
`;

const APPEND = 'call refpost.append($1, $2, $3, $4, $5, $6, $7, $8, $9, null)';

/** What was written before its connection broke. It may wait for the disk still, and the message has it wait here. */
const WRITTEN = `
  select seq, pg_logical_emit_message(true, 'refpost', '') from refpost.journal
  where server = $1 and entry = $2 and seq > $3 and lines = $4 order by seq limit 1`;

/** Milliseconds: half a minute in all. */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 12_800;

/** When the entry is due then, by which clock, and what is said. */
export type Line = readonly [due: number, now: number, lines: string];

/**
 * The journal of an entry.
 * @param ours lane, epoch, holder, entry and draft
 */
export function openJournal(query: Query, row: EntryRow, ours: readonly unknown[]) {
  /**
   * Settled when it is on the disk.
   * @param before as many rows have to be there, or nothing is written
   * @returns the place of its row; null where that is so, or the lane or the entry is lost
   */
  async function say(line: Line, before: number): Promise<number | null> {
    const [said] = await query<{ its_seq: number | null }>(APPEND, [...ours, ...line, before], 'append');
    return said?.its_seq ?? null;
  }

  async function sayUnlessWritten(line: Line): Promise<number | null> {
    const [found] = await query<{ seq: number }>(WRITTEN, [row.server, row.number, row.events, line[2]]);
    return found?.seq ?? (await say(line, 0));
  }

  /**
   * Says it again where it has overtaken the one before it, which is there now. A database that is away for a moment, since it is started anew, is waited for: an answer that is lost
   * would send its mail again.
   */
  async function insist(line: Line, sent: Promise<number | null>): Promise<number | null> {
    for (let wait = FIRST_WAIT; ; wait *= 2) {
      try {
        return wait === FIRST_WAIT ? ((await sent) ?? (await say(line, 0))) : await sayUnlessWritten(line);
      } catch (error) {
        if (!isPassing(error) || wait > LONGEST_WAIT) throw error;
      }
      await sleep(wait);
    }
  }

  return { say, insist };
}

function isPassing(error: unknown): boolean {
  return error instanceof DatabaseAway && !error.lasting && !isContradiction(error);
}
