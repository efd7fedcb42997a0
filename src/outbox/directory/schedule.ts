import type { Due } from '../due-mail.ts';

/**
 * When each entry is due, as far as the worker has seen, so that 10,000 deferred entries are not read again on each pass.
 * An entry that is not in here may be due. Only in memory: the journals know.
 */
export interface Schedule {
  isDue(number: number, now: number): boolean;
  note(number: number, due: Due): void;
  postpone(number: number, until: number): void;
  forget(): void;
  /** To be called at the start of a pass: forgets the entries that left the queue, and all of them if the clock was set back. */
  begin(queued: readonly number[], now: number): void;
  /** The earliest moment of the entries queued; undefined if there are none, 0 if one of them was not looked at. */
  next(queued: readonly number[]): number | undefined;
}

export function newSchedule(): Schedule {
  const dueAt = new Map<number, number>();
  let latest = Number.NEGATIVE_INFINITY;

  function begin(queued: readonly number[], now: number): void {
    if (now < latest) dueAt.clear();
    latest = now;
    const present = new Set(queued);
    for (const number of dueAt.keys()) if (!present.has(number)) dueAt.delete(number);
  }

  function note(number: number, due: Due): void {
    if (due.due === 'later') dueAt.set(number, due.at);
    else dueAt.delete(number);
  }

  return {
    begin,
    note,
    isDue: (number, now) => (dueAt.get(number) ?? now) <= now,
    postpone: (number, until) => dueAt.set(number, until),
    forget: () => dueAt.clear(),
    next: queued =>
      queued.length === 0
        ? undefined
        : queued.reduce((least, number) => Math.min(least, dueAt.get(number) ?? 0), Number.POSITIVE_INFINITY),
  };
}
