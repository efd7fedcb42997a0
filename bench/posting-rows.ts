import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ComposedMail } from '../src/model/mail.ts';
import { openOutbox } from '../src/outbox/directory/open-outbox.ts';
import { pushOf } from '../test/fixtures/nouns.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import { mailServer } from './mail-server.ts';
import { medians, timeOf } from './measure.ts';
import { refpost } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { bareRepository, install } from './server.ts';

const MAILS_A_PUSH = 50;
const MAIL_SIZE = 7000;
const POOL = fileURLToPath(new URL('./post-by-pool.js', import.meta.url));

/** Posting what is queued, journal and fsync included, against nodemailer's own pool that keeps no account of anything. */
export async function* postingRows(bench: Bench): AsyncGenerator<Row> {
  const { quick } = bench.options;
  const pushes = quick ? 1 : 20;
  const { transport, port } = await mailServer(bench, 'fine');
  const repository = bareRepository(join(bench.scratch, 'posting.git'));
  install(repository, { transport, worker: 'service' });
  const spool = join(repository.folder, 'refpost');
  await fillQueue(spool, repository.folder, pushes);
  const [queue, kept] = [join(spool, 'queue'), join(bench.scratch, 'queue')];
  cpSync(queue, kept, { recursive: true });
  const ours = refpost(['work', '--once', '--repo', repository.folder]);
  const taken = await medians(
    {
      ours: async () => {
        for (const place of ['queue', 'done']) emptied(join(spool, place));
        cpSync(kept, queue, { recursive: true });
        return timeOf(ours);
      },
      limit: () => timeOf({ words: [process.execPath, POOL, String(port), kept], env: gitEnvironment() }),
    },
    quick ? 1 : 5,
  );
  yield {
    work: `posting ${pushes * MAILS_A_PUSH} queued mails of 7 KB`,
    ours: taken.ours,
    limitName: 'nodemailer, pool of one connection',
    limit: taken.limit,
    unit: 'ms',
    allowed: 1.25,
  };
}

async function fillQueue(spool: string, repository: string, pushes: number): Promise<void> {
  const outbox = openOutbox(spool, 'umask');
  await outbox.recover();
  for (let push = 1; push <= pushes; push++) {
    const id = `20240101T000000-${String(push).padStart(8, '0')}`;
    await outbox.add({ ...pushOf(id, 0), repository }, mails(push), { now: Date.now() });
  }
}

async function* mails(push: number): AsyncGenerator<ComposedMail> {
  for (let number = 1; number <= MAILS_A_PUSH; number++) {
    const messageId = `<${push}.${number}@example.org>`;
    const head = `From: git@example.org\nTo: commits@example.org\nMessage-ID: ${messageId}\nSubject: Mail ${number}\n\n`;
    const line = '+\tif (reader_state(buffer, 17)) return queue->entry[4]; // a line of a diff\n';
    const bytes = Buffer.from(head + line.repeat(Math.ceil((MAIL_SIZE - head.length) / line.length)));
    const envelope = { from: 'git@example.org', to: ['commits@example.org'] };
    yield { envelope, messageId, subject: `Mail ${number}`, bytes };
  }
}

function emptied(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
}
