import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRepository } from '../test/fixtures/repository.ts';
import { largeFiles } from './large-files.ts';
import { ALL_SMALL, fastImport, historyStream } from './made-history.ts';
import { mailServer } from './mail-server.ts';
import { type Peak, peakOf } from './peak.ts';
import type { Build } from './refpost.ts';
import type { Bench, Row } from './row.ts';
import { bareRepository, install, runHook, type Settings } from './server.ts';

/** MB, at the most. */
const PROMISED = 150;
const PROMISED_OF_MANY = 120;

interface Case {
  readonly work: string;
  readonly promised: number;
  readonly fill: (repository: TestRepository) => Promise<void>;
  readonly values?: Settings;
}

/** The peak memory of the worker, from the recorded push to the last mail that is sent: the median of some runs. */
export async function* memoryRows(bench: Bench): AsyncGenerator<Row> {
  const { transport } = await mailServer(bench, 'fine');
  for (const each of cases(bench.options.quick)) {
    const measured: { [name in Build['name']]?: Peak } = {};
    for (const build of bench.builds) measured[build.name] = await peakAt(bench, each, build, transport);
    const { ours = { peak: Number.NaN, took: Number.NaN, cpu: Number.NaN }, against } = measured;
    yield {
      work: `memory of the worker, ${each.work} (${(ours.took / 1000).toFixed(1)} s)`,
      ours: ours.peak,
      against: against?.peak,
      limitName: 'as promised',
      limit: each.promised,
      unit: 'MB',
      allowed: 1,
    };
  }
}

async function peakAt(
  { scratch, options }: Bench,
  { fill, values }: Case,
  build: Build,
  transport: string,
): Promise<Peak> {
  const repository = bareRepository(join(scratch, 'memory.git'));
  const first = repository.git('commit-tree', '-m', 'The first commit', repository.git('mktree'));
  repository.git('update-ref', 'refs/heads/main', first);
  install(repository, { transport, worker: 'service', ...values }, build);
  await fill(repository);
  runHook(repository, first, repository.git('rev-parse', 'main'));
  const [spool, recorded] = [join(repository.folder, 'refpost'), join(scratch, 'recorded')];
  cpSync(spool, recorded, { recursive: true });
  const peaks: Peak[] = [];
  for (let rounds = options.quick ? 1 : 7 * options.times; rounds > 0; rounds--) {
    rmSync(spool, { recursive: true });
    cpSync(recorded, spool, { recursive: true });
    peaks.push(await peakOf(['work', '--once', '--repo', repository.folder], build));
  }
  for (const folder of [repository.folder, recorded]) rmSync(folder, { recursive: true });
  return peaks.toSorted((one, other) => one.peak - other.peak)[peaks.length >> 1] as Peak;
}

function cases(quick: boolean): Case[] {
  const megabytes = quick ? 16 : 200;
  const commits = quick ? 100 : 10_000;
  const history = (repository: TestRepository) =>
    fastImport(repository, historyStream(commits, ALL_SMALL, { onto: 'main^0' }));
  return [
    {
      work: `a file of ${megabytes} MB`,
      promised: PROMISED,
      fill: repository => fastImport(repository, largeFiles({ files: 1, megabytes })),
    },
    {
      work: `a diff of ${megabytes} MB in 25 files`,
      promised: PROMISED,
      fill: repository => fastImport(repository, largeFiles({ files: 25, megabytes })),
    },
    { work: `a push of ${commits} commits, digest`, promised: PROMISED, fill: history },
    {
      work: `a push of ${commits} commits, a mail each`,
      promised: PROMISED_OF_MANY,
      fill: history,
      values: { maxMails: '1000000' },
    },
  ];
}
