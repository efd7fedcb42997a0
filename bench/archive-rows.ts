import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addToFolder } from '../src/archive/open-archive.ts';
import { testWorld } from '../test/fixtures/world.ts';
import { madeHistory } from './made-history.ts';
import { medians, type Task, timeOf } from './measure.ts';
import { refpost, settings } from './refpost.ts';
import type { Bench, Row } from './row.ts';

const MHONARC = '/usr/bin/mhonarc';
/** Milliseconds that one more mail may take. */
const PROMISED = 100;
const HOUR = 3_600_000;

/** Mails to pages: many at once, beside mhonarc where it is installed; and one more in an archive of a hundred thousand. */
export async function* archiveRows({ options, builds, scratch }: Bench): AsyncGenerator<Row> {
  const { quick, times } = options;
  const mails = await madeMails(join(scratch, 'archive.git'), quick ? 40 : 1000);
  const mbox = join(scratch, 'archive.mbox');
  const count = quick ? 100 : 5000;
  writeFileSync(mbox, Array.from({ length: count }, (_, at) => `${numbered(mails, at)}\n`).join(''));
  // Each in a folder of its own, and none is removed: where thousands of files were removed a moment ago, ext4 looks at all of them for a new one.
  const anew = () => mkdtempSync(join(scratch, 'pages-'));
  const tasks: Record<string, Task> = {};
  for (const build of builds)
    tasks[build.name] = () => timeOf(refpost(['archive', anew(), '--mbox', mbox], build));
  if (existsSync(MHONARC)) {
    tasks.limit = () => timeOf({ words: [MHONARC, '-quiet', '-outdir', anew(), mbox], env: process.env });
  }
  const taken = await medians(tasks, quick ? 1 : times);
  yield {
    work: `${count} mails of an mbox to an archive`,
    ours: taken.ours as number,
    against: taken.against,
    limitName: existsSync(MHONARC) ? 'mhonarc' : 'no mhonarc here',
    limit: taken.limit ?? 0,
    unit: 'ms',
    allowed: 0.1,
  };
  yield await oneMore(mails, join(scratch, 'many-pages'), quick ? 1000 : 100_000, 20 * times);
}

async function oneMore(
  mails: readonly string[],
  folder: string,
  count: number,
  rounds: number,
): Promise<Row> {
  const world = testWorld({ env: process.env });
  const many = Array.from({ length: count }, (_, at) =>
    Buffer.from(numbered(mails, at).replace(/^From .*\n/, '')),
  );
  await addToFolder(world, folder, { addresses: 'coded' }, many);
  let next = count;
  const add = async () => {
    const mail = Buffer.from(numbered(mails, next++).replace(/^From .*\n/, ''));
    const begin = performance.now();
    await addToFolder(world, folder, { addresses: 'coded' }, [mail]);
    return performance.now() - begin;
  };
  const { ours } = await medians({ ours: add }, rounds);
  return {
    work: `one more mail in an archive of ${count}`,
    ours,
    limitName: 'as promised',
    limit: PROMISED,
    unit: 'ms',
    allowed: 1,
  };
}

/** The mails of a made history, each with its `From ` line. */
async function madeMails(repository: string, commits: number): Promise<string[]> {
  await madeHistory(repository, commits);
  const values = { to: 'commits@example.org', maxMails: commits };
  const range = ['notify', '--dry-run', `main~${commits}`, 'main', 'refs/heads/main', '--repo', repository];
  const { words, env } = refpost([...range, ...settings(values)]);
  const [file = '', ...rest] = words;
  const mbox = execFileSync(file, rest, { env, maxBuffer: 2 ** 30 }).toString();
  return mbox.split(/\n(?=From \S+ \w{3} \w{3} )/);
}

/** One of them as another mail, an hour after the one before it. */
function numbered(mails: readonly string[], at: number): string {
  const date = new Date(Date.UTC(2015, 0, 1) + at * HOUR).toUTCString();
  const round = Math.floor(at / mails.length);
  return (mails[at % mails.length] ?? '')
    .replace(/^(Message-ID|In-Reply-To|References): </gm, `$1: <${round}.`)
    .replace(/^Date: .*/m, `Date: ${date}`);
}
