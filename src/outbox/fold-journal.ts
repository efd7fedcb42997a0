import type { JournalEvent, OutboxEntry } from '../model/outbox-entry.ts';
import {
  dueAt,
  type EntryState,
  type MailState,
  newState,
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

/** A state while events are folded into it: what they change is copied once for all of them, so that each costs the same. */
interface Folding {
  readonly mails: MailState[];
  readonly changed: Map<number, Map<string, RecipientState>>;
  readonly lanes: Map<string, number>;
  unreadable: number;
}

/** The state after further events. */
export function withEvents(state: EntryState, events: readonly JournalEvent[]): EntryState {
  if (events.length === 0) return state;
  const [mails, lanes] = [[...state.mails], new Map(state.lanes)];
  const folding: Folding = { mails, lanes, changed: new Map(), unreadable: state.unreadable };
  for (const event of events) fold(folding, event);
  return { mails, lanes, unreadable: folding.unreadable };
}

function fold(folding: Folding, event: JournalEvent): void {
  const recipients = writable(folding, event.mail);
  if (!recipients || (event.recipient !== undefined && !recipients.has(event.recipient))) {
    folding.unreadable++;
    return;
  }
  for (const recipient of concerned(recipients, event, folding.lanes)) {
    recipients.set(recipient, after(recipients.get(recipient) as RecipientState, event));
    moveLane(folding.lanes, folding.mails, recipient, event.mail);
  }
}

/** A mail's recipients, to be changed in place; undefined if there is no such mail. */
function writable(folding: Folding, mail: number): Map<string, RecipientState> | undefined {
  const before = folding.changed.get(mail) ?? folding.mails[mail - 1];
  if (!before || folding.changed.has(mail)) return before as Map<string, RecipientState> | undefined;
  const copy = new Map(before);
  folding.changed.set(mail, copy);
  folding.mails[mail - 1] = copy;
  return copy;
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

/** Keeps `lanes` at each recipient's first waiting mail. It only ever looks forward, so a whole push costs one walk. */
function moveLane(
  lanes: Map<string, number>,
  mails: readonly MailState[],
  recipient: string,
  changed: number,
): void {
  const lane = lanes.get(recipient) ?? Number.POSITIVE_INFINITY;
  const waits = (number: number) => mails[number - 1]?.get(recipient)?.state === 'waiting';
  if (waits(changed)) {
    lanes.set(recipient, Math.min(lane, changed));
    return;
  }
  if (lane !== changed) return;
  let next = changed + 1;
  while (mails[next - 1] && !waits(next)) next++;
  if (waits(next)) lanes.set(recipient, next);
  else lanes.delete(recipient);
}
