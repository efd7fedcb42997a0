import { appendFileSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRepository } from '../test/fixtures/repository.ts';
import { type Panel, plot } from './growth-plot.ts';
import { largeFiles } from './large-files.ts';
import { ALL_SMALL, fastImport, historyStream } from './made-history.ts';
import { mailServer } from './mail-server.ts';
import { type Peak, peakOf } from './peak.ts';
import { OURS } from './refpost.ts';
import { branches, longHistory } from './refs-rows.ts';
import type { Bench, Row } from './row.ts';
import { addCommit, bareRepository, install, runHook } from './server.ts';

/** Something of which there may be more and more. */
interface Growth {
  /** What a push has to do with so many of them. */
  readonly work: string;
  /** Of what there are so many. */
  readonly axis: string;
  readonly amounts: readonly number[];
  /** Records what the worker has to do in a new folder; the words with which it is started. */
  readonly record: (folder: string, amount: number) => Promise<readonly string[]>;
}

/** So much more than in proportion may be noise. */
const STRAIGHT = 1.15;
/** What takes less is measured three times. */
const SHORT = 3000;

/** How the worker's time and memory grow, each amount against the one before it: straight on from there, or better. */
export async function* growthRows(bench: Bench): AsyncGenerator<Row> {
  const { plot: file, quick } = bench.options;
  const panels: Panel[] = [];
  for (const { work, axis, amounts, record } of await growths(bench)) {
    const points: Panel['points'][number][] = [];
    for (const amount of quick ? amounts.slice(0, 2) : amounts) {
      const cost = await costOf(bench, quick, folder => record(folder, amount));
      points.push({ amount, ...cost });
      const name = `growth, ${amount.toLocaleString('en')} ${axis}`;
      yield rowOf(`${name}: processor (${(cost.took / 1000).toFixed(1)} s)`, points, 'cpu', 'ms');
      yield rowOf(`${name}: memory`, points, 'peak', 'MB');
    }
    panels.push({ work, axis, points });
  }
  if (file) writeFileSync(file, plot(panels));
}

function rowOf(work: string, points: Panel['points'], figure: 'cpu' | 'peak', unit: 'ms' | 'MB'): Row {
  const [first, last, before] = [points[0], points.at(-1), points.at(-2)] as Panel['points'];
  const ours = last?.[figure] ?? Number.NaN;
  const row = { work, ours, unit, limitName: 'straight on', allowed: STRAIGHT };
  if (!first || !last || !before) return { ...row, limit: undefined };
  const grown = before[figure] - first[figure];
  // Where nearly all of it is the start, noise decides what each one costs.
  if (grown < first[figure] / 2) return { ...row, limit: (before[figure] * last.amount) / before.amount };
  const each = grown / (before.amount - first.amount);
  return { ...row, limit: first[figure] + each * (last.amount - first.amount) };
}

/** The median of three where they are short. */
async function costOf(
  { scratch }: Bench,
  quick: boolean,
  record: (folder: string) => Promise<readonly string[]>,
): Promise<Peak> {
  const costs: Peak[] = [];
  do {
    const folder = join(scratch, 'growing');
    costs.push(await peakOf(await record(folder), OURS));
    rmSync(folder, { recursive: true, force: true });
  } while (!quick && costs.length < 3 && (costs[0] as Peak).took < SHORT);
  return costs.toSorted((a, b) => a.cpu - b.cpu)[costs.length >> 1] as Peak;
}

async function growths(bench: Bench): Promise<Growth[]> {
  const { transport } = await mailServer(bench, 'fine');
  const values = { transport, worker: 'service' };
  const most = bench.options.quick ? 10 : 10_000;
  const history = bareRepository(join(bench.scratch, 'growing-history.git'));
  await fastImport(history, historyStream(most, ALL_SMALL));
  const tens = [1, 10, 100, 1000, 10_000];

  /** One that has the history at hand, but for its last commits. */
  function withHistory(folder: string, commits: number, more: Readonly<Record<string, string>>) {
    const repository = bareRepository(folder);
    appendFileSync(join(folder, 'objects', 'info', 'alternates'), `${join(history.folder, 'objects')}\n`);
    const old = history.git('rev-parse', `main~${commits}`);
    repository.git('update-ref', 'refs/heads/main', old);
    install(repository, { ...values, maxMails: '1000000', ...more });
    return pushed(repository, old, history.git('rev-parse', 'main'));
  }

  return [
    {
      work: 'a push, a mail for each commit',
      axis: 'commits',
      amounts: tens,
      record: async (folder, commits) => withHistory(folder, commits, {}),
    },
    {
      work: 'a push of one commit among other refs',
      axis: 'refs',
      amounts: [...tens.slice(1), 100_000],
      async record(folder, refs) {
        const repository = bareRepository(folder);
        await fastImport(repository, longHistory(refs, refs));
        const ids = repository.git('rev-list', 'main').split('\n');
        // As they lie in a repository that is looked after. To write a file for each takes git minutes.
        const lines = ids.map((id, at) => `${id} refs/heads/topic/${at}\n`);
        writeFileSync(join(folder, 'packed-refs'), lines.join(''));
        install(repository, values);
        return pushedOne(repository);
      },
    },
    {
      work: 'a push of one commit to each repository of a spool',
      axis: 'repositories',
      amounts: [1, 5, 50, 500],
      async record(folder, repositories) {
        const first = bareRepository(join(folder, '1.git'));
        await fastImport(first, branches(1));
        install(first, { ...values, spool: join(folder, 'spool') });
        for (let number = 2; number <= repositories; number++)
          cpSync(first.folder, join(folder, `${number}.git`), { recursive: true });
        const old = first.git('rev-parse', 'main');
        for (let number = repositories; number >= 1; number--) {
          const repository = number === 1 ? first : bareRepository(join(folder, `${number}.git`));
          runHook(repository, old, addCommit(repository));
        }
        return once(first);
      },
    },
    {
      work: 'a push of one commit that adds 25 files',
      axis: 'MB of diff',
      amounts: [1, 3, 10, 30, 100],
      async record(folder, megabytes) {
        const repository = bareRepository(folder);
        await fastImport(repository, branches(1));
        install(repository, values);
        const old = repository.git('rev-parse', 'main');
        await fastImport(repository, largeFiles({ files: 25, megabytes }));
        return pushed(repository, old, repository.git('rev-parse', 'main'));
      },
    },
    {
      work: 'a push of 10 commits, a mail for each',
      axis: 'recipients',
      amounts: tens,
      async record(folder, recipients) {
        const to = Array.from({ length: recipients }, (_, at) => `\tto = reader${at}@example.org\n`);
        const words = withHistory(folder, 10, {});
        appendFileSync(join(folder, 'config'), `[refpost]\n${to.slice(1).join('')}`);
        return words;
      },
    },
  ];
}

function pushedOne(repository: TestRepository): readonly string[] {
  return pushed(repository, repository.git('rev-parse', 'main'), addCommit(repository));
}

function pushed(repository: TestRepository, old: string, fresh: string): readonly string[] {
  repository.git('update-ref', 'refs/heads/main', fresh);
  runHook(repository, old, fresh);
  return once(repository);
}

function once({ folder }: TestRepository): readonly string[] {
  return ['work', '--once', '--repo', folder];
}
