/** Bytes of a text that it gets in any case, if it gets some: of less nobody could learn anything. */
const LEAST = 500;

/**
 * Shares room among texts, so that a large one does not hide the others: none gets more than it has, those that have more get
 * the same. Where that would be too little to be of use, the first ones get what is of use, and the last ones nothing. With more
 * room none gets less.
 *
 * @param sizes in bytes
 */
export function shares(sizes: readonly number[], room: number): number[] {
  const level = Math.max(LEAST, levelOf(sizes, room));
  let left = Math.max(0, room);
  return sizes.map(size => {
    const share = Math.min(size, level, left);
    left -= share;
    return share;
  });
}

function levelOf(sizes: readonly number[], room: number): number {
  const rising = [...sizes].sort((one, other) => one - other);
  let left = room;
  for (const [at, size] of rising.entries()) {
    const each = Math.floor(left / (rising.length - at));
    if (size > each) return each;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}
