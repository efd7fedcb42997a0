import { appendFileSync } from 'node:fs';
import { createSpool } from '../../src/disk/create-spool.ts';
import { takeLock } from '../../src/outbox/directory/lock.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { dueMail, isSettled } from '../../src/outbox/entry-state.ts';
import {
  audienceMail,
  claimOf,
  claims,
  happened,
  REPOSITORY,
  stream,
  testMail,
  testPush,
} from './spool-fixture.ts';

/**
 * A worker without git and mail servers. Push n moves main from n - 1 to n and brings three mails to each of two audiences; "sent" is a
 * line in a file. It works until it is killed or, told to `drain`, until the queue is empty.
 */
const [root, sentFile, order] = process.argv.slice(2) as [string, string, string | undefined];
const main = 'refs/heads/main';
const MAILS = 3;
const KEPT = 5;

await createSpool(root, 'umask');
if (!(await takeLock(root, 'umask', process.env))) throw new Error('another worker is alive');
process.stdout.write('at work\n');
const outbox = openOutbox(root, 'umask');
await outbox.recover();
await outbox.baseline(REPOSITORY, { refs: new Map([[main, '0']]) });
await deliver();
while (order !== 'drain') {
  await pickUp();
  await deliver();
  await outbox.prune(Date.now() + KEPT, 0);
}
process.exit();

async function pickUp(): Promise<void> {
  const ledger = await outbox.ledger(REPOSITORY);
  const value = Number(ledger?.refs.get(main)) + 1;
  const id = `push-${value}`;
  // Where it is known, its ledger has been moved: the next one is due.
  if (await outbox.knows(id)) throw new Error(`${id} is stored, but not in the ledger`);
  const mails = Array.from({ length: MAILS }, (_, index) => `${value}.${index + 1}`).flatMap(text => [
    testMail(text),
    audienceMail('docs', `docs ${text}`),
  ]);
  const refs = { [main]: String(value) };
  await outbox.add(testPush(id), stream(...mails), { now: Date.now(), ledger: { refs } });
}

async function deliver(): Promise<void> {
  for await (const queued of claims(outbox, Date.now())) {
    if (queued.damaged !== undefined) throw new Error(queued.damaged);
    const { entry } = queued;
    let { state } = queued;
    for (let due = dueMail(state, Date.now()); due.due === 'now'; due = dueMail(state, Date.now())) {
      state = await outbox.record(claimOf(entry), [happened('sending', due.mail, { at: Date.now() })]);
      const stored = await outbox.readMail(entry, due.mail);
      if (stored.damaged !== undefined) throw new Error(stored.damaged);
      appendFileSync(sentFile, `${stored.bytes.toString().slice('Subject: '.length).split('\n')[0]}\n`);
      state = await outbox.record(claimOf(entry), [happened('sent', due.mail, { at: Date.now() })]);
    }
    if (isSettled(state)) await outbox.finish(claimOf(entry));
  }
}
