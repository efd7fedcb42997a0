import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../src/model/outbox-entry.ts';
import { dueMail, hasRejected, isSettled, mailState, mailStates } from '../../src/outbox/entry-state.ts';
import { foldJournal, foreseen, withEvents } from '../../src/outbox/fold-journal.ts';
import { ADA, BOB, entryTo, happened, NOON, statesOf } from './spool-fixture.ts';

const three = entryTo([ADA, BOB], [ADA, BOB], [ADA]);

test('an entry without a journal waits for everybody, with the first mail due', () => {
  const state = foldJournal(three, []);
  assert.deepEqual(statesOf(state), ['waiting', 'waiting', 'waiting']);
  assert.deepEqual(
    [...state.lanes],
    [
      [ADA, 1],
      [BOB, 1],
    ],
  );
});

test('an event without a recipient is about all who still wait', () => {
  const events = [happened('rejected', 1, { recipient: BOB, reply: '550 no' }), happened('sent', 1)];
  const state = foldJournal(three, events);
  assert.equal(mailState(state, 1)?.get(ADA)?.state, 'sent');
  assert.deepEqual(mailState(state, 1)?.get(BOB), { state: 'rejected', at: NOON, reply: '550 no' });
});

test('a deferred mail counts its tries and keeps the last reply', () => {
  const state = foldJournal(three, [
    happened('sending', 1),
    happened('deferred', 1, { recipient: ADA, reply: '450 a', until: NOON + 5 }),
    happened('sending', 1, { at: NOON + 5 }),
    happened('deferred', 1, { at: NOON + 6, recipient: ADA, reply: '450 b', until: NOON + 9 }),
  ]);
  assert.deepEqual(mailState(state, 1)?.get(ADA), {
    state: 'waiting',
    attempts: 2,
    since: NOON,
    deferredAt: NOON + 6,
    notBefore: NOON + 9,
    uncertain: false,
    reply: '450 b',
  });
});

test('a mail that was being sent when its worker died is uncertain, and the others are not', () => {
  const events = [happened('sent', 1, { recipient: ADA }), happened('sending', 2)];
  const state = foldJournal(three, events);
  const uncertain = mailStates(state).map(mail =>
    [...mail].filter(([, was]) => was.state === 'waiting' && was.uncertain),
  );
  assert.deepEqual(
    uncertain.map(all => all.map(([recipient]) => recipient)),
    [[], [ADA], []],
    'Bob still waits for mail 1, so mail 2 was not offered to him',
  );
});

test('what follows changes a settled mail or not', () => {
  const table: readonly (readonly [JournalEvent['event'], JournalEvent['event'], string])[] = [
    ['sent', 'deferred', 'sent'],
    ['sent', 'rejected', 'sent'],
    ['sent', 'dropped', 'sent'],
    ['sent', 'retry', 'sent'],
    ['dropped', 'sent', 'sent'],
    ['rejected', 'sent', 'sent'],
    ['rejected', 'deferred', 'rejected'],
    ['rejected', 'dropped', 'dropped'],
    ['rejected', 'retry', 'waiting'],
    ['dropped', 'sending', 'dropped'],
    ['dropped', 'rejected', 'dropped'],
    ['dropped', 'retry', 'waiting'],
  ];
  for (const [first, second, expected] of table) {
    const state = foldJournal(
      three,
      [first, second].map(event => happened(event, 1, { recipient: ADA })),
    );
    assert.equal(statesOf(state)[0], expected, `${first}, then ${second}`);
  }
});

test('a retry makes the mail new: no tries, due at once, giving up counts from then', () => {
  const events = [happened('rejected', 1), happened('retry', 1, { at: NOON + 7 })];
  const was = mailState(foldJournal(three, events), 1)?.get(BOB);
  assert.deepEqual(was, {
    state: 'waiting',
    attempts: 0,
    since: NOON + 7,
    deferredAt: NOON + 7,
    notBefore: NOON + 7,
    uncertain: false,
  });
});

test('events about mails and recipients that the entry does not have are counted and passed over', () => {
  const strange = [happened('sent', 0), happened('sent', 4), happened('sent', 3, { recipient: BOB })];
  const state = foldJournal(three, strange, 2);
  assert.equal(state.unreadable, 5);
  assert.deepEqual(statesOf(state), ['waiting', 'waiting', 'waiting']);
});

test('an entry is settled when nobody waits, and failed when something was given up', () => {
  const sent = foldJournal(
    three,
    [1, 2, 3].map(mail => happened('sent', mail)),
  );
  assert.deepEqual([isSettled(sent), hasRejected(sent)], [true, false]);
  const failed = withEvents(foldJournal(three, [happened('rejected', 2, { recipient: BOB })]), [
    happened('sent', 1),
    happened('sent', 2),
  ]);
  assert.deepEqual([isSettled(failed), hasRejected(failed)], [false, true]);
});

test('what is due if answers come is foreseen as it is when they have come', () => {
  const answers = (['sent', 'rejected', 'deferred'] as const).flatMap(ada =>
    (['sent', 'rejected', 'deferred'] as const).map(bob => [ada, bob] as const),
  );
  for (const mail of [1, 2]) {
    const state = foldJournal(three, mail === 1 ? [] : [happened('sent', 1)]);
    for (const [ada, bob] of answers) {
      const [to, until] = [{ reply: 'a reply' }, NOON + 5];
      const events = [
        happened(ada, mail, { ...to, recipient: ADA, ...(ada === 'deferred' && { until }) }),
        happened(bob, mail, { ...to, recipient: BOB, ...(bob === 'deferred' && { until }) }),
      ];
      const due = dueMail(withEvents(state, events), NOON);
      const expected = due.due === 'now' ? due : undefined;
      const seen = dueMail(foreseen(state, events), NOON);
      assert.deepEqual(seen.due === 'now' ? seen : undefined, expected);
    }
  }
});
