import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killLoop } from '../fixtures/kill-loop.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

/** A short loop here; `REFPOST_KILLS=200` makes a long one. */
const kills = Number(process.env.REFPOST_KILLS ?? 12);

test(`a worker killed ${kills} times at random moments loses no mail, and doubles only what was on its way`, async t => {
  const inbox = await startInbox(t);
  const recipients = ['commits@example.org', 'archive@example.org'];
  const settings = { 'refpost.worker': 'service' };
  const server = await serverRepository(t, { port: inbox.port, settings, recipients });

  const losses = await killLoop({ server, inbox, recipients, kills, commitsPerPush: 20 });

  t.diagnostic(JSON.stringify(losses));
  const { lost, outOfOrder, doubledAsAnother, unexplained } = losses;
  assert.deepEqual(
    { lost, outOfOrder, doubledAsAnother, unexplained },
    { lost: 0, outOfOrder: 0, doubledAsAnother: 0, unexplained: 0 },
  );
});
