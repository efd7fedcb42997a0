/** What a set of faults needs around it. */
export interface FaultBench {
  /** Gone when the set is through, in the order asked for. */
  readonly after: (cleanUp: () => unknown) => void;
  readonly options: FaultOptions;
}

export interface FaultOptions {
  /** A little of everything, in less than a minute. */
  readonly short: boolean;
  /** How often each program is killed. */
  readonly kills: number;
  /** How many pushes the endurance run takes. */
  readonly pushes: number;
  /** How many pushes a fleet takes, in all. */
  readonly fleet: number;
  /** How often each kind of file is damaged, and what the damages are drawn from. */
  readonly damages: number;
  readonly seed: number;
}
