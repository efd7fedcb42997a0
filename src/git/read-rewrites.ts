import { buffer } from 'node:stream/consumers';
import type { Rewrite } from '../model/commit.ts';
import type { RefUpdate } from '../model/push.ts';
import { decode } from '../model/text.ts';
import { unlessRefused } from './failure.ts';
import type { Git } from './git.ts';

const FATE = { '=': 'same', '!': 'changed', '<': 'gone', '>': 'added' } as const;

/**
 * What became of each commit when a ref was forced from `old` to `new`, neither of which reaches the other. Costs git
 * time that grows with the product of the two numbers of commits, so ask it about short stretches only. Nothing where git
 * refuses to compare them.
 *
 *   1:  fbe0929… ! 1:  8616b0f… Third commit
 *   2:  b7000c6… < -:  -------… Fourth commit
 *   -:  -------… > 2:  141e007… A new one
 *
 * @param forked the commits that only one of the two reaches; git's own ranges may have more (history.ts)
 */
export async function readRewrites(
  git: Git,
  { old, new: fresh }: Pick<RefUpdate, 'old' | 'new'>,
  forked: ReadonlySet<string>,
): Promise<Rewrite[]> {
  // git cannot print a date that is before 1970 in its own time zone, but as a number.
  const args = ['-c', 'log.date=raw', 'range-diff', '-s', '--no-color', `${old}...${fresh}`];
  const printed = await unlessRefused(buffer(git.stream(args)), Buffer.alloc(0));
  return printed
    .toString('latin1')
    .split('\n')
    .flatMap(line => parseLine(line, forked));
}

function parseLine(line: string, forked: ReadonlySet<string>): Rewrite[] {
  const parts = /^\s*(?:-|\d+): +([0-9a-f]+|-+) ([=!<>]) +(?:-|\d+): +([0-9a-f]+|-+) ?(.*)$/s.exec(line);
  if (!parts) return [];
  const [, old = '', sign, fresh = '', words = ''] = parts;
  const subject = decode(words);
  if (forked.has(old) && forked.has(fresh))
    return [{ fate: FATE[sign as keyof typeof FATE], old, new: fresh, subject }];
  if (forked.has(old)) return [{ fate: 'gone', old, subject }];
  return forked.has(fresh) ? [{ fate: 'added', new: fresh, subject }] : [];
}
