import { counted, spanText } from '../model/numbers.ts';
import {
  type Count,
  type Glance,
  heldPushes,
  type LastWord,
  type MirrorStatus,
  type ServerStatus,
  type Status,
} from '../model/status.ts';
import { visible, visibleLine } from '../render/visible.ts';
import { fleetLines } from './fleet-lines.ts';

/** A status for people: a word and its value a line, the same on a terminal and in a pipe. */
export function statusText(status: Status): string {
  const lines: readonly (readonly [word: string, value: string])[] = [
    ['outbox', visibleLine(status.spool)],
    ...(status.host === undefined ? [] : [['host', status.host] as const]),
    ['worker', workerText(status.worker)],
    ['recorded', counted(status.recorded, 'push')],
    ['queued', countText(status.queued)],
    ['deferred', counted(status.deferred, 'mail')],
    ['held', counted(heldPushes(status), 'push')],
    ['oldest', status.oldest === undefined ? '-' : `waits for ${spanText(status.at - status.oldest)}`],
    ['next try', nextTryText(status)],
    ['given up', countText(status.givenUp)],
    ['unreadable', counted(status.unreadable, 'record')],
    ...fleetLines(status),
    ...status.transports.map(word => ['transport', wordText(word)] as const),
    ...status.mirrors.map(mirror => ['mirror', mirrorText(mirror, status.at)] as const),
    ['last error', status.lastError ? wordText(status.lastError) : '-'],
    ...stateLines(status),
  ];
  return lines.map(([word, value]) => `${`${word}:`.padEnd(WIDTH)}${value}\n`).join('');
}

const WIDTH = 'last error: '.length;

/** What is wrong, and below it what to do; or what is waited for. */
function stateLines({ troubles, waitingFor }: Status): (readonly [string, string])[] {
  const below = `\n${' '.repeat(WIDTH)}`;
  if (troubles.length > 0)
    return troubles.map(({ what, remedy }) => [
      'trouble',
      visible(`${what}\n${remedy}`).replaceAll('\n', below),
    ]);
  return [['state', waitingFor === undefined ? 'all is well' : `waiting for ${visibleLine(waitingFor)}`]];
}

function workerText({ state, pid, host, startedBy }: Status['worker']): string {
  if (state === 'running') return `process ${pid} is at work`;
  if (state === 'unknown') return `process ${pid} on ${host}, if it still runs`;
  return startedBy === 'hook' ? 'none; the next push starts one' : 'none';
}

function nextTryText({ nextTry, at, transports }: Status): string {
  if (nextTry === undefined) return '-';
  if (nextTry <= at) return transports.length > 0 ? 'due, as soon as the server can be reached' : 'due';
  return `in ${spanText(nextTry - at)}`;
}

function mirrorText({ address, at, words }: MirrorStatus, now: number): string {
  const end = words === undefined ? 'all is here' : `failed: ${words}`;
  return `${visibleLine(address)} looked at ${spanText(now - at)} ago, ${visibleLine(end)}`;
}

function wordText({ at, words }: LastWord): string {
  return `${new Date(at).toISOString()} ${visibleLine(words)}`;
}

function countText({ pushes, mails }: Count): string {
  return `${counted(pushes, 'push')}, ${counted(mails, 'mail')}`;
}

/** A status as one JSON document, for programs: moments as in ISO 8601, durations in seconds. */
export function statusJson(status: Status | Glance): string {
  const { spool = null, at, troubles } = status;
  const state = troubles.length > 0 ? 'trouble' : 'waitingFor' in status ? 'waiting' : 'well';
  const document = { spool, at, state, troubles, ...('worker' in status ? sums(status) : {}) };
  return `${JSON.stringify(document, withMoments, 2)}\n`;
}

function sums(status: Status): object {
  const { at, waitingFor = null, worker, recorded, queued, deferred, givenUp, sent, unreadable } = status;
  const { oldest = null, nextTry = null, held, warnAfter, lastError = null } = status;
  const transports = status.transports.map(({ at, words, lasting }) => ({ at, words, lasting }));
  const mirrors = status.mirrors.map(({ since = null, words = null, ...mirror }) => ({
    ...mirror,
    since,
    words,
  }));
  const { host = null } = status;
  const counts = { waitingFor, host, worker, recorded, queued, deferred, givenUp, sent, unreadable };
  return {
    ...counts,
    ...(status.servers ? { servers: status.servers.map(serverSums), processes: status.processes } : {}),
    oldest,
    oldestSeconds: oldest === null ? null : Math.round((at - oldest) / 1000),
    warnAfterSeconds: warnAfter / 1000,
    nextTry,
    held,
    transports,
    mirrors,
    lastError,
  };
}

function serverSums({ server, seen, ...status }: ServerStatus): object {
  return { server, seen: seen || null, troubles: status.troubles, ...sums(status) };
}

function withMoments(key: string, value: unknown): unknown {
  const isMoment = ['at', 'oldest', 'nextTry', 'since', 'seen'].includes(key) && typeof value === 'number';
  return isMoment ? new Date(value).toISOString() : value;
}
