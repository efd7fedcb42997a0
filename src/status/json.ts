import type { Glance, LastWord, Status } from '../model/status.ts';

/** A status as one JSON document, for programs: moments as in ISO 8601, durations in seconds. */
export function statusJson(status: Status | Glance): string {
  const { spool = null, at, troubles } = status;
  const state = troubles.length > 0 ? 'trouble' : 'waitingFor' in status ? 'waiting' : 'well';
  const document = { spool, at: moment(at), state, troubles, ...('worker' in status ? sums(status) : {}) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function sums(status: Status): object {
  const { at, worker, recorded, queued, deferred, givenUp, sent, unreadable, held, warnAfter } = status;
  const { oldest, nextTry, lastError, transports, waitingFor = null } = status;
  return {
    waitingFor,
    worker: worker.startError ? { ...worker, startError: dated(worker.startError) } : worker,
    recorded,
    queued,
    deferred,
    givenUp,
    sent,
    unreadable,
    oldest: oldest === undefined ? null : moment(oldest),
    oldestSeconds: oldest === undefined ? null : Math.round((at - oldest) / 1000),
    warnAfterSeconds: warnAfter / 1000,
    nextTry: nextTry === undefined ? null : moment(nextTry),
    held,
    transports: transports.map(word => ({ ...dated(word), lasting: word.lasting })),
    lastError: lastError ? dated(lastError) : null,
  };
}

function dated({ at, words }: LastWord): { readonly at: string; readonly words: string } {
  return { at: moment(at), words };
}

function moment(at: number): string {
  return new Date(at).toISOString();
}
