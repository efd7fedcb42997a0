import { parseArgs } from 'node:util';

/** What is to be measured. */
export interface BenchOptions {
  /** A repository of the reader's own, and the commits of it that are to be mailed. */
  readonly real?: { readonly repository: string; readonly range: string };
  /** False: merges are passed over, by both. */
  readonly merges: boolean;
  /** Programs to run beside: each a shell command that gets `<old> <new> <ref>` on standard input, as a post-receive hook does. */
  readonly beside: readonly { readonly name: string; readonly command: string }[];
  /** A smoke run: little of everything, so that its ratios mean nothing. */
  readonly quick: boolean;
  /** Only the rows whose name holds this word. */
  readonly only: string;
}

export function readOptions(words: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      repo: { type: 'string' },
      range: { type: 'string' },
      'no-merges': { type: 'boolean', default: false },
      beside: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  const { repo, range, beside, quick, only } = values;
  if ((repo === undefined) !== (range === undefined)) throw new Error('--repo and --range belong together');
  if (range !== undefined && !/^[^.].*[^.]\.\.[^.]/.test(range)) throw new Error('--range wants A..B');
  return {
    quick,
    only,
    merges: !values['no-merges'],
    beside: beside.map(program),
    ...(repo === undefined || range === undefined ? {} : { real: { repository: repo, range } }),
  };
}

/** `git-multimail=python3 .../git_multimail.py --stdout` */
function program(text: string): { name: string; command: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new Error('--beside wants NAME=COMMAND');
  return { name: text.slice(0, at), command: text.slice(at + 1) };
}
