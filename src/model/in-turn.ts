/** Work of which one piece is done at a time, in the order in which it was asked for. */
export function inTurn<Asked, Done>(work: (asked: Asked) => Promise<Done>) {
  let last: Promise<unknown> = Promise.resolve();
  let open = 0;
  return {
    do(asked: Asked): Promise<Done> {
      open++;
      const next = last.then(() => work(asked)).finally(() => open--);
      last = next.catch(() => {});
      return next;
    },
    isBusy: () => open > 0,
    /** Settled when all that was asked for has come to an end, good or bad. */
    idle: async () => void (await last),
  };
}
