import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Ledger, LedgerMove } from '../../src/model/ledger.ts';
import type { OutboxEntry } from '../../src/model/outbox-entry.ts';
import { dueMail, mailState } from '../../src/outbox/entry-state.ts';
import {
  type EntryRef,
  type ListedEntry,
  mailsAbout,
  type Outbox,
  type Place,
} from '../../src/outbox/outbox.ts';
import {
  ADA,
  addMails,
  addPush,
  audienceMail,
  BOB,
  claimOf,
  claims,
  collect,
  dueNumbers,
  entryOf,
  happened,
  MINUTE,
  NOON,
  REPOSITORY,
  statesOf,
  stream,
  testMail,
  testPush,
} from './spool-fixture.ts';

/** A fresh outbox, as those see it who use it at the same time. */
export interface Backend {
  /** As the next worker has it, after whatever happened to the one before. */
  worker(): Promise<Outbox>;
  /** As a person has it, beside a worker. */
  person(): Outbox;
}

const main = 'refs/heads/main';
const ledgerAt = (value: string): Ledger => ({ refs: new Map([[main, value]]) });
const moveTo = (value: string | null): LedgerMove => ({ refs: { [main]: value } });

async function idsIn(outbox: Outbox, place: Place): Promise<string[]> {
  return (await collect(outbox.entries(place))).map(({ ref }) => ref.id);
}

function states(listed: ListedEntry | undefined, recipient: string = ADA): readonly unknown[] {
  assert.ok(listed && listed.damaged === undefined);
  return [listed.ref.place, ...statesOf(listed.state, recipient)];
}

const queued = (number: number, id: string): EntryRef => ({ place: 'queue', number, id });

