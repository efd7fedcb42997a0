import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JournalEvent } from '../../src/model/outbox-entry.ts';
import { dueMail, type EntryState, isSettled } from '../../src/outbox/entry-state.ts';
import { foldJournal, withEvents } from '../../src/outbox/fold-journal.ts';
import { ADA, BOB, entryTo, NOON, statesOf } from './spool-fixture.ts';

const CYD = 'cyd@example.org';

const anyEvent: fc.Arbitrary<JournalEvent> = fc.record(
  {
    at: fc.integer({ min: NOON, max: NOON + 20 }),
    event: fc.constantFrom('sending', 'sent', 'deferred', 'rejected', 'dropped', 'retry'),
    mail: fc.integer({ min: 0, max: 8 }),
    recipient: fc.constantFrom(ADA, BOB, CYD),
    until: fc.integer({ min: NOON, max: NOON + 40 }),
  },
  { requiredKeys: ['at', 'event', 'mail'] },
);
const anyEntry = fc
  .array(fc.subarray([ADA, BOB, CYD]), { maxLength: 7 })
  .map(recipients => entryTo(...recipients));

/** The first waiting mail of each recipient, found by looking at everything. */
function lanesByLooking(state: EntryState): [string, number][] {
  return [ADA, BOB, CYD].flatMap((recipient): [string, number][] => {
    const index = statesOf(state, recipient).indexOf('waiting');
    return index < 0 ? [] : [[recipient, index + 1]];
  });
}

test('whatever a journal says, each lane is at the first mail that its recipient waits for', () => {
  fc.assert(
    fc.property(anyEntry, fc.array(anyEvent, { maxLength: 30 }), (entry, events) => {
      const state = foldJournal(entry, events);
      assert.deepEqual([...state.lanes].sort(), lanesByLooking(state).sort());
    }),
  );
});

test('events folded one by one amount to the same as in one go, and change no earlier state', () => {
  fc.assert(
    fc.property(anyEntry, fc.array(anyEvent, { maxLength: 20 }), (entry, events) => {
      const before = foldJournal(entry, []);
      const copy = structuredClone(before);
      const last = events.reduce((state, event) => withEvents(state, [event]), before);
      assert.deepEqual(last, foldJournal(entry, events));
      assert.deepEqual(before, copy);
    }),
  );
});

test('a worker that does what is due gets to the end, in order for each recipient', () => {
  const verdicts = fc.infiniteStream(
    fc.constantFrom('sent' as const, 'deferred' as const, 'rejected' as const),
  );
  fc.assert(
    fc.property(anyEntry, verdicts, (entry, answers) => {
      let state = foldJournal(entry, []);
      let now = NOON;
      const offered = new Map<string, number>();
      for (let steps = 0; steps < 200; steps++) {
        const due = dueMail(state, now);
        if (due.due === 'never') return;
        if (due.due === 'later') {
          assert.ok(due.at > now);
          now = due.at;
          continue;
        }
        for (const recipient of due.recipients) {
          assert.ok(due.mail >= (offered.get(recipient) ?? 0), 'never back to an earlier mail');
          offered.set(recipient, due.mail);
          const [event] = answers.take(1);
          state = withEvents(state, [
            { at: now, event: event ?? 'sent', mail: due.mail, recipient, until: now + 3 },
          ]);
        }
      }
      assert.ok(!isSettled(state), 'only unlucky answers take this long');
    }),
  );
});
