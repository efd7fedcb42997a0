import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openOutbox } from '../src/outbox/directory/open-outbox.ts';
import { folderName } from '../src/outbox/directory/spool.ts';
import { entryText } from '../src/outbox/entry-text.ts';
import { journalLines } from '../src/outbox/journal-lines.ts';
import { pushOf } from '../test/fixtures/nouns.ts';
import { gitEnvironment, type TestRepository } from '../test/fixtures/repository.ts';
import { madeHistory } from './made-history.ts';
import { besideCommand, dryRun } from './mail-rows.ts';
import { mailServer } from './mail-server.ts';
import { medians, start, type Task, timeOf } from './measure.ts';
import { type Build, refpost } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { bareRepository, install } from './server.ts';

const PROMISED = 1000;
const HOUR = 3_600_000;

/** How long it takes to be there: for a few mails, and for the first one that is due. */
export async function* startRows(bench: Bench): AsyncGenerator<Row> {
  yield* dryRunRows(bench);
  yield await workerRow(bench);
}

const FEW = 4;

/**
 * A dry run of four commits, which is all but the mails a start, beside a node that does nothing and beside git-multimail (`--multimail`). All as
 * they start for whoever runs the bench.
 */
async function* dryRunRows({ builds, options, scratch }: Bench): AsyncGenerator<Row> {
  const repository = join(scratch, 'few.git');
  await madeHistory(repository, 10 * FEW);
  const few = { repository, from: `main~${FEW}`, to: 'main' };
  const asHere = { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS };
  const tasks: Record<string, Task> = {
    node: () => timeOf({ words: [process.execPath, '-e', '0'], env: gitEnvironment(asHere) }),
  };
  for (const build of builds)
    tasks[build.name] = () => timeOf({ ...dryRun(few, true, build), env: gitEnvironment(asHere) });
  if (options.multimail !== undefined) {
    const program = `python3 '${resolve(options.multimail)}' --stdout`;
    const settings = '-c multimailhook.mailingList=a@example.org';
    // It passes over commits that another branch has.
    const command = besideCommand(few, `${program} ${settings}`, 'refs/heads/main');
    tasks.multimail = () => timeOf(command);
  }
  const taken = await medians(tasks, options.quick ? 1 : 15 * options.times);
  const row = {
    work: `${FEW} commits of a made history to mails, dry run`,
    ours: taken.ours as number,
    against: taken.against,
    unit: 'ms' as const,
  };
  yield { ...row, limitName: 'node -e 0', limit: taken.node as number, allowed: 2.4 };
  yield {
    ...row,
    work: '  the same',
    limitName: 'git-multimail --stdout',
    limit: taken.multimail,
    allowed: 0.4,
  };
}

/** From the start of a worker to the mail that is due, behind thousands of pushes that wait for another hour. */
async function workerRow(bench: Bench): Promise<Row> {
  const { quick } = bench.options;
  const count = quick ? 100 : 10_000;
  const tasks: Record<string, Task> = {};
  for (const build of bench.builds) {
    const repository = bareRepository(join(bench.scratch, `start-${build.name}.git`));
    install(repository, { transport: 'smtp://127.0.0.1:9', worker: 'service' }, build);
    await fillQueue(join(repository.folder, 'refpost'), repository.folder, count);
    tasks[build.name] = () => firstMail(bench, repository, build);
  }
  const taken = await medians(tasks, quick ? 1 : 5 * bench.options.times);
  return {
    work: `start of the worker to its first mail, ${count} pushes queued`,
    ours: taken.ours as number,
    against: taken.against,
    limitName: 'as promised',
    limit: PROMISED,
    unit: 'ms',
    allowed: 1,
  };
}

/** Milliseconds from the start of a worker to the mail that is due. */
async function firstMail(bench: Bench, repository: TestRepository, build: Build): Promise<number> {
  const spool = join(repository.folder, 'refpost');
  const server = await mailServer(bench, 'fine');
  repository.git('config', 'refpost.transport', server.transport);
  await addPush(spool, repository.folder, 'due');
  const begin = performance.now();
  const worker = start(refpost(['work', '--once', '--repo', repository.folder], build));
  const ended = once(worker, 'exit');
  const early = ended.then(([code]) => Promise.reject(new Error(`ended with ${code}`)));
  await Promise.race([server.first, early]);
  const took = performance.now() - begin;
  await ended;
  rmSync(join(spool, 'done'), { recursive: true });
  mkdirSync(join(spool, 'done'));
  return took;
}

async function addPush(spool: string, repository: string, word: string): Promise<void> {
  const outbox = openOutbox(spool, 'umask');
  await outbox.recover();
  const envelope = { from: 'git@example.org', to: ['commits@example.org'] };
  const mail = {
    envelope,
    messageId: `<${word}@example.org>`,
    subject: word,
    bytes: Buffer.from(`Subject: ${word}\n\n${word}\n`),
  };
  await outbox.add(
    { ...pushOf(word, 0), repository },
    (async function* () {
      yield mail;
    })(),
    { now: Date.now() },
  );
}

/** The first entry as the outbox writes it; the others are copies under other numbers, without all the syncing. */
async function fillQueue(spool: string, repository: string, count: number): Promise<void> {
  await addPush(spool, repository, 'first');
  const [first = ''] = readdirSync(join(spool, 'queue'));
  const read = (name: string) => readFileSync(join(spool, 'queue', first, name));
  const [mails, entry] = [read('mails'), JSON.parse(read('entry.json').toString())];
  const [recipient] = entry.mails[0].envelope.to;
  const now = Date.now();
  const journal = journalLines([
    { at: now, event: 'deferred', mail: 1, recipient, reply: '451 later', until: now + 24 * HOUR },
  ]);
  for (let number = 1; number <= count; number++) {
    const id = number === 1 ? 'first' : `push-${number}`;
    const folder = join(spool, 'queue', folderName({ number, id }));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'mails'), mails);
    writeFileSync(join(folder, 'journal'), journal);
    const { crc32: _, ...rest } = entry;
    writeFileSync(
      join(folder, 'entry.json'),
      [...entryText({ ...rest, number, push: { ...rest.push, id } })].join(''),
    );
  }
}
