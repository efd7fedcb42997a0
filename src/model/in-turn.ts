/** Work of which one piece is done at a time, in the order in which it was asked for. */
export interface InTurn<Asked, Done> {
  do(asked: Asked): Promise<Done>;
  /** Settled when all that was asked for has come to an end, good or bad. */
  idle(): Promise<void>;
}

export function inTurn<Asked, Done>(work: (asked: Asked) => Promise<Done>): InTurn<Asked, Done> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    do(asked) {
      const next = last.then(() => work(asked));
      last = next.catch(() => {});
      return next;
    },
    async idle() {
      await last;
    },
  };
}
