/** So many entries of a lane wait for their turn here at the most: the others may be somebody else's. */
const MOST = 100;

/** What this process has been offered of the queue, and what it has put off. Only in memory. */
export function openOffers() {
  /** The lanes of the entries that wait for their turn. */
  const turns = new Map<number, string>();
  const counts = new Map<string, number>();
  /** Those that are to be offered anew before they are taken, with their lanes, of which nothing else is offered until then: it would pass them. */
  const stale = new Map<number, string>();
  /** Lanes of which that is true for what this look has found and not offered yet. */
  const recalled = new Set<string>();
  const postponed = new Map<number, { readonly lane: string; readonly until: number }>();
  /** Lanes that could not be had, and until when none of their entries is offered: one alone would be overtaken by those after it. */
  const resting = new Map<string, number>();

  function drop(number: number): void {
    const lane = turns.get(number);
    if (lane === undefined) return;
    turns.delete(number);
    const left = (counts.get(lane) ?? 1) - 1;
    if (left > 0) counts.set(lane, left);
    else counts.delete(lane);
  }

  return {
    postpone: (number: number, lane: string, until: number) => void postponed.set(number, { lane, until }),
    rest: (lane: string, until: number) => void resting.set(lane, until),
    recall(): void {
      postponed.clear();
      resting.clear();
    },
    /** When the first of what is put off is due. */
    next: () => Math.min(...[...postponed.values()].map(({ until }) => until), ...resting.values()),
    laneOf: (number: number) => turns.get(number),
    isRecalled: (lane: string) => recalled.has(lane),
    isWaiting: (lane: string) => counts.has(lane),
    add(number: number, lane: string): void {
      drop(number);
      stale.delete(number);
      turns.set(number, lane);
      counts.set(lane, (counts.get(lane) ?? 0) + 1);
    },
    /** Its turn has come, or it does not wait any more. False where it is to be offered anew. */
    take(number: number): boolean {
      drop(number);
      return !stale.delete(number);
    },
    /** An entry of a lane could not be taken. Those after it wait until they are offered anew, behind it: somebody else had the lane, and may have left it before them. */
    recallLane(lane: string): void {
      recalled.add(lane);
      for (const [number, its] of turns) {
        if (its !== lane) continue;
        drop(number);
        stale.set(number, lane);
      }
    },
    /** Before a look: leaves those that somebody here still has, or that are put off until a later moment. */
    forget(moment: number, but: ReadonlySet<number>): void {
      recalled.clear();
      for (const [number, { until }] of postponed) if (until <= moment) postponed.delete(number);
      for (const [lane, until] of resting) if (until <= moment) resting.delete(lane);
      for (const number of turns.keys()) if (!but.has(number)) drop(number);
      for (const number of stale.keys()) if (!but.has(number)) stale.delete(number);
    },
    /** What is not to be offered (again): lanes of which there is enough here, and entries. */
    closed(but: ReadonlySet<number>) {
      const sizes = new Map(counts);
      for (const { lane } of postponed.values()) sizes.set(lane, (sizes.get(lane) ?? 0) + 1);
      const full = [...sizes].flatMap(([lane, size]) => (size >= MOST ? [lane] : []));
      const lanes = [...new Set([...full, ...resting.keys(), ...stale.values()])];
      const isOpen = (lane: string | undefined) => lane === undefined || !lanes.includes(lane);
      const later = [...postponed].flatMap(([number, { lane }]) => (isOpen(lane) ? [number] : []));
      return {
        lanes,
        numbers: [...later, ...[...but].filter(number => isOpen(turns.get(number) ?? stale.get(number)))],
      };
    },
  };
}
