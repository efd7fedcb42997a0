/** How looks are timed. In milliseconds. */
export interface Pace {
  /** Between two looks at one mirror. */
  readonly every: number;
  /** The longest wait after failures. */
  readonly longest: number;
  /** The least time between the starts of two looks at one mirror, however often it is rung. */
  readonly gap: number;
  /** After a look that did not find what it was to find. */
  readonly soon: number;
  /** Looks at the same time. */
  readonly jobs: number;
}

export const POLITE: Omit<Pace, 'every'> = { longest: 3_600_000, gap: 300, soon: 5000, jobs: 4 };

interface Turn {
  due: number;
  failures: number;
  started: number;
  running: boolean;
  /** Somebody has rung while it ran. */
  rung: boolean;
}

/**
 * Looks at mirrors in turns: each after a while with jitter, later and later while it fails, so many at a time. Who rings has one looked at
 * at once, or, where that was done just before, once more a moment later: a thousand rings cost two looks.
 * @param look never rejects; true if it went well, `soon` if there should be more to find
 * @param now milliseconds since some moment, never running back
 */
export function openRounds<Key>(
  pace: Pace,
  look: (key: Key) => Promise<boolean | 'soon'>,
  signal: AbortSignal,
  { now = () => performance.now(), random = Math.random } = {},
) {
  const turns = new Map<Key, Turn>();
  const running = new Set<Promise<void>>();
  let wake = (): void => {};

  function start(key: Key, turn: Turn): void {
    turn.running = true;
    turn.rung = false;
    turn.started = now();
    const ended = look(key).then(went => {
      turn.running = false;
      turn.failures = went ? 0 : turn.failures + 1;
      const usual = Math.min(pace.every * 2 ** turn.failures, Math.max(pace.longest, pace.every));
      const wait = went === 'soon' ? Math.min(pace.soon, usual) : usual;
      turn.due = now() + wait * (0.8 + 0.4 * random());
      if (turn.rung) turn.due = Math.min(turn.due, Math.max(now(), turn.started + pace.gap));
      running.delete(ended);
      wake();
    });
    running.add(ended);
  }

  /** Looks at each once, whatever comes of it. True if all went well. */
  async function once(keys: readonly Key[]): Promise<boolean> {
    const left = [...keys];
    let good = true;
    const work = async (): Promise<void> => {
      for (let key = left.shift(); key !== undefined && !signal.aborted; key = left.shift())
        good = Boolean(await look(key)) && good;
    };
    await Promise.all(Array.from({ length: pace.jobs }, work));
    return good;
  }

  /** Until the signal comes; what runs then is waited for. @param refresh the mirrors that there are; asked before each round */
  async function stay(refresh: () => readonly Key[]): Promise<void> {
    signal.addEventListener('abort', () => wake());
    while (!signal.aborted) {
      const keys = refresh();
      for (const key of turns.keys()) if (!keys.includes(key)) turns.delete(key);
      for (const key of keys)
        if (!turns.has(key))
          turns.set(key, {
            due: now(),
            failures: 0,
            started: Number.NEGATIVE_INFINITY,
            running: false,
            rung: false,
          });
      const waiting = [...turns]
        .filter(([, turn]) => !turn.running)
        .toSorted(([, one], [, other]) => one.due - other.due);
      for (const [key, turn] of waiting) if (turn.due <= now() && running.size < pace.jobs) start(key, turn);
      const next = waiting.find(([, turn]) => !turn.running)?.[1].due ?? Number.POSITIVE_INFINITY;
      const wait = running.size < pace.jobs ? Math.min(Math.max(next - now(), 0), pace.every) : pace.every;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, Math.min(wait, 2 ** 31 - 1));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await Promise.all(running);
  }

  function ring(key: Key): void {
    const turn = turns.get(key);
    if (turn?.running) turn.rung = true;
    else if (turn) {
      const due = Math.max(now(), turn.started + pace.gap);
      if (due >= turn.due) return;
      turn.due = due;
      wake();
    }
  }

  return { once, stay, ring };
}
