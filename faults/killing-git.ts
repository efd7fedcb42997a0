import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { writeProgram } from '../test/fixtures/program.ts';

/** Which git is to be killed. */
export interface KillOrder {
  /** The n-th from now on, or each one that is asked this: `diff-tree`, say. */
  readonly which: number | string;
  /** Bytes of its output that are still written. */
  readonly after: number;
}

/** A git that is the real one but where there is an order to kill it. */
export interface KillingGit {
  /** A PATH on which it comes first. */
  readonly path: string;
  order(order: KillOrder | undefined): void;
  /** What those were asked that were killed since the last order. */
  killed(): string[];
}

export function killingGit(folder: string): KillingGit {
  const bin = join(folder, 'killing-git');
  const [calls, order, killed] = ['calls', 'order', 'killed'].map(name => join(bin, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(bin);
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeProgram(
    join(bin, 'git'),
    `read -r which after 2>/dev/null <'${order}' || exec '${git}' "$@"`,
    // The subcommand comes after options, and after the values of -c.
    'skip=; for word; do',
    '  [ -z "$skip" ] || { skip=; continue; }',
    '  case $word in -c) skip=yes ;; -*) ;; *) break ;; esac',
    'done',
    // A folder is made for each, since some are called at once.
    `n=1; until mkdir '${calls}'/$n 2>/dev/null; do n=$((n + 1)); done`,
    `case $which in "$word" | $n) ;; *) exec '${git}' "$@" ;; esac`,
    `echo "$word" >>'${killed}'`,
    // Byte by byte: whoever asks may wait for the answer before it asks more. git may be waiting for more input when this one ends.
    `[ $after = 0 ] || '${git}' "$@" 2>/dev/null | { dd bs=1 count=$after 2>/dev/null; kill -s KILL $$; }`,
    'kill -s KILL $$',
  );
  return {
    path: [bin, process.env.PATH].join(delimiter),
    order: next => {
      for (const path of [calls, order, killed]) rmSync(path, { recursive: true, force: true });
      mkdirSync(calls);
      if (next) writeFileSync(order, `${next.which} ${next.after}\n`);
    },
    killed: () => (existsSync(killed) ? readFileSync(killed, 'utf8').trimEnd().split('\n') : []),
  };
}
