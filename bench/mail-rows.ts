import { execFileSync } from 'node:child_process';
import { basename, join, resolve } from 'node:path';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import { madeHistory } from './made-history.ts';
import { type Command, medians, type Task, timeOf } from './measure.ts';
import { type Build, OURS, refpost, settings } from './refpost.ts';
import type { Bench, Row } from './row.ts';

/** Commits of a repository, from one end to another. */
export interface Stretch {
  readonly repository: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly rounds: number;
}

/** Commits to mails on standard output, against git's own log of the same commits. */
export async function* mailRows({ options, builds, scratch }: Bench): AsyncGenerator<Row> {
  const { real, beside, merges } = options;
  for (const stretch of await stretchesOf({ options, scratch })) {
    const limit = bareLog(stretch, merges);
    const tasks: Record<string, Task> = {
      limit: () => timeOf(limit),
    };
    for (const build of builds) tasks[build.name] = () => timeOf(dryRun(stretch, merges, build));
    for (const { name, command } of beside)
      tasks[`beside ${name}`] = () => timeOf(besideCommand(stretch, command));
    const taken = await medians(tasks, stretch.rounds * options.times);
    const count = commitCount(stretch, merges);
    const row = {
      limitName: ['git log -p --stat', ...without(merges)].join(' '),
      limit: taken.limit as number,
      unit: 'ms' as const,
    };
    const work = `${count} commits of ${stretch.name} to mails, dry run`;
    yield { ...row, work, ours: taken.ours as number, against: taken.against, allowed: count <= 200 ? 2 : 1 };
    if (count > 200 && !real) yield await audiencesRow(stretch, merges, options.times);
    for (const { name } of beside) {
      yield { ...row, work: `  the same by ${name}`, ours: taken[`beside ${name}`] as number };
    }
  }
}

/** Those that the options name, or of a made history. */
export async function stretchesOf({
  options,
  scratch,
}: Pick<Bench, 'options' | 'scratch'>): Promise<Stretch[]> {
  const { real, quick } = options;
  return real ? [realStretch(real.repository, real.range, quick)] : madeStretches(scratch, quick);
}

async function madeStretches(scratch: string, quick: boolean): Promise<Stretch[]> {
  const most = quick ? 40 : 1000;
  const repository = join(scratch, 'made.git');
  await madeHistory(repository, most);
  const last = (count: number, rounds: number): Stretch => ({
    repository,
    name: 'a made history',
    from: `main~${count}`,
    to: 'main',
    rounds: quick ? 1 : rounds,
  });
  return [last(most / 10, 15), last(most, 5)];
}

function realStretch(repository: string, range: string, quick: boolean): Stretch {
  const [from = '', to = ''] = range.split('..');
  const folder = resolve(repository);
  return { repository: folder, name: basename(folder), from, to, rounds: quick ? 1 : 5 };
}

function bareLog({ repository, from, to }: Stretch, merges: boolean): Command {
  const words = ['git', '--no-pager', 'log', '-p', '--stat', ...without(merges), `${from}..${to}`];
  return { words, cwd: repository, env: gitEnvironment() };
}

/** Five audiences that hear of all commits, each with numbers and headers of its own, against one. */
async function audiencesRow(stretch: Stretch, merges: boolean, times: number): Promise<Row> {
  const names = ['one', 'two', 'three', 'four', 'five'];
  const five = Object.fromEntries(names.map(name => [`${name}.to`, `${name}@example.org`]));
  const taken = await medians(
    {
      one: () => timeOf(dryRun(stretch, merges, OURS)),
      five: () => timeOf(dryRun(stretch, merges, OURS, five)),
    },
    stretch.rounds * times,
  );
  return {
    work: '  the same for five audiences',
    ours: taken.five as number,
    limitName: 'for one',
    limit: taken.one as number,
    unit: 'ms',
    allowed: 1.5,
  };
}

export function dryRun(
  { repository, from, to }: Stretch,
  merges: boolean,
  build: Build,
  recipients: Readonly<Record<string, string>> = { to: 'commits@example.org' },
): Command {
  const values = settings({ ...recipients, maxMails: 1_000_000, merges: String(merges) });
  const words = ['notify', from, to, 'refs/heads/bench', '--dry-run', '--repo', repository, ...values];
  return refpost(words, build);
}

function without(merges: boolean): string[] {
  return merges ? [] : ['--no-merges'];
}

function besideCommand({ repository, from, to }: Stretch, command: string): Command {
  const input = `${idOf(repository, from)} ${idOf(repository, to)} refs/heads/bench\n`;
  return { words: ['sh', '-c', command], cwd: repository, env: gitEnvironment(), input };
}

function commitCount({ repository, from, to }: Stretch, merges: boolean): number {
  return Number(ask(repository, 'rev-list', '--count', ...without(merges), `${from}..${to}`));
}

function idOf(repository: string, name: string): string {
  return ask(repository, 'rev-parse', '--verify', `${name}^{commit}`);
}

function ask(repository: string, ...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: repository, env: gitEnvironment(), encoding: 'utf8' }).trim();
}
