import type { JournalEvent, OutboxEntry } from '../model/outbox-entry.ts';
import {
  dueAt,
  type EntryState,
  mailState,
  newState,
  PAGE,
  type RecipientState,
  waitingSince,
} from './entry-state.ts';

/**
 * What the journal of an entry amounts to. `unreadable`: lines of the journal that were no events.
 * The same events always give the same state, in one go or one after another (`withEvents`).
 */
export function foldJournal(
  entry: OutboxEntry,
  events: readonly JournalEvent[],
  unreadable: number = 0,
): EntryState {
  return withEvents({ ...newState(entry), unreadable }, events);
}

/** The state after further events. What they change is copied once for all of them, so that each costs the same. */
export function withEvents(state: EntryState, events: readonly JournalEvent[]): EntryState {
  const pages = [...state.pages];
  const lanes = new Map(state.lanes);
  const copies = new Map<number, Map<string, RecipientState>>();
  let { unreadable } = state;
  for (const event of events) {
    const before = mailState({ pages }, event.mail);
    if (!before || (event.recipient !== undefined && !before.has(event.recipient))) {
      unreadable++;
      continue;
    }
    const recipients = copies.get(event.mail) ?? new Map(before);
    if (!copies.has(event.mail)) {
      copies.set(event.mail, recipients);
      const page = Math.floor((event.mail - 1) / PAGE);
      pages[page] = (pages[page] ?? []).with((event.mail - 1) % PAGE, recipients);
    }
    const named = event.recipient === undefined ? undefined : [event.recipient];
    for (const recipient of named ?? concerned(recipients, event, lanes)) {
      recipients.set(recipient, after(recipients.get(recipient) as RecipientState, event));
      moveLane(lanes, pages, recipient, event.mail);
    }
  }
  return { pages, lanes, unreadable };
}

/**
 * Those whom an event without a name is about: all who still wait; of `sending` those to whom the mail was due at that moment, of
 * `retry` all who did not get it.
 */
function concerned(
  recipients: ReadonlyMap<string, RecipientState>,
  event: JournalEvent,
  lanes: EntryState['lanes'],
) {
  const isConcerned = ([recipient, was]: [string, RecipientState]): boolean => {
    if (event.event === 'retry') return was.state !== 'sent';
    if (event.event !== 'sending') return was.state === 'waiting';
    return lanes.get(recipient) === event.mail && dueAt(was, event.at) <= event.at;
  };
  return [...recipients].filter(isConcerned).map(([recipient]) => recipient);
}

/** `sent` outweighs all else: a person may drop a mail while the server is taking it. */
function after(before: RecipientState, event: JournalEvent): RecipientState {
  const reply = event.reply === undefined ? {} : { reply: event.reply };
  const settled = { at: event.at, ...reply };
  if (before.state === 'sent') return before;
  if (event.event === 'sent') return { state: 'sent', ...settled };
  if (event.event === 'retry') return waitingSince(event.at);
  if (event.event === 'dropped')
    return before.state === 'dropped' ? before : { state: 'dropped', ...settled };
  if (before.state !== 'waiting') return before;
  if (event.event === 'rejected') return { state: 'rejected', ...settled };
  const { held: _, ...offered } = before;
  if (event.event === 'sending') return { ...offered, uncertain: true };
  const { unreachedAt: __, lasting: ___, ...reached } = offered;
  if (event.event === 'unreached') {
    return { ...reached, uncertain: false, unreachedAt: event.at, lasting: event.lasting ?? false, ...reply };
  }
  if (event.event === 'held') {
    return { ...before, held: { at: event.at, what: event.reply ?? '', remedy: event.remedy ?? '' } };
  }
  const until = event.until ?? event.at;
  const attempts = before.attempts + 1;
  return { ...reached, attempts, deferredAt: event.at, notBefore: until, uncertain: false, ...reply };
}

/**
 * Which mail may be due to whom at once if these answers come: as `withEvents`, but without a copy of the mails, which of a large push is large. Who
 * has to wait has no lane.
 */
export function foreseen(state: EntryState, events: readonly JournalEvent[]): EntryState {
  const lanes = new Map(state.lanes);
  for (const { event, mail, recipient = '' } of events) {
    if (event === 'deferred') lanes.delete(recipient);
    else moveLane(lanes, state.pages, recipient, mail, true);
  }
  return { ...state, lanes };
}

/** Keeps `lanes` at each recipient's first waiting mail. It only ever looks forward, so a whole push costs one walk. */
function moveLane(
  lanes: Map<string, number>,
  pages: EntryState['pages'],
  recipient: string,
  changed: number,
  isOver = false,
): void {
  const lane = lanes.get(recipient) ?? Number.POSITIVE_INFINITY;
  const waits = (number: number) => mailState({ pages }, number)?.get(recipient)?.state === 'waiting';
  if (!isOver && waits(changed)) lanes.set(recipient, Math.min(lane, changed));
  else if (lane === changed) {
    let next = changed + 1;
    while (mailState({ pages }, next) && !waits(next)) next++;
    if (mailState({ pages }, next)) lanes.set(recipient, next);
    else lanes.delete(recipient);
  }
}
