import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ComposedMail } from '../src/model/mail.ts';
import { openOutbox } from '../src/outbox/directory/open-outbox.ts';
import type { Intake } from '../src/outbox/outbox.ts';
import { pushOf } from '../test/fixtures/nouns.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import { type Manner, mailServer } from './mail-server.ts';
import { medians, type Task, timeOf } from './measure.ts';
import { refpost } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { bareRepository, install } from './server.ts';

export const MAILS_A_PUSH = 50;
export const MAIL_SIZE = 7000;
const POOL = fileURLToPath(new URL('./post-by-pool.js', import.meta.url));
const ROUND_TRIPS = fileURLToPath(new URL('./round-trips.js', import.meta.url));

/** Posting what is queued, journal and fsync included: against nodemailer's own pool that keeps no account of anything, and far away. */
export async function* postingRows(bench: Bench): AsyncGenerator<Row> {
  const { quick } = bench.options;
  const near = await posting(bench, 'fine', quick ? 1 : 20, (port, queue) => [POOL, port, queue]);
  yield { ...near, limitName: 'nodemailer, pool of one connection', unit: 'ms', allowed: 1 };
  const far = await posting(bench, 'far', quick ? 1 : 5, (port, _, mails) => [ROUND_TRIPS, port, mails]);
  yield { ...far, limitName: 'as many round trips of 20 ms', unit: 'ms', allowed: 1 / 0.9 };
}

/** @param limit the words of a program of Node.js for the server's port, the queue and the number of its mails */
async function posting(
  bench: Bench,
  manner: Manner,
  pushes: number,
  limit: (port: string, queue: string, mails: string) => readonly string[],
): Promise<Pick<Row, 'work' | 'ours' | 'against' | 'limit'>> {
  const mails = pushes * MAILS_A_PUSH;
  const { transport, port } = await mailServer(bench, manner);
  const tasks: Record<string, Task> = {};
  let kept = '';
  for (const build of bench.builds) {
    const repository = bareRepository(join(bench.scratch, `posting-${manner}-${build.name}.git`));
    install(repository, { transport, worker: 'service' }, build);
    const spool = join(repository.folder, 'refpost');
    await fillQueue(spool, repository.folder, pushes);
    const queue = join(spool, 'queue');
    const copy = join(bench.scratch, `queue-${manner}-${build.name}`);
    cpSync(queue, copy, { recursive: true });
    kept ||= copy;
    tasks[build.name] = async () => {
      for (const place of ['queue', 'done']) emptied(join(spool, place));
      cpSync(copy, queue, { recursive: true });
      return timeOf(refpost(['work', '--once', '--repo', repository.folder], build));
    };
  }
  const words = [process.execPath, ...limit(String(port), kept, String(mails))];
  tasks.limit = () => timeOf({ words, env: gitEnvironment() });
  const rounds = bench.options.quick ? 1 : 7 * bench.options.times;
  const { ours = 0, limit: least = 0, against } = await medians(tasks, rounds);
  const where = manner === 'far' ? ', 20 ms a round trip' : '';
  return { work: `posting ${mails} queued mails of 7 KB${where}`, ours, against, limit: least };
}

async function fillQueue(spool: string, repository: string, pushes: number): Promise<void> {
  const outbox = openOutbox(spool, 'umask');
  await outbox.recover();
  await fillOutbox(outbox, repository, { pushes, mails: MAILS_A_PUSH, size: MAIL_SIZE });
}

/** Pushes of so many mails of so many bytes. */
interface Filling {
  readonly pushes: number;
  readonly mails: number;
  readonly size: number;
}

let pushes = 0;

/** Pushes that no outbox has had before. */
export async function fillOutbox(outbox: Intake, repository: string, filling: Filling): Promise<void> {
  for (let push = 1; push <= filling.pushes; push++) {
    const id = `20240101T000000-${String(++pushes).padStart(8, '0')}`;
    await outbox.add({ ...pushOf(id, 0), repository }, mailsOf(id, filling), { now: Date.now() });
  }
}

async function* mailsOf(id: string, { mails, size }: Filling): AsyncGenerator<ComposedMail> {
  for (let number = 1; number <= mails; number++) {
    const messageId = `<${id}.${number}@example.org>`;
    const head = `From: git@example.org\nTo: commits@example.org\nMessage-ID: ${messageId}\nSubject: Mail ${number}\n\n`;
    const line = '+\tif (reader_state(buffer, 17)) return queue->entry[4]; // a line of a diff\n';
    const bytes = Buffer.from(head + line.repeat(Math.ceil((size - head.length) / line.length)));
    const envelope = { from: 'git@example.org', to: ['commits@example.org'] };
    yield { envelope, messageId, subject: `Mail ${number}`, bytes };
  }
}

function emptied(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
}
