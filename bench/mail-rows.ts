import { execFileSync } from 'node:child_process';
import { basename, join, resolve } from 'node:path';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import { FIRST, largeHistory, madeHistory, mergedHistory } from './made-history.ts';
import { type Command, medians, type Task, timeOf } from './measure.ts';
import type { Real } from './options.ts';
import { type Build, OURS, refpost, settings } from './refpost.ts';
import type { Bench, Row } from './row.ts';

/** Commits of a repository, from one end to another. */
export interface Stretch {
  readonly repository: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly rounds: number;
  /** How many times what git's log takes. */
  readonly allowed: number;
}

/** Commits to mails on standard output, against git's own log of the same commits. */
export async function* mailRows({ options, builds, scratch }: Bench): AsyncGenerator<Row> {
  const { real, beside, merges } = options;
  const usual = await stretchesOf({ options, scratch });
  const further = real ? [] : await furtherStretches(scratch, options.quick);
  for (const stretch of [...usual, ...further]) {
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
    yield { ...row, work, ours: taken.ours as number, against: taken.against, allowed: stretch.allowed };
    if (stretch === usual[1]) yield await audiencesRow(stretch, merges, options.times);
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
  return real ? [realStretch(real, quick)] : madeStretches(scratch, quick);
}

async function madeStretches(scratch: string, quick: boolean): Promise<Stretch[]> {
  const most = mostCommits(quick);
  const repository = join(scratch, 'made.git');
  await madeHistory(repository, most);
  const made = { repository, name: 'a made history', to: 'main' };
  return [
    { ...made, from: `main~${most / 10}`, rounds: quick ? 1 : 15, allowed: 2 },
    { ...made, from: `main~${most}`, rounds: quick ? 1 : 7, allowed: 0.6 },
  ];
}

/** Where git's work for a commit is another one. */
async function furtherStretches(scratch: string, quick: boolean): Promise<Stretch[]> {
  const most = mostCommits(quick);
  const rest = { to: 'main', rounds: quick ? 1 : 7 };
  const large = join(scratch, 'large.git');
  await largeHistory(large, most);
  const merged = join(scratch, 'merged.git');
  await mergedHistory(merged, most);
  return [
    { ...rest, repository: large, name: 'large text files', from: `main~${most}`, allowed: 1.35 },
    { ...rest, repository: merged, name: 'a made history, a third merges', from: FIRST, allowed: 1.5 },
  ];
}

const mostCommits = (quick: boolean) => (quick ? 40 : 1000);

function realStretch({ repository, range, allowed }: Real, quick: boolean): Stretch {
  const [from = '', to = ''] = range.split('..');
  const folder = resolve(repository);
  return { repository: folder, name: basename(folder), from, to, rounds: quick ? 1 : 7, allowed };
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
  { repository, from, to }: Pick<Stretch, 'repository' | 'from' | 'to'>,
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

/** A shell command that gets the commits as a post-receive hook does. */
export function besideCommand(
  { repository, from, to }: Pick<Stretch, 'repository' | 'from' | 'to'>,
  command: string,
  ref = 'refs/heads/bench',
): Command {
  const input = `${idOf(repository, from)} ${idOf(repository, to)} ${ref}\n`;
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
