import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { mailStates } from '../../src/outbox/entry-state.ts';
import type { Outbox } from '../../src/outbox/outbox.ts';
import {
  ADA,
  addPush,
  audienceMail,
  BOB,
  claims,
  collect,
  happened,
  MINUTE,
  NOON,
  REPOSITORY,
  stream,
  type TestSpool,
  testMail,
  testPush,
  testSpool,
} from './spool-fixture.ts';

const MAIN = 'refs/heads/main';

/** One push is sent, one waits in part, one is deferred, one was given up and has a damaged mail, and one waits. */
export async function busySpool(t: TestContext): Promise<TestSpool> {
  const spool = await testSpool(t);
  const { outbox, root } = spool;
  await outbox.baseline(REPOSITORY, { refs: new Map([[MAIN, '0']]), identity: 'abc' });
  const move = (value: string) => ({ now: NOON, ledger: { refs: { [MAIN]: value } } });
  await addPush(outbox, 'sent', ['s1'], move('1'));
  await outbox.add(
    testPush('half'),
    stream(testMail('h1', ADA, BOB), audienceMail('docs', 'd1'), testMail('h2')),
    move('2'),
  );
  await addPush(outbox, 'deferred', ['e1', 'e2'], move('3'));
  await addPush(outbox, 'failed', ['f1', 'f2'], move('4'));
  await addPush(outbox, 'waits', ['w1', 'w2'], move('5'));
  for await (const claim of claims(outbox, NOON)) {
    if (claim.damaged !== undefined) throw new Error(claim.damaged);
    const { id } = claim.entry.push;
    const isSent = id === 'sent' || claim.entry.audience === 'docs';
    if (isSent)
      await outbox.record(claim, [happened('sending', 1), happened('sent', 1, { reply: '250 ok' })]);
    if (id === 'deferred') await outbox.record(claim, [happened('deferred', 1, { until: NOON + MINUTE })]);
    if (id === 'failed')
      await outbox.record(
        claim,
        [1, 2].map(mail => happened('rejected', mail)),
      );
    await outbox.finish(claim);
  }
  const failed = join(root, 'failed', '00000005-failed', 'mails');
  writeFileSync(failed, 'X', { flag: 'r+', flush: true });
  return spool;
}

/** All that anybody sees of an outbox, in the order of its numbers. */
export async function contentOf(outbox: Outbox): Promise<readonly string[]> {
  const seen: [number, string][] = [];
  for (const place of ['queue', 'failed', 'done'] as const)
    for (const listed of await collect(outbox.entries(place))) {
      assert.equal(listed.damaged, undefined);
      const { entry, state, ref } = listed as Extract<typeof listed, { damaged?: undefined }>;
      const mails = await Promise.all(entry.mails.map(({ number }) => outbox.readMail(entry, number)));
      const texts = mails.map(mail => `${mail.damaged === undefined ? mail.bytes : 'damaged'}`);
      const states = mailStates(state).map(recipients => [...recipients]);
      seen.push([
        ref.number,
        JSON.stringify([
          ref,
          entry.audience,
          entry.queuedAt,
          entry.mails.map(m => m.messageId),
          texts,
          states,
        ]),
      ]);
    }
  const ledger = await outbox.ledger(REPOSITORY);
  return [
    ...seen.sort(([a], [b]) => a - b).map(([, text]) => text),
    JSON.stringify([...(ledger?.refs ?? [])]),
  ];
}
