import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../src/model/outbox-entry.ts';
import { type Due, dueMail } from '../../src/outbox/entry-state.ts';
import { foldJournal } from '../../src/outbox/fold-journal.ts';
import { ADA, BOB, entryTo, happened, MINUTE, NOON } from './spool-fixture.ts';

const entry = entryTo([ADA, BOB], [ADA, BOB]);
const greylisted = happened('deferred', 1, { recipient: BOB, until: NOON + 5 * MINUTE });

const TABLE: readonly (readonly [title: string, events: readonly JournalEvent[], now: number, Due])[] = [
  ['the first mail is due to all', [], NOON, { due: 'now', mail: 1, recipients: [ADA, BOB] }],
  [
    'mail 2 is not due before mail 1 is settled',
    [happened('sent', 1, { recipient: ADA }), happened('deferred', 2, { recipient: ADA, until: NOON + 1 })],
    NOON,
    { due: 'now', mail: 1, recipients: [BOB] },
  ],
  [
    'one who greylists does not hold the others',
    [greylisted, happened('sent', 1, { recipient: ADA })],
    NOON,
    { due: 'now', mail: 2, recipients: [ADA] },
  ],
  [
    'the lower mail goes first when his wait is over',
    [greylisted, happened('sent', 1, { recipient: ADA })],
    NOON + 5 * MINUTE,
    { due: 'now', mail: 1, recipients: [BOB] },
  ],
  [
    'the next moment is the earliest of all',
    [happened('deferred', 1, { recipient: ADA, until: NOON + 3 }), greylisted],
    NOON,
    { due: 'later', at: NOON + 3 },
  ],
  [
    'a mail that was given up makes room for the next',
    [happened('rejected', 1)],
    NOON,
    { due: 'now', mail: 2, recipients: [ADA, BOB] },
  ],
  [
    'nothing is due when all is settled',
    [happened('sent', 1), happened('dropped', 2)],
    NOON,
    { due: 'never' },
  ],
  [
    'a mail that was put off by a clock which has since been set back is due at once',
    [happened('deferred', 1, { at: NOON + 9 * MINUTE, until: NOON + 10 * MINUTE })],
    NOON,
    { due: 'now', mail: 1, recipients: [ADA, BOB] },
  ],
];

for (const [title, events, now, expected] of TABLE) {
  test(title, () => assert.deepEqual(dueMail(foldJournal(entry, events), now), expected));
}

test('an entry without mails has nothing due', () => {
  assert.deepEqual(dueMail(foldJournal({ ...entry, mails: [] }, []), NOON), { due: 'never' });
});
