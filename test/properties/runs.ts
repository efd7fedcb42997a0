/** So many runs of a property, always the same ones. `REFPOST_RUNS=500 npm test` makes more; the first of them are these. */
export function runs(few: number): {
  numRuns: number;
  seed: number;
  endOnFailure: boolean;
  includeErrorInReport: boolean;
} {
  const more = process.env.REFPOST_RUNS;
  return {
    numRuns: more === undefined ? few : Number(more),
    seed: 1,
    endOnFailure: more === undefined,
    includeErrorInReport: true,
  };
}
