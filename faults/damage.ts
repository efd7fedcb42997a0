import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpoolLayout } from '../src/model/spool-layout.ts';

/** A file of a spool, by what it is. */
export const FILES: Readonly<Record<string, (layout: SpoolLayout) => string | undefined>> = {
  'a record': ({ dropNew }) => first(dropNew),
  'entry.json': layout => inEntry(layout, 'entry.json'),
  mails: layout => inEntry(layout, 'mails'),
  'a journal': layout => inEntry(layout, 'journal'),
  'a ledger': ({ ledger }) => first(ledger),
  'the lock': ({ lock }) => lock,
};

/** The oldest in a folder. */
function first(folder: string): string | undefined {
  const [name] = readdirSync(folder)
    .filter(name => !name.startsWith('.'))
    .sort();
  return name === undefined ? undefined : join(folder, name);
}

function inEntry({ queue }: SpoolLayout, name: string): string | undefined {
  const entry = first(queue);
  return entry === undefined ? undefined : join(entry, name);
}

/** Numbers in [0, 1) that are the same for the same seed (Marsaglia's xorshift, 32 bits). */
export function randomFrom(seed: number): () => number {
  let state = (seed * 2_654_435_761) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Flips one bit of a file or cuts it short, and says what it did. */
export function damage(path: string, random: () => number): string {
  const bytes = readFileSync(path);
  const at = Math.floor(random() * bytes.length);
  if (random() < 0.4) {
    writeFileSync(path, bytes.subarray(0, at));
    return `cut at ${at} of ${bytes.length} bytes`;
  }
  const bit = Math.floor(random() * 8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
  return `bit ${bit} of byte ${at} flipped`;
}
