import type { LastWord, Status } from '../model/status.ts';

/** A status as one JSON document, for programs: moments as in ISO 8601, durations in seconds. */
export function statusJson(status: Status): string {
  const { spool, at, worker, recorded, queued, givenUp, unreadable, held, warnAfter, troubles } = status;
  const { oldest, nextTry, lastError } = status;
  const document = {
    spool,
    at: moment(at),
    troubles,
    worker,
    recorded,
    queued,
    givenUp,
    unreadable,
    oldest: oldest === undefined ? null : moment(oldest),
    oldestSeconds: oldest === undefined ? null : Math.round((at - oldest) / 1000),
    warnAfterSeconds: warnAfter / 1000,
    nextTry: nextTry === undefined ? null : moment(nextTry),
    held: held.map(dated),
    lastError: lastError ? dated(lastError) : null,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function dated({ at, words }: LastWord): { readonly at: string; readonly words: string } {
  return { at: moment(at), words };
}

function moment(at: number): string {
  return new Date(at).toISOString();
}
