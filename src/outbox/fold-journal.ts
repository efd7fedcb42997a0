import type { JournalEvent, OutboxEntry } from '../model/outbox-entry.ts';
import {
  dueAt,
  type EntryState,
  type MailState,
  mailState,
  newState,
  type RecipientState,
  waitingSince,
} from './entry-state.ts';
import { itemAt, type Pages, withItem } from './pages.ts';

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

/** The state after further events. */
export function withEvents(state: EntryState, events: readonly JournalEvent[]): EntryState {
  return events.reduce(withEvent, state);
}

function withEvent(state: EntryState, event: JournalEvent): EntryState {
  const before = mailState(state, event.mail);
  if (!before || (event.recipient !== undefined && !before.has(event.recipient))) {
    return { ...state, unreadable: state.unreadable + 1 };
  }
  const recipients = concerned(before, event, state.lanes);
  const ends = recipients.map(each => [each, after(before.get(each) as RecipientState, event)] as const);
  const mails = withItem(state.mails, event.mail - 1, new Map([...before, ...ends]));
  const lanes = new Map(state.lanes);
  for (const recipient of recipients) moveLane(lanes, mails, recipient, event.mail);
  return { mails, lanes, unreadable: state.unreadable };
}

/**
 * Those whom an event is about: the one it names, or all who still wait. Without a name, `sending` is about those to whom the
 * mail was due at that moment, and `retry` about all who did not get it.
 */
function concerned(
  recipients: MailState,
  event: JournalEvent,
  lanes: ReadonlyMap<string, number>,
): readonly string[] {
  if (event.recipient !== undefined) return [event.recipient];
  const isConcerned = ([recipient, was]: [string, RecipientState]): boolean => {
    if (event.event === 'retry') return was.state !== 'sent';
    if (event.event === 'sending')
      return lanes.get(recipient) === event.mail && dueAt(was, event.at) <= event.at;
    return was.state === 'waiting';
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
  if (event.event === 'sending') return { ...before, uncertain: true };
  if (event.event === 'unreached') {
    return { ...before, uncertain: false, unreachedAt: event.at, lasting: event.lasting ?? false, ...reply };
  }
  const until = event.until ?? event.at;
  const attempts = before.attempts + 1;
  const { unreachedAt: _, lasting: __, ...reached } = before;
  return { ...reached, attempts, deferredAt: event.at, notBefore: until, uncertain: false, ...reply };
}

/** Keeps `lanes` at each recipient's first waiting mail. It only ever looks forward, so a whole push costs one walk. */
function moveLane(
  lanes: Map<string, number>,
  mails: Pages<MailState>,
  recipient: string,
  changed: number,
): void {
  const lane = lanes.get(recipient) ?? Number.POSITIVE_INFINITY;
  const waits = (number: number) => itemAt(mails, number - 1)?.get(recipient)?.state === 'waiting';
  if (waits(changed)) {
    lanes.set(recipient, Math.min(lane, changed));
    return;
  }
  if (lane !== changed) return;
  let next = changed + 1;
  while (itemAt(mails, next - 1) && !waits(next)) next++;
  if (waits(next)) lanes.set(recipient, next);
  else lanes.delete(recipient);
}
