/** A name, and other names that people try for it, in lower case. */
export type Candidate = readonly [name: string, ...others: string[]];

/** The name that needs the fewest changes to become the one given, in lower case, by itself or by its other names. */
export function nearest<T extends Candidate>(name: string, candidates: readonly T[]): T[0] | undefined {
  const near = candidates
    .flatMap(([key, ...others]) => [key.toLowerCase(), ...others].map(word => ({ key, word })))
    .filter(({ word }) => Math.abs(word.length - name.length) <= 4)
    .map(({ key, word }) => ({ key, word, distance: changes(name, word) }))
    // A third of the letters may be wrong; more, and the guess confuses.
    .filter(({ word, distance }) => distance <= Math.min(4, Math.ceil(word.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.key;
}

/** Letters to insert, drop or replace on the way from one text to the other (Levenshtein's distance). */
function changes(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
