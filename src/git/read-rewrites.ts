import type { Rewrite } from '../model/rewrite.ts';
import { decode } from '../model/text.ts';
import type { Git } from './git.ts';
import { lines } from './lines.ts';

const FATE = { '=': 'same', '!': 'changed', '<': 'gone', '>': 'added' } as const;

/**
 * What became of each commit when a ref went from `older` to `newer`, neither of which reaches the other. Costs git
 * time that grows with the product of the two numbers of commits, so ask it about short stretches only.
 *
 *   1:  fbe0929… ! 1:  8616b0f… Third commit
 *   2:  b7000c6… < -:  -------… Fourth commit
 *   -:  -------… > 2:  141e007… A new one
 */
export async function readRewrites(git: Git, older: string, newer: string): Promise<Rewrite[]> {
  const rewrites: Rewrite[] = [];
  const args = ['range-diff', '-s', '--no-color', `${older}...${newer}`];
  for await (const line of lines(git.stream(args, ''))) {
    const parts = /^\s*(?:-|\d+): +([0-9a-f]+|-+) ([=!<>]) +(?:-|\d+): +([0-9a-f]+|-+) ?(.*)$/s.exec(line);
    if (!parts) continue;
    const [, old = '', sign, fresh = '', subject = ''] = parts;
    rewrites.push({
      fate: FATE[sign as keyof typeof FATE],
      ...(old.startsWith('-') ? {} : { old }),
      ...(fresh.startsWith('-') ? {} : { new: fresh }),
      subject: decode(Buffer.from(subject, 'latin1')),
    });
  }
  return rewrites;
}
