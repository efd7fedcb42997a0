import { InvalidArgumentError, Option } from 'commander';
import { ownCommand, wholeNumber } from '../test/fixtures/own-command.ts';

/** What is to be measured. */
export interface BenchOptions {
  /** A repository of the reader's own, and the commits of it that are to be mailed. */
  readonly real?: Real;
  /** False: merges are passed over, by both. */
  readonly merges: boolean;
  /** Programs to run beside: each a shell command that gets `<old> <new> <ref>` on standard input, as a post-receive hook does. */
  readonly beside: readonly Program[];
  /** A copy of git_multimail.py that the reader has. */
  readonly multimail?: string;
  /** Another checkout of refpost, built, that does the same in the same turns. */
  readonly against?: string;
  /** So many times as many rounds as usual. */
  readonly times: number;
  /** A smoke run: little of everything, so that its ratios mean nothing. */
  readonly quick: boolean;
  /** A file for the picture of the set `growth`. */
  readonly plot?: string;
  /** The set that is measured; absent for all. */
  readonly only?: string;
}

export interface Real {
  readonly repository: string;
  readonly range: string;
  /** How many times the limit it may take. */
  readonly allowed: number;
}

interface Program {
  readonly name: string;
  readonly command: string;
}

/** Ends the process where the words are wrong, or ask for help. */
export function readOptions(words: readonly string[], sets: readonly string[]): BenchOptions {
  const command = ownCommand('npm run bench --')
    .description('Measures the promises, each against its limit in the same run (bench/README.md).')
    .addOption(new Option('--only <set>', 'one set of rows').choices(sets))
    .option('--quick', 'little of everything; the ratios mean nothing')
    .option('--against <folder>', 'measure another checkout, built, in the same turns')
    .option('--plot <file>', 'measure the set growth and draw it, as SVG')
    .option(
      '--multimail <file>',
      'a copy of git_multimail.py, which the sets inbox and start are compared with',
    )
    .option('--times <n>', 'so many times as many rounds', wholeNumber, 1)
    .option('--repo <folder>', 'mail commits of this repository to nowhere; with --range')
    .option('--range <A..B>', 'which commits', range)
    .option('--allowed <ratio>', 'what their row may take, times git log', Number, 1)
    .option('--no-merges', 'pass over merges, in both')
    .option(
      '--beside <NAME=COMMAND>',
      'run another program over the same commits; as often as you like',
      program,
    )
    .parse(words, { from: 'user' });
  const { repo, range: between, allowed, quick = false, beside = [], ...rest } = command.opts();
  if ((repo === undefined) !== (between === undefined)) command.error('--repo and --range belong together');
  return {
    ...rest,
    ...(rest.plot ? { only: 'growth' } : {}),
    quick,
    beside,
    ...(repo ? { real: { repository: repo, range: between, allowed } } : {}),
  } as BenchOptions;
}

function range(text: string): string {
  if (!/^[^.].*[^.]\.\.[^.]/.test(text)) throw new InvalidArgumentError('It is no A..B.');
  return text;
}

/** `git-multimail=python3 .../git_multimail.py --stdout` */
function program(text: string, before: readonly Program[] = []): Program[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It is no NAME=COMMAND.');
  return [...before, { name: text.slice(0, at), command: text.slice(at + 1) }];
}
