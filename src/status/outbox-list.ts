import type { Drop } from '../drop/drop.ts';
import type { Push, Resend } from '../model/push.ts';
import { dueMail, mailState, mailStates, type RecipientState } from '../outbox/entry-state.ts';
import type { ListedEntry, Outbox, Place, ReadableEntry } from '../outbox/outbox.ts';
import { visibleLine } from '../render/visible.ts';

/** A push of an outbox in one line. */
interface OutboxRow {
  readonly number?: number;
  readonly state: 'recorded' | 'held' | Place;
  readonly push: string;
  /** In a fleet, which has queued it. */
  readonly server?: string;
  /** Its mails are sent again, and of what. */
  readonly resends?: string;
  /** Absent for the default one. */
  readonly audience?: string;
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
export async function outboxRows(outbox: Outbox, drop: Drop, places: readonly Place[], now: number) {
  const rows: OutboxRow[] = [];
  for (const place of places)
    for await (const listed of outbox.entries(place)) rows.push(entryRow(listed, now));
  const held = await drop.held();
  for (const { id, record } of await drop.readAll()) {
    const reason = reasonOf(record) ?? held.get(id)?.what;
    const push = 'push' in record ? record.push : undefined;
    rows.push({ state: reason ? 'held' : 'recorded', push: id, ...origin(push), ...(reason && { reason }) });
  }
  return rows;
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
    ...(entry.server === undefined ? {} : { server: entry.server }),
    ...(entry.push.resend ? { resends: resendText(entry.push.resend) } : {}),
    ...(entry.audience === undefined ? {} : { audience: entry.audience }),
    mails: entry.mails.length,
    sent: sentMails(listed),
    ...(state === 'queue' ? { nextTry: new Date(at).toISOString() } : {}),
    ...origin(entry.push),
    ...(entry.mails[0] ? { subject: entry.mails[0].subject } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Mails that all their recipients have got. */
function sentMails({ state }: ReadableEntry): number {
  return mailStates(state).filter(all => [...all.values()].every(each => each.state === 'sent')).length;
}

export function isSent(listed: ReadableEntry): boolean {
  return sentMails(listed) === listed.entry.mails.length;
}

function reasonsOf(recipient: RecipientState): string[] {
  if (recipient.state === 'waiting' && recipient.held) return [recipient.held.what];
  return recipient.state === 'sent' || recipient.reply === undefined ? [] : [recipient.reply];
}

function origin(push: Push | undefined): Pick<OutboxRow, 'repository' | 'refs'> {
  if (!push) return { refs: [] };
  return { repository: push.repository, refs: push.updates.map(({ ref }) => ref) };
}

/** Those of servers and audiences are there where an entry names one. */
const COLUMNS: readonly (readonly [
  name: string,
  cell: (row: OutboxRow, now: number) => string | undefined,
])[] = [
  ['number', ({ number }) => number?.toString()],
  ['state', ({ state }) => state],
  ['server', ({ server }) => server],
  ['mails', progress],
  ['next try', nextTry],
  ['repository', ({ repository }) => repository],
  ['refs', ({ refs }) => (refs.length > 1 ? `${refs[0]} and ${refs.length - 1} more` : refs[0])],
  ['push', ({ push }) => push],
  ['audience', ({ audience }) => audience],
  ['subject', ({ subject }) => subject],
  ['reason', ({ reason }) => reason],
];

/** The rows under the names of their columns: TABs between them for programs, or `aligned` for people. */
export function outboxTable(rows: readonly OutboxRow[], now: number, aligned: boolean): string {
  const isThere = (key: 'audience' | 'server') => rows.some(row => row[key] !== undefined);
  const columns = COLUMNS.filter(([name]) => (name !== 'audience' && name !== 'server') || isThere(name)).map(
    ([name, cell]) => {
      const cells = [name.toUpperCase(), ...rows.map(row => visibleLine(cell(row, now) ?? '-'))];
      const width = aligned ? cells.reduce((most, { length }) => Math.max(most, length), 0) : 0;
      return cells.map(text => text.padEnd(width));
    },
  );
  const lines = ['', ...rows].map((_, at) => columns.map(column => column[at]).join(aligned ? '  ' : '\t'));
  return lines.map(line => `${aligned ? line.trimEnd() : line}\n`).join('');
}

function progress({ mails, sent }: OutboxRow): string | undefined {
  return mails === undefined ? undefined : `${sent} of ${mails} sent`;
}

function nextTry({ nextTry }: OutboxRow, now: number): string | undefined {
  return nextTry === undefined || Date.parse(nextTry) > now ? nextTry : 'due';
}

/** What became of some mails of a push for each recipient. @param now milliseconds since 1970 */
export function entryText(listed: ReadableEntry, now: number, mailsShown = listed.entry.mails): string {
  const { entry, state, ref } = listed;
  const row = entryRow(listed, now);
  const next = nextTry(row, now)?.replace(/^(?=\d)/, 'next try ');
  const head = [
    `Push:       ${entry.number} (${entry.push.id}), ${ref.place}, ${progress(row)}${next === undefined ? '' : `, ${next}`}`,
    ...(entry.server === undefined ? [] : [`Server:     ${visibleLine(entry.server)}`]),
    ...(entry.audience === undefined ? [] : [`Audience:   ${visibleLine(entry.audience)}`]),
    `Repository: ${entry.push.repository}`,
    `Queued:     ${new Date(entry.queuedAt).toISOString()}`,
    ...(entry.push.resend ? [`Resends:    ${resendText(entry.push.resend)}`] : []),
    ...entry.push.updates.map(
      update => `Ref:        ${visibleLine(update.ref)} ${update.old} -> ${update.new}`,
    ),
  ];
  const mails = mailsShown.flatMap(({ number, subject, messageId }) => [
    '',
    `Mail ${number}: ${visibleLine(subject)}`,
    `  ${messageId}`,
    ...[...(mailState(state, number) ?? [])].map(([recipient, each]) => `  ${recipient}: ${outcome(each)}`),
  ]);
  return `${[...head, ...mails].join('\n')}\n`;
}

function resendText({ push, commit, to }: Resend): string {
  const what = [push === undefined ? 'made anew' : `push ${push}`, ...(commit ? [`commit ${commit}`] : [])];
  return [...what, ...(to ? [`to ${to}`] : [])].join(', ');
}

function outcome(state: RecipientState): string {
  const words = state.state === 'rejected' ? 'given up' : state.state;
  const tries = state.state === 'waiting' && state.attempts > 0 ? ` (${state.attempts} tries)` : '';
  const doubt = state.state === 'waiting' && state.uncertain ? ', may have been sent' : '';
  return `${words}${tries}${doubt}${state.reply === undefined ? '' : `: ${visibleLine(state.reply)}`}`;
}