/** What any backend of the outbox promises. */
export function outboxContract(name: string, open: (t: TestContext) => Promise<Backend>): void {
  test(`${name}: numbers grow over all places and all workers`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const done = await addPush(outbox, 'nothing-to-say', []);
    const queued = await addPush(outbox, 'p2', ['one']);
    const next = await addPush(await worker(), 'p3', ['one']);
    assert.deepEqual([done.number, queued.number, next.number], [1, 2, 3]);
    assert.deepEqual(await idsIn(outbox, 'done'), ['nothing-to-say']);
    assert.deepEqual(await idsIn(outbox, 'queue'), ['p2', 'p3']);
  });

  test(`${name}: mails are taken one at a time`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    let asked = 0;
    let taken = 0;
    async function* counted() {
      for (asked = 1; asked <= 3; asked++) {
        assert.equal(asked, taken + 1);
        yield { ...testMail(`mail-${asked}`), bytes: Buffer.alloc(1 << 20, 'x') };
        taken++;
      }
    }
    const [entry] = await outbox.add(testPush('p'), counted(), { now: NOON });
    assert.equal(entry?.mails.length, 3);
    assert.deepEqual(
      entry?.mails.map(mail => mail.length),
      [1 << 20, 1 << 20, 1 << 20],
    );
  });

  test(`${name}: a push whose mails cannot be made leaves nothing behind, and can come again`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    async function* failing() {
      yield testMail('one');
      throw new Error('git broke off');
    }
    await assert.rejects(outbox.add(testPush('p'), failing(), { now: NOON }), /git broke off/);
    assert.deepEqual(await idsIn(outbox, 'queue'), []);
    assert.equal(await outbox.knows('p'), false);
    assert.equal((await addPush(outbox, 'p', ['one'])).number, 1);
  });

  test(`${name}: each audience of a push has an entry of its own, whose numbers follow one another`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    await addPush(outbox, 'before', ['one']);
    const mails = [
      audienceMail('docs', 'd1'),
      testMail('1', ADA, BOB),
      audienceMail('docs', 'd2'),
      audienceMail('tags', 't1'),
      testMail('2'),
    ];
    const entries = await outbox.add(testPush('p'), stream(...mails), { now: NOON });
    const shape = (entry: OutboxEntry) => [entry.number, entry.audience, ...entry.mails.map(m => m.subject)];
    assert.deepEqual(entries.map(shape), [
      [2, 'docs', 'd1', 'd2'],
      [3, undefined, '1', '2'],
      [4, 'tags', 't1'],
    ]);
    for (const entry of entries) {
      for (const { number, subject } of entry.mails) {
        const stored = await outbox.readMail(entry, number);
        assert.match(`${stored.damaged ?? stored.bytes}`, new RegExp(`^Subject: ${subject}\n`));
      }
    }
    const next = await worker();
    assert.deepEqual(await idsIn(next, 'queue'), ['before', 'p', 'p', 'p']);
    assert.deepEqual(
      (await next.find('p')).map(ref => ref.number),
      [2, 3, 4],
    );
    assert.deepEqual(await next.add(testPush('p'), stream(), { now: NOON }), entries);
    assert.equal((await addPush(next, 'after', [])).number, 5);
  });

  test(`${name}: what one audience waits for, is sent or is dropped concerns no other one`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    const mails = ['docs', 'tags', 'team'].map(audience => audienceMail(audience, 'one'));
    const [docs, tags] = await outbox.add(testPush('p'), stream(...mails), { now: NOON });
    assert.ok(docs && tags);
    await outbox.record(claimOf(docs), [happened('deferred', 1, { until: NOON + MINUTE })]);
    await outbox.record(claimOf(tags), [happened('sent', 1)]);
    assert.equal(await outbox.finish(claimOf(tags)), 'done');
    await person().drop(queued(3, 'p'), NOON);
    const next = await worker();
    assert.deepEqual(await dueNumbers(next, NOON), []);
    assert.deepEqual(await dueNumbers(next, NOON + MINUTE), [1]);
    assert.deepEqual(
      (await collect(next.entries('done'))).map(({ ref }) => ref.number),
      [2, 3],
    );
  });

  test(`${name}: where the mails of one audience cannot be made, nothing of the push is stored`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    async function* failing() {
      yield testMail('one');
      yield audienceMail('docs', 'one');
      throw new Error('git broke off');
    }
    await assert.rejects(outbox.add(testPush('p'), failing(), { now: NOON }), /git broke off/);
    assert.deepEqual(await idsIn(outbox, 'queue'), []);
    assert.equal((await addPush(outbox, 'p', ['one'])).number, 1);
  });

  test(`${name}: the ledger moves once with a push for several audiences`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    await outbox.baseline(REPOSITORY, ledgerAt('aaa'));
    const mails = [testMail('one'), audienceMail('docs', 'one')];
    const move = { now: NOON, ledger: moveTo('bbb') };
    const entries = await outbox.add(testPush('p'), stream(...mails), move);
    assert.equal(entries.filter(entry => entry.ledger).length, 1);
    assert.deepEqual(await outbox.ledger(REPOSITORY), ledgerAt('bbb'));
    assert.deepEqual(await (await worker()).ledger(REPOSITORY), ledgerAt('bbb'));
  });

  test(`${name}: a push that is known is not stored again, not even by the next worker`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one']);
    const next = await worker();
    assert.equal(await next.knows('p'), true);
    assert.deepEqual(await next.lacks(['q', 'p', 'r']), ['q', 'r']);
    assert.deepEqual(await addPush(next, 'p', ['other']), entry);
    assert.equal((await collect(next.entries('queue'))).length, 1);
  });

  test(`${name}: the ledger moves with the push that is stored`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    assert.equal(await outbox.ledger(REPOSITORY), undefined);
    assert.deepEqual(await outbox.baseline(REPOSITORY, ledgerAt('aaa')), ledgerAt('aaa'));
    await addPush(outbox, 'p1', ['one'], { now: NOON, ledger: moveTo('bbb') });
    assert.deepEqual(await outbox.ledger(REPOSITORY), ledgerAt('bbb'));
    await addPush(outbox, 'p2', [], { now: NOON, ledger: { refs: { [main]: null, 'refs/tags/v1': 'ccc' } } });
    assert.deepEqual(await (await worker()).ledger(REPOSITORY), {
      refs: new Map([['refs/tags/v1', 'ccc']]),
    });
  });

  test(`${name}: a first ledger does not overwrite one that is there`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    await outbox.baseline(REPOSITORY, ledgerAt('aaa'));
    assert.deepEqual(await outbox.baseline(REPOSITORY, ledgerAt('bbb')), ledgerAt('aaa'));
  });

  test(`${name}: a ledger that is forgotten is followed by a new one`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    await addPush(outbox, 'p1', ['one']);
    await outbox.baseline(REPOSITORY, ledgerAt('aaa'));
    await person().forget(REPOSITORY);
    assert.equal(await outbox.ledger(REPOSITORY), undefined);
    await person().baseline(REPOSITORY, ledgerAt('bbb'));
    assert.deepEqual(await outbox.ledger(REPOSITORY), ledgerAt('bbb'));
    await outbox.forget('/srv/git/never-seen.git');
  });
  test(`${name}: mails come back byte for byte, whatever is in them`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const bodies = [
      Buffer.from([...Array(256).keys()]),
      Buffer.from('From here on\n\nFrom refpost@x Sat Nov 22 11:30:00 2026\n'),
      Buffer.alloc(0),
      Buffer.from('no line end'),
    ];
    const mails = bodies.map((bytes, index) => ({ ...testMail(`m${index}`), bytes }));
    const entry = await addMails(outbox, 'p', mails);
    for (const [index, bytes] of bodies.entries())
      assert.deepEqual(await outbox.readMail(entry, index + 1), { bytes });
  });

  test(`${name}: an entry may be read before its turn comes`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    await addPush(outbox, 'p', ['one']);
    const [first] = await collect(outbox.due(NOON, new Set()));
    assert.ok(first);
    const early = await outbox.ahead(first.ref);
    assert.equal(early?.entry.push.id, 'p');
    assert.equal((await outbox.readMail(early.entry, 1)).damaged, undefined);
    const claim = await outbox.claim(first.ref);
    assert.deepEqual([claim?.entry, claim?.state], [early.entry, early.state]);
    assert.equal(await outbox.ahead({ place: 'queue', number: 7, id: 'q' }), undefined);
  });

  test(`${name}: a worker sends a push to its end and finds it in done`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    await addPush(outbox, 'p', ['one', 'two']);
    const sent: string[] = [];
    for await (const queued of claims(outbox, NOON)) {
      const entry = entryOf(queued);
      let state = await outbox.record(claimOf(entry), [happened('sending', 1)]);
      for (let due = dueMail(state, NOON); due.due === 'now'; due = dueMail(state, NOON)) {
        const stored = await outbox.readMail(entry, due.mail);
        sent.push(stored.damaged ?? stored.bytes.toString());
        state = await outbox.record(claimOf(entry), [
          happened('sent', due.mail),
          happened('sending', due.mail + 1),
        ]);
      }
      assert.equal(await outbox.finish(claimOf(entry)), 'done');
    }
    assert.deepEqual(sent, ['Subject: one\n\nbody of one\n', 'Subject: two\n\nbody of two\n']);
    assert.deepEqual(await idsIn(outbox, 'queue'), []);
    assert.deepEqual(await idsIn(outbox, 'done'), ['p']);
    assert.equal(await outbox.nextDue(), undefined);
  });

  test(`${name}: a push with a mail that was given up ends in failed, an unfinished one stays`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one', 'two']);
    await outbox.record(claimOf(entry), [happened('rejected', 1, { reply: '550 no' })]);
    assert.equal(await outbox.finish(claimOf(entry)), 'queue');
    await outbox.record(claimOf(entry), [happened('sent', 2)]);
    assert.equal(await outbox.finish(claimOf(entry)), 'failed');
    assert.deepEqual(await idsIn(outbox, 'failed'), ['p']);
  });

  test(`${name}: the next worker goes on where the journal ends, and sees what is uncertain`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one', 'two']);
    await outbox.record(claimOf(entry), [happened('sent', 1), happened('sending', 2)]);
    const [queued] = await collect(claims(await worker(), NOON));
    assert.ok(queued && queued.damaged === undefined);
    const second = mailState(queued.state, 2)?.get(ADA);
    assert.deepEqual(statesOf(queued.state), ['sent', 'waiting']);
    assert.ok(second?.state === 'waiting' && second.uncertain);
  });

  test(`${name}: a push whose worker died before it was settled is offered to be settled`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one']);
    await outbox.record(claimOf(entry), [happened('sent', 1)]);
    const next = await worker();
    assert.deepEqual(await dueNumbers(next, NOON), [1]);
    assert.equal(await next.finish(claimOf(entry)), 'done');
  });

  test(`${name}: what was put off is offered when its time has come, and not before`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const first = await addPush(outbox, 'p1', ['one']);
    await addPush(outbox, 'p2', ['one']);
    await outbox.record(claimOf(first), [happened('deferred', 1, { until: NOON + 5 * MINUTE })]);
    assert.deepEqual(await dueNumbers(outbox, NOON), [2]);
    assert.equal(await outbox.nextDue(), 0, 'push 2 was offered, and nothing was done about it');
    assert.deepEqual(await dueNumbers(outbox, NOON + 5 * MINUTE), [1, 2]);
  });

  test(`${name}: the next moment is the earliest in the queue`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    for (const minutes of [7, 3, 5]) {
      const entry = await addPush(outbox, `p${minutes}`, ['one']);
      await outbox.record(claimOf(entry), [happened('deferred', 1, { until: NOON + minutes * MINUTE })]);
    }
    assert.equal(await outbox.nextDue(), NOON + 3 * MINUTE);
    const next = await worker();
    assert.equal(await next.nextDue(), 0);
    assert.deepEqual(await dueNumbers(next, NOON), []);
    assert.equal(await next.nextDue(), NOON + 3 * MINUTE);
  });

  test(`${name}: a clock that was set back does not hold what was put off by the wrong one`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const future = NOON + 1e6 * MINUTE;
    const entry = await addPush(outbox, 'p', ['one']);
    assert.deepEqual(await dueNumbers(outbox, future), [1]);
    await outbox.record(claimOf(entry), [
      happened('deferred', 1, { at: future, until: future + 60 * MINUTE }),
    ]);
    assert.deepEqual(await dueNumbers(outbox, future), []);
    assert.deepEqual(await dueNumbers(outbox, NOON), [1]);
  });

  test(`${name}: each recipient has results of his own`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const entry = await addMails(outbox, 'p', [testMail('one', ADA, BOB)]);
    const state = await outbox.record(claimOf(entry), [
      happened('sent', 1, { recipient: ADA }),
      happened('deferred', 1, { recipient: BOB, until: NOON + 1 }),
    ]);
    assert.deepEqual(dueMail(state, NOON), { due: 'later', at: NOON + 1 });
    assert.deepEqual(dueMail(state, NOON + 1), { due: 'now', mail: 1, recipients: [BOB] });
  });

  test(`${name}: each place lists its pushes in order, with their state`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    for (const id of ['b', 'a', 'c']) await addPush(outbox, id, ['one', 'two']);
    const [first] = await collect(outbox.entries('queue'));
    assert.ok(first && first.damaged === undefined);
    await outbox.record(claimOf(first.entry), [happened('sent', 1)]);
    const people = person();
    const listed = await collect(people.entries('queue'));
    assert.deepEqual(
      listed.map(({ ref }) => ref.id),
      ['b', 'a', 'c'],
    );
    assert.deepEqual(states(listed[0]), ['queue', 'sent', 'waiting']);
    assert.deepEqual(await collect(people.entries('failed')), []);
  });

  test(`${name}: a push is found by its number, its id or the beginning of it`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    for (const id of ['20261122T1130-aa', '20261122T1131-bb', '3-cc']) await addPush(outbox, id, []);
    const found = async (name: string) => (await outbox.find(name)).map(({ number }) => number);
    assert.deepEqual(await found('2'), [2]);
    assert.deepEqual(await found('3'), [3]);
    assert.deepEqual(await found('00000002'), [2]);
    assert.deepEqual(await found('20261122T1131-bb'), [2]);
    assert.deepEqual(await found('20261122T1131-bb'), [2]);
    assert.deepEqual(await found('20261122T113'), [1, 2]);
    assert.deepEqual(await found('20261122'), [1, 2]);
    for (const name of ['', 'bb', '99', '../queue']) assert.deepEqual(await found(name), []);
  });

  test(`${name}: the mails about a commit are found in whichever place they are, and those of a Message-ID`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    const [one, two] = ['1'.repeat(40), '2'.repeat(40)] as const;
    const update = { ref: 'refs/heads/main', old: one, new: two };
    const about = (text: string, about: string) => ({ ...testMail(text), about });
    const pushes = {
      a: [about('a1', one), about('a2', two)],
      b: [about('b', 'summary')],
      c: [testMail('c')],
    };
    for (const [id, mails] of Object.entries(pushes)) {
      const push = { ...testPush(id), updates: id === 'b' ? [update] : [] };
      const [entry] = await outbox.add(push, stream(...mails), { now: NOON });
      if (id === 'c' || !entry) continue;
      await outbox.record(
        claimOf(entry),
        entry.mails.map(({ number }) => happened(id === 'a' ? 'rejected' : 'sent', number)),
      );
      await outbox.finish(claimOf(entry));
    }
    const found = async (what: string) => {
      const entries = await collect(person().about(what));
      return entries.flatMap(({ entry }) => mailsAbout(entry, what).map(({ subject }) => subject)).toSorted();
    };
    assert.deepEqual(await found(one), ['a1']);
    assert.deepEqual(await found(two.slice(0, 7)), ['a2', 'b']);
    assert.deepEqual(await found('<c@example.org>'), ['c']);
    for (const none of ['', '2', '222222', 'summary', '<d@example.org>', 'f'.repeat(40)])
      assert.deepEqual(await found(none), []);
  });

  test(`${name}: a failed push that is tried again is back in the queue, without the mails that were sent`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one', 'two']);
    await outbox.record(claimOf(entry), [happened('sent', 1), happened('rejected', 2)]);
    await outbox.finish(claimOf(entry));
    const people = person();
    const [ref] = await people.find('1');
    assert.equal(ref?.place, 'failed');
    assert.deepEqual(states(await people.retry(ref as EntryRef, NOON + MINUTE)), [
      'queue',
      'sent',
      'waiting',
    ]);
    assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), [1]);
  });

  test(`${name}: a push that waits for its next try is tried at once when a person says so`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one']);
    await outbox.record(claimOf(entry), [happened('deferred', 1, { until: NOON + 60 * MINUTE })]);
    assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), []);
    await person().retry(queued(1, 'p'), NOON + MINUTE);
    assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), [1], 'the running worker sees it');
    assert.deepEqual(await dueNumbers(await worker(), NOON + MINUTE), [1], 'and so does the next');
  });

  test(`${name}: a push without anything to try again stays where it is`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one']);
    await outbox.record(claimOf(entry), [happened('sent', 1)]);
    await outbox.finish(claimOf(entry));
    assert.deepEqual(states(await outbox.retry({ place: 'done', number: 1, id: 'p' }, NOON)), [
      'done',
      'sent',
    ]);
  });

  test(`${name}: a push that is dropped gives up what was not sent and counts as finished`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const mails = [testMail('one', ADA, BOB), testMail('two', ADA, BOB)];
    const entry = await addMails(outbox, 'p', mails);
    await outbox.record(claimOf(entry), [
      happened('sent', 1, { recipient: ADA }),
      happened('rejected', 1, { recipient: BOB }),
    ]);
    const dropped = await outbox.drop(queued(1, 'p'), NOON);
    assert.deepEqual(states(dropped), ['done', 'sent', 'dropped']);
    assert.deepEqual(states(dropped, BOB), ['done', 'dropped', 'dropped']);
    const undone = await outbox.retry({ place: 'done', number: 1, id: 'p' }, NOON);
    assert.deepEqual(states(undone, BOB), ['queue', 'waiting', 'waiting'], 'a person may think better of it');
  });

  test(`${name}: a worker that is at a push while a person drops it sees that with its next word, and loses none`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one', 'two']);
    for await (const _ of claims(outbox, NOON)) {
      await outbox.record(claimOf(entry), [happened('sending', 1)]);
      await person().drop(queued(1, 'p'), NOON);
      assert.equal((await outbox.readMail(entry, 2)).damaged, undefined);
      const state = await outbox.record(claimOf(entry), [happened('sent', 1, { recipient: ADA })]);
      assert.deepEqual(statesOf(state), ['sent', 'dropped']);
      assert.equal(await outbox.finish(claimOf(entry)), 'done');
    }
    assert.deepEqual(states(await outbox.show(queued(1, 'p'))), ['done', 'sent', 'dropped']);
  });

  test(`${name}: a retry that comes while the worker puts the push away is not lost`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one']);
    for await (const _ of claims(outbox, NOON)) {
      await outbox.record(claimOf(entry), [happened('rejected', 1)]);
      await person().retry(queued(1, 'p'), NOON + 1);
      assert.equal(await outbox.finish(claimOf(entry)), 'queue');
    }
    assert.deepEqual(await dueNumbers(outbox, NOON + 1), [1]);
  });

  test(`${name}: many people and a worker at the same push leave it in one place`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    const entry = await addPush(outbox, 'p', ['one', 'two']);
    const ref = queued(1, 'p');
    const people = person();
    for (let round = 0; round < 10; round++) {
      const at = NOON + round;
      await Promise.all([
        people.retry(ref, at),
        people.drop(ref, at),
        outbox
          .record(claimOf(entry), [happened('rejected', 1, { at })])
          .then(() => outbox.finish(claimOf(entry))),
      ]);
      assert.equal((await people.find('1')).length, 1);
    }
    await people.retry(ref, NOON + 99);
    assert.deepEqual(states(await people.show(ref)), ['queue', 'waiting', 'waiting']);
  });

  test(`${name}: a push that is gone is nothing to show, retry or drop`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    const ref = queued(7, 'p');
    assert.deepEqual(
      [await outbox.show(ref), await outbox.retry(ref, NOON), await outbox.drop(ref, NOON)],
      [undefined, undefined, undefined],
    );
  });

  test(`${name}: what is postponed is left alone until its moment, or until a person asks`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    await addPush(outbox, 'p1', ['one']);
    await addPush(outbox, 'p2', ['one']);
    for await (const claim of claims(outbox, NOON)) {
      if (claim.damaged === undefined && claim.entry.number === 1) outbox.postpone(claim, NOON + MINUTE);
    }
    assert.deepEqual(await dueNumbers(outbox, NOON), [2]);
    assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), [1, 2]);
    for await (const claim of claims(outbox, NOON + MINUTE)) {
      if (claim.damaged === undefined) outbox.postpone(claim, NOON + 9 * MINUTE);
    }
    assert.equal(await outbox.nextDue(), NOON + 9 * MINUTE);
    outbox.recall();
    assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), [1, 2]);
    for await (const claim of claims(outbox, NOON + MINUTE)) {
      if (claim.damaged === undefined) outbox.postpone(claim, NOON + 9 * MINUTE);
    }
    assert.equal(await outbox.nudged(), false);
    await person().nudge();
    assert.equal(await outbox.nudged(), true);
    assert.deepEqual(await dueNumbers(outbox, NOON + MINUTE), [1, 2]);
    assert.equal(await outbox.nudged(), false);
  });

  test(`${name}: a worker that waits is told of a retry and of a drop`, async t => {
    const { worker, person } = await open(t);
    const outbox = await worker();
    await addPush(outbox, 'p', ['one']);
    for (const ask of ['retry', 'drop'] as const) {
      let stop = () => {};
      const rung = new Promise<void>(resolve => {
        stop = outbox.watch(resolve);
      });
      await person()[ask](queued(1, 'p'), NOON);
      await rung;
      stop();
      assert.equal(await outbox.nudged(), true);
      await collect(claims(outbox, NOON));
    }
  });

  test(`${name}: who has lost a claim cannot say anything about the push any more`, async t => {
    const { worker } = await open(t);
    const outbox = await worker();
    await addPush(outbox, 'p', ['one']);
    const [claim] = await collect(claims(outbox, NOON));
    assert.ok(claim && claim.damaged === undefined);
    await outbox.close();
    const next = await worker();
    const [its] = await collect(claims(next, NOON));
    assert.ok(its && its.damaged === undefined);
    await assert.rejects(outbox.record(claim, [happened('sent', 1)]), { exitCode: 75 });
    await assert.rejects(outbox.append(claim, [happened('sent', 1)]), { exitCode: 75 });
    await assert.rejects(outbox.finish(claim), { exitCode: 75 });
    assert.deepEqual(statesOf(await next.record(its, [])), ['waiting']);
  });
}
