import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClaimLost, DatabaseAway } from '../../../src/errors.ts';
import type { JournalEvent } from '../../../src/model/outbox-entry.ts';
import { dueMail, isSettled } from '../../../src/outbox/entry-state.ts';
import { withEvents } from '../../../src/outbox/fold-journal.ts';
import { openPostgresOutbox } from '../../../src/outbox/postgres/open-outbox.ts';
import { claims, happened } from '../spool-fixture.ts';
import { connectTo } from './connect.ts';

/**
 * A sender of a fleet without mail servers: "sent" is a line in a file, the subject of the mail. It says what it is about to do, and waits for the disk of the database,
 * as deliver.ts does. It works until it is killed, or until it was told to stop and nothing is left.
 */
const [folder, name, sentFile] = process.argv.slice(2) as [string, string, string];
const database = connectTo(folder, name);
const outbox = openPostgresOutbox(database, {
  ...{ server: 'sender', mode: 'sender', lease: 3000 },
  nameOf: async repository => repository,
  now: Date.now,
});
await outbox.recover();
process.stdout.write('at work\n');
let isTold = false;
process.on('SIGTERM', () => {
  isTold = true;
});
while (!isTold || (await outbox.nextDue().catch(() => 0)) !== undefined) {
  await deliver().catch(error => {
    if (!(error instanceof ClaimLost || error instanceof DatabaseAway)) throw error;
  });
  await sleep(20);
}
await outbox.close();
await database.close();

async function deliver(): Promise<void> {
  for await (const claim of claims(outbox, Date.now())) {
    if (claim.damaged !== undefined) throw new Error(claim.damaged);
    let { state } = claim;
    let unwritten: readonly JournalEvent[] = [];
    let durable: Promise<unknown> = Promise.resolve();
    for (let due = dueMail(state, Date.now()); due.due === 'now'; due = dueMail(state, Date.now())) {
      const at = Date.now();
      const appended = await outbox.append(claim, [...unwritten, happened('sending', due.mail, { at })]);
      const stored = await outbox.readMail(claim.entry, due.mail);
      if (stored.damaged !== undefined) throw new Error(stored.damaged);
      await durable;
      await appended.stillOurs();
      appendFileSync(sentFile, `${stored.bytes.toString().slice('Subject: '.length).split('\n')[0]}\n`);
      durable = appended.durable;
      unwritten = [happened('sent', due.mail, { at: Date.now() })];
      state = withEvents(appended.state, unwritten);
    }
    await durable;
    state = await outbox.record(claim, unwritten);
    if (isSettled(state)) await outbox.finish(claim);
  }
}
