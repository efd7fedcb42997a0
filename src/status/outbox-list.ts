import type { Drop } from '../drop/drop.ts';
import type { Push } from '../model/push.ts';
import { dueMail } from '../outbox/due-mail.ts';
import { mailStates, type RecipientState } from '../outbox/entry-state.ts';
import type { ListedEntry, Outbox, Place } from '../outbox/outbox.ts';
import { visibleLine } from '../render/visible.ts';

/** A push of an outbox in one line. */
export interface OutboxRow {
  readonly number?: number;
  readonly state: 'recorded' | 'held' | Place;
  readonly push: string;
  readonly mails?: number;
  /** Mails that all their recipients have got. */
  readonly sent?: number;
  /** ISO 8601; in the past where it is due. */
  readonly nextTry?: string;
  readonly repository?: string;
  readonly refs: readonly string[];
  /** Of the first mail. */
  readonly subject?: string;
  /** Why it has not gone out. */
  readonly reason?: string;
}

/** The pushes of an outbox, recorded ones last. @param now milliseconds since 1970 */
export async function* outboxRows(
  outbox: Outbox,
  drop: Drop,
  places: readonly Place[],
  now: number,
): AsyncGenerator<OutboxRow> {
  for (const place of places) {
    for await (const listed of outbox.entries(place)) yield entryRow(listed, now);
  }
  const held = await drop.held();
  for (const { id, record } of await drop.readAll()) {
    const reason = reasonOf(record) ?? held.get(id)?.what;
    const push = 'push' in record ? record.push : undefined;
    yield { state: reason ? 'held' : 'recorded', push: id, ...origin(push), ...(reason ? { reason } : {}) };
  }
}

function reasonOf(record: object): string | undefined {
  if (record instanceof Error) return record.message;
  return 'fault' in record ? String(record.fault) : undefined;
}

function entryRow(listed: ListedEntry, now: number): OutboxRow {
  const { number, place: state, id: push } = listed.ref;
  if (listed.damaged !== undefined)
    return { number, state, push, refs: [], reason: `damaged: ${listed.damaged}` };
  const { entry } = listed;
  const states = mailStates(listed.state);
  const reason = states.flatMap(recipients => [...recipients.values()].flatMap(reasonsOf))[0];
  const due = dueMail(listed.state, now);
  const at = due.due === 'later' ? due.at : now;
  return {
    number,
    state,
    push,
    mails: entry.mails.length,
    sent: states.filter(all => [...all.values()].every(each => each.state === 'sent')).length,
    ...(state === 'queue' ? { nextTry: new Date(at).toISOString() } : {}),
    ...origin(entry.push),
    ...(entry.mails[0] ? { subject: entry.mails[0].subject } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

function reasonsOf(recipient: RecipientState): string[] {
  if (recipient.state === 'waiting' && recipient.held) return [recipient.held.what];
  return recipient.state === 'sent' || recipient.reply === undefined ? [] : [recipient.reply];
}

function origin(push: Push | undefined): Pick<OutboxRow, 'repository' | 'refs'> {
  if (!push) return { refs: [] };
  return { repository: push.repository, refs: push.updates.map(({ ref }) => ref) };
}

const COLUMNS = ['number', 'state', 'mails', 'next try', 'repository', 'refs', 'push', 'subject', 'reason'];

/** The rows under the names of their columns: TABs between them for programs, or `aligned` for people. */
export function outboxTable(rows: readonly OutboxRow[], now: number, aligned: boolean): string {
  const lines = [COLUMNS.map(name => name.toUpperCase()), ...rows.map(row => cells(row, now))];
  const widths = COLUMNS.map((_, at) =>
    lines.reduce((width, line) => Math.max(width, line[at]?.length ?? 0), 0),
  );
  const padded = (line: readonly string[]) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  return lines.map(line => `${aligned ? padded(line).trimEnd() : line.join('\t')}\n`).join('');
}

function cells(row: OutboxRow, now: number): string[] {
  const { number = '-', state, mails, sent, nextTry, repository = '-', refs, push } = row;
  const named = refs.length > 1 ? `${refs[0]} and ${refs.length - 1} more` : (refs[0] ?? '-');
  const next = nextTry === undefined ? '-' : Date.parse(nextTry) <= now ? 'due' : nextTry;
  const progress = mails === undefined ? '-' : `${sent} of ${mails} sent`;
  const { subject = '-', reason = '-' } = row;
  return [`${number}`, state, progress, next, repository, named, push, subject, reason].map(visibleLine);
}
