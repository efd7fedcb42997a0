import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JournalEvent } from '../../src/model/outbox-entry.ts';
import { journalLines, parseJournal } from '../../src/outbox/journal-lines.ts';
import { ADA, happened, NOON } from './spool-fixture.ts';

const events: readonly JournalEvent[] = [
  happened('sending', 1),
  happened('deferred', 1, { recipient: ADA, reply: '450 4.2.0 später,\nnoch einmal', until: NOON + 1 }),
  happened('sent', 1, { reply: '250 2.0.0 Ok: queued as 4cZ' }),
];
const whole = Buffer.from(journalLines(events));
const journalOf = (bytes: Buffer) => parseJournal(bytes.toString());

test('a journal gives back what was put in, one line an event', () => {
  assert.deepEqual(journalOf(whole), { events, unreadable: 0, torn: false });
  assert.equal(whole.toString().match(/\n/g)?.length, events.length);
  assert.deepEqual(journalOf(Buffer.alloc(0)), { events: [], unreadable: 0, torn: false });
});

test('a journal cut short at any byte keeps every whole line, and goes on well on a new line', () => {
  for (let length = 0; length <= whole.length; length++) {
    const cut = whole.subarray(0, length);
    const kept = journalOf(cut);
    const ended = cut.toString('latin1').split('\n').length - 1;
    // A line that lacks its end alone is whole too.
    const expected = whole[length] === 0x0a ? ended + 1 : ended;
    assert.deepEqual(kept.events, events.slice(0, expected), `cut at ${length}`);
    assert.equal(kept.torn, length > 0 && cut.at(-1) !== 0x0a);
    const next = happened('dropped', 1);
    const longer = Buffer.concat([cut, Buffer.from((kept.torn ? '\n' : '') + journalLines([next]))]);
    assert.deepEqual(journalOf(longer).events, [...kept.events, next]);
  }
});

test('a flipped bit costs at most the lines that it touches, and never turns one into another', () => {
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const kept = journalOf(flipped).events.map(({ at, event, mail }) => ({ at, event, mail }));
    const known = new Set(events.map(({ at, event, mail }) => JSON.stringify({ at, event, mail })));
    for (const one of kept) assert.ok(known.has(JSON.stringify(one)), `bit ${bit}`);
    assert.ok(kept.length >= events.length - 2);
  }
});

test('bytes of any kind are read without a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const { events, unreadable } = journalOf(Buffer.from(bytes));
      assert.equal(events.length, 0);
      assert.ok(unreadable >= 0);
    }),
  );
});

test('lines that are JSON but no events are counted', () => {
  const lines = [
    '{}',
    '[]',
    'null',
    '7',
    '{"at":1,"event":"sold","mail":1}',
    '{"at":"1","event":"sent","mail":1}',
  ];
  const { events, unreadable } = journalOf(Buffer.from(`${lines.join('\n')}\n`));
  assert.deepEqual([events, unreadable], [[], lines.length]);
});
