/** Work of which one piece is done at a time, in the order in which it was asked for. */
export function inTurn<Asked, Done>(work: (asked: Asked) => Promise<Done>) {
  let last: Promise<unknown> = Promise.resolve();
  return {
    do(asked: Asked): Promise<Done> {
      const next = last.then(() => work(asked));
      last = next.catch(() => {});
      return next;
    },
    /** Settled when all that was asked for has come to an end, good or bad. */
    idle: async () => void (await last),
  };
}
