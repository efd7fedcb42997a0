import { setTimeout as sleep } from 'node:timers/promises';
import type { OutboxEntry } from '../src/model/outbox-entry.ts';
import { parseJournal } from '../src/outbox/journal-lines.ts';
import { lossesOf } from '../test/fixtures/losses.ts';
import type { Postgres } from '../test/fixtures/postgres.ts';
import type { ReceivedMail } from '../test/fixtures/smtp-received.ts';
import { type Figure, figureOf } from './figure.ts';
import { DATABASE, type Fleet } from './fleet.ts';
import { RECIPIENTS } from './scene.ts';

/** Milliseconds for all mails to be sent when nothing is in the way any more: what waits a minute before it tries again is not late. */
const PATIENCE = 180_000;

/** Milliseconds for a worker that a hook has started to see that there is nothing to do. */
const LONGEST_END = 20_000;

export interface Allowed {
  /** At each, one mail may be on its way in each lane. */
  readonly incidents: number;
  /** How many mails had come when a copy was made, which the database went back to when so many had. */
  readonly repeated?: readonly [number, number];
}

/** Waits until all is mailed, ends everything, and tells what became of it. Order is that of all pushes to a repository, for each audience. */
export async function settleFleet(fleet: Fleet, fault: string, allowed: Allowed): Promise<Figure> {
  const { postgres, inbox, servers, services } = fleet;
  for (const { repositories } of servers) {
    const [first] = repositories;
    const isSettled = () => repositories.every(each => each.isSettled());
    if (first && !isSettled()) await first.refpost('work', '--drain');
  }
  await untilSent(postgres);
  const ends = (await Promise.all(services.map(each => each.stop()))).flat();
  const workers = () => servers.flatMap(each => each.workers());
  for (const until = Date.now() + LONGEST_END; workers().length > 0 && Date.now() < until; ) await sleep(100);
  const unsure = [...(await interrupted(postgres)), ...repeated(inbox.received, allowed)];
  const pushes = servers.flatMap(({ pushed }) => pushed);
  const all = { pushes, recipients: RECIPIENTS, received: inbox.received, unsure };
  const figure = figureOf(fault, lossesOf(all));
  const { outOfOrder } = lossesOf({ ...all, received: firstCopies(inbox.received) });
  const lanes = pushes.length * RECIPIENTS.length;
  const tooMany = allowed.repeated === undefined && figure.doubled > allowed.incidents * lanes;
  const broken = [
    ...(tooMany ? [`more than one mail of a lane was repeated at an incident`] : []),
    // It may have been told to end before it heard signals.
    ...ends
      .filter(({ code }) => code !== 0 && code !== null)
      .map(({ code, stderr }) => `ended with ${code}: ${complaint(stderr)}`),
    ...(workers().length > 0 ? [`${workers().length} workers do not end`] : []),
    ...(await left(postgres)),
  ];
  return { ...figure, outOfOrder, broken: [...new Set(broken)] };
}

async function untilSent(postgres: Postgres): Promise<void> {
  let waiting = Number.NaN;
  const look = async () => {
    waiting = Number(
      await postgres.sql(`select count(*) from refpost.entry where place = 'queue'`, DATABASE),
    );
  };
  for (const until = Date.now() + PATIENCE; waiting !== 0 && Date.now() < until; ) await look();
  if (waiting !== 0) throw new Error(`${waiting} pushes still wait after ${PATIENCE / 1000} s`);
}

/** What should not be there when all is done, a sentence each. */
async function left(postgres: Postgres): Promise<string[]> {
  const failed = await postgres.sql(`select count(*) from refpost.entry where place = 'failed'`, DATABASE);
  const connected = `select count(*) from pg_stat_activity where datname = '${DATABASE}' and pid <> pg_backend_pid()`;
  const open = await postgres.sql(connected, DATABASE);
  return [
    ...(failed === '0' ? [] : [`${failed} pushes have failed`]),
    ...(open === '0' ? [] : [`${open} connections are left`]),
  ];
}

/** `<recipient> <Message-ID>` of the mails that were offered once more while nobody knew what had become of the time before: once for each time. */
async function interrupted(postgres: Postgres): Promise<string[]> {
  const journals = `select document, (select string_agg(lines, '' order by seq) from refpost.journal where (journal.server, journal.entry) = (document.server, document.entry)) as lines
    from refpost.document`;
  const text = await postgres.sql(
    `select coalesce(json_agg(stored), '[]') from (${journals}) as stored`,
    DATABASE,
  );
  const stored: { document: string; lines: string | null }[] = JSON.parse(text);
  return stored.flatMap(({ document, lines }) => {
    const { mails }: Pick<OutboxEntry, 'mails'> = JSON.parse(document);
    const onItsWay = new Set<number>();
    return parseJournal(lines ?? '').events.flatMap(({ event, mail }) => {
      const again = event === 'sending' && onItsWay.has(mail);
      if (event === 'sending') onItsWay.add(mail);
      else onItsWay.delete(mail);
      const { envelope, messageId } = mails[mail - 1] ?? {};
      return again ? (envelope?.to ?? []).map(recipient => `${recipient} ${messageId}`) : [];
    });
  });
}

/** The same of those of whom the copy of a database did not know that they were sent. */
function repeated(received: readonly ReceivedMail[], { repeated: [from, to] = [0, 0] }: Allowed): string[] {
  return received
    .slice(from, to)
    .flatMap(({ to, messageId }) => to.map(recipient => `${recipient} ${messageId}`));
}

/** Without the mails that had come before: who was stopped while a mail was on its way sends it when he goes on, after all that others have sent. */
function firstCopies(received: readonly ReceivedMail[]): ReceivedMail[] {
  const seen = new Set<string>();
  return received.filter(({ messageId, to }) => {
    const name = `${messageId} ${to}`;
    return !seen.has(name) && seen.add(name);
  });
}

/** What is no line of a log, which starts with a date. */
function complaint(stderr: string): string {
  return stderr
    .split('\n')
    .filter(line => !/^\d{4}-/.test(line))
    .join(' ')
    .slice(0, 300);
}
