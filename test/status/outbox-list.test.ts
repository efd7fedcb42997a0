import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  audienceMail,
  claimOf,
  collect,
  happened,
  MINUTE,
  NOON,
  stream,
  testMail,
  testPush,
} from '../outbox/spool-fixture.ts';
import { statusSite } from './status-site.ts';

/** An outbox with a push for the default audience and for docs, whose mail waits for another try. */
async function twoAudiences(t: Parameters<typeof statusSite>[0]) {
  const site = await statusSite(t);
  const mails = stream(testMail('one'), audienceMail('docs', 'one of docs'));
  const push = { ...testPush('push-1'), kind: 'notify' as const, repository: site.repository.folder };
  const [plain, docs] = await site.outbox.add(push, mails, { now: NOON - MINUTE });
  assert.ok(plain && docs);
  await site.outbox.record(claimOf(docs), [
    happened('deferred', 1, { until: NOON + MINUTE, reply: '450 later' }),
  ]);
  const places = async () => {
    const refs = await site.outbox.find('push-1');
    return refs.map(({ number, place }) => `${number} ${place}`);
  };
  return { ...site, plain, docs, places };
}

test('a list has a column of audiences where there is one to name', async t => {
  const { refpost, repository, outbox, plain } = await twoAudiences(t);
  const listed = (await refpost(['outbox', 'list'])).world.out().toString();
  assert.equal(
    listed,
    `NUMBER\tSTATE\tMAILS\tNEXT TRY\tREPOSITORY\tREFS\tPUSH\tAUDIENCE\tSUBJECT\tREASON
1\tqueue\t0 of 1 sent\tdue\t${repository.folder}\t-\tpush-1\t-\tone\t-
2\tqueue\t0 of 1 sent\t2026-11-22T11:31:00.000Z\t${repository.folder}\t-\tpush-1\tdocs\tone of docs\t450 later
`,
  );
  const rows = JSON.parse((await refpost(['outbox', 'list', '--json'])).world.out().toString());
  assert.deepEqual(
    rows.map((row: { audience?: string }) => row.audience),
    [undefined, 'docs'],
  );
  const [ref] = await outbox.find('2');
  assert.ok(ref);
  await outbox.drop(ref, NOON);
  const without = (await refpost(['outbox', 'list'])).world.out().toString();
  assert.match(without, /^NUMBER\tSTATE\tMAILS\tNEXT TRY\tREPOSITORY\tREFS\tPUSH\tSUBJECT\tREASON\n1\t/);
  assert.equal(plain.audience, undefined);
});

test('a push is one push for status, whatever the number of its audiences', async t => {
  const { refpost, outbox, plain, docs } = await twoAudiences(t);
  assert.match((await refpost(['status'])).world.out().toString(), /^queued: {5}1 push, 2 mails$/m);
  for (const entry of [plain, docs]) {
    const held = happened('held', 1, { reply: 'a setting is wrong', remedy: 'correct it' });
    await outbox.record(claimOf(entry), [held]);
  }
  assert.match((await refpost(['status'])).world.out().toString(), /^held: {7}1 push$/m);
  for (const entry of [plain, docs]) {
    await outbox.record(claimOf(entry), [happened('rejected', 1, { reply: '550 no' })]);
    await outbox.finish(claimOf(entry));
  }
  assert.match((await refpost(['status'])).world.out().toString(), /^given up: {3}1 push, 2 mails$/m);
  assert.match(
    (await refpost(['status', '--prometheus'])).world.out().toString(),
    /^refpost_given_up_pushes\{.*\} 1$/m,
  );
});

test('who names a push shows, retries and drops what waits for all of its audiences', async t => {
  const { refpost, outbox, docs, places } = await twoAudiences(t);
  const shown = (await refpost(['outbox', 'show', 'push-1'])).world.out().toString();
  assert.match(
    shown,
    /^Push: {7}1 \(push-1\), .*\nRepository: .*\n(?:.*\n)+\nPush: {7}2 \(push-1\), .*\nAudience: {3}docs\nRepository: /,
  );
  assert.match(
    (await refpost(['outbox', 'show', '2', '1'])).world.out().toString(),
    /^Subject: one of docs\n/,
  );
  const retried = (await refpost(['outbox', 'retry', 'push-1', '-c', 'refpost.worker=service'])).world.err();
  assert.match(retried, /push 1 is due now\nrefpost: push 2 is due now\n/);
  await outbox.record(claimOf(docs), [happened('sent', 1)]);
  await outbox.finish(claimOf(docs));
  const dropped = (await refpost(['outbox', 'drop', 'push-1'])).world.err();
  assert.equal(
    dropped,
    'refpost: push 1 is dropped\nrefpost: push 2: its mails are sent, there is nothing to drop\n',
  );
  assert.deepEqual(await places(), ['1 done', '2 done']);
  assert.deepEqual(await collect(outbox.entries('queue')), []);
});
