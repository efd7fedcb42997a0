import { setTimeout as sleep } from 'node:timers/promises';
import { EX } from '../src/errors.ts';
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

/** Told to end, and perhaps before it heard signals, or while the database was away or full for it. */
const WELL_ENDED: readonly (number | null)[] = [0, null, EX.TEMPFAIL, EX.IOERR];

export interface Allowed {
  /** At each, one mail may be on its way in each lane. */
  readonly incidents: number;
  /** The database may not have heard of that. */
  readonly isDeaf?: boolean;
  /** How many mails had come when a copy was made, which the database went back to when so many had. */
  readonly repeated?: readonly [number, number];
}

/** Waits until all is mailed, ends everything, and tells what became of it. Order is that of all pushes to a repository, for each audience. */
export async function settleFleet(fleet: Fleet, fault: string, allowed: Allowed): Promise<Figure> {
  const { postgres, inbox, servers, services } = fleet;
  await until('the drops are empty', async () => {
    for (const { repositories } of servers)
      if (!repositories.every(each => each.isSettled())) await repositories[0]?.refpost('work', '--drain');
    return servers.every(({ repositories }) => repositories.every(each => each.isSettled()));
  });
  await until(
    'all is sent',
    async () => (await count(postgres, `refpost.entry where place = 'queue'`)) === 0,
  );
  const ends = (await Promise.all(services.map(each => each.stop()))).flat();
  const workers = () => servers.flatMap(each => each.workers());
  const open = () => count(postgres, OPEN);
  const isOver = async () => workers().length === 0 && (await open()) === 0;
  for (const end = Date.now() + LONGEST_END; Date.now() < end && !(await isOver()); ) await sleep(100);
  const { incidents, isDeaf, repeated: [from, to] = [0, 0] } = allowed;
  const unheard = isDeaf ? firstCopies(inbox.received) : inbox.received.slice(from, to);
  const unsure = [...(await interrupted(postgres)), ...unheard.flatMap(namesOf)];
  const pushes = servers.flatMap(({ pushed }) => pushed);
  const all = { pushes, recipients: RECIPIENTS, received: inbox.received, unsure };
  const figure = figureOf(fault, lossesOf(all));
  const { outOfOrder } = lossesOf({ ...all, received: firstCopies(inbox.received) });
  const failed = await count(postgres, `refpost.entry where place = 'failed'`);
  const connections = await open();
  const lanes = pushes.length * RECIPIENTS.length;
  const tooMany = allowed.repeated === undefined && figure.doubled > incidents * lanes;
  const broken = [
    ...(tooMany ? [`more than one mail of a lane was repeated at an incident`] : []),
    ...ends
      .filter(({ code }) => !WELL_ENDED.includes(code))
      .map(({ code, stderr }) => `ended with ${code}: ${complaint(stderr)}`),
    ...(workers().length > 0 ? [`${workers().length} workers do not end`] : []),
    ...(failed > 0 ? [`${failed} pushes have failed`] : []),
    ...(connections > 0 ? [`${connections} connections are left`] : []),
  ];
  return { ...figure, outOfOrder, broken: [...new Set(broken)] };
}

/** Connections that others have to the database. */
const OPEN = `pg_stat_activity where datname = '${DATABASE}' and pid <> pg_backend_pid()`;

async function count({ sql }: Postgres, what: string): Promise<number> {
  return Number(await sql(`select count(*) from ${what}`, DATABASE));
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited ${PATIENCE / 1000} s in vain: ${what}`);
    await sleep(100);
  }
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

function namesOf({ to, messageId }: ReceivedMail): string[] {
  return to.map(recipient => `${recipient} ${messageId}`);
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
