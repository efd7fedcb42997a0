/** Something made to measure. */
export interface Attempt<T> {
  readonly made: T;
  /** In bytes. */
  readonly size: number;
}

export interface Fit<T> extends Attempt<T> {
  readonly amount: number;
}

const ROUNDS = 16;
/** A fit that uses this much of the limit is good enough. */
const ENOUGH = 0.98;

/**
 * The largest amount, about, of which what is made is no larger than the limit. `floor` is what is made of nothing, and
 * is returned where nothing larger fits. Every answer was measured; the search ends after a few rounds.
 */
export function largestFit<T>(
  limit: number,
  floor: Attempt<T>,
  most: number,
  make: (amount: number) => Attempt<T>,
): Fit<T> {
  let low: Fit<T> = { ...floor, amount: 0 };
  if (most <= 0) return low;
  let high: Fit<T> = { ...make(most), amount: most };
  if (high.size <= limit) return high;
  for (let round = 0; round < ROUNDS && high.amount - low.amount > 1 && low.size < limit * ENOUGH; round++) {
    const amount = guess(low, high, limit, round);
    const next = { ...make(amount), amount };
    if (next.size <= limit) low = next;
    else high = next;
  }
  return low;
}

/** In proportion to what was measured; every third time the middle, since sizes may grow in jumps. */
function guess(low: Fit<unknown>, high: Fit<unknown>, limit: number, round: number): number {
  const aim = (limit * (1 + ENOUGH)) / 2;
  const share = round % 3 === 2 ? 0.5 : (aim - low.size) / (high.size - low.size);
  const amount = Math.round(low.amount + (high.amount - low.amount) * share);
  return Math.min(high.amount - 1, Math.max(low.amount + 1, amount));
}
