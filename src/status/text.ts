import { counted, spanText } from '../model/numbers.ts';
import type { Count, LastWord, Status, Trouble, WorkerStatus } from '../model/status.ts';
import { visible, visibleLine } from '../render/visible.ts';

/** A status for people: a word and its value a line, the same on a terminal and in a pipe. */
export function statusText(status: Status): string {
  const held = status.held.reduce((sum, { pushes }) => sum + pushes, 0);
  const lines: readonly (readonly [word: string, value: string])[] = [
    ['outbox', visibleLine(status.spool)],
    ['worker', workerText(status.worker)],
    ['recorded', counted(status.recorded, 'push')],
    ['queued', countText(status.queued)],
    ['deferred', counted(status.deferred, 'mail')],
    ['held', counted(held, 'push')],
    ['oldest', status.oldest === undefined ? '-' : `waits for ${spanText(status.at - status.oldest)}`],
    ['next try', nextTryText(status)],
    ['given up', countText(status.givenUp)],
    ['unreadable', counted(status.unreadable, 'record')],
    ...status.transports.map(word => ['transport', wordText(word)] as const),
    ['last error', status.lastError ? wordText(status.lastError) : '-'],
    ...stateLines(status),
  ];
  return lines.map(([word, value]) => `${`${word}:`.padEnd(WIDTH)}${value}\n`).join('');
}

const WIDTH = 'last error: '.length;

function stateLines({ troubles, waitingFor }: Status): (readonly [string, string])[] {
  if (troubles.length > 0) return troubles.map(trouble => ['trouble', troubleText(trouble)]);
  return [['state', waitingFor === undefined ? 'all is well' : `waiting for ${visibleLine(waitingFor)}`]];
}

/** What is wrong, and below it what to do. */
function troubleText({ what, remedy }: Trouble): string {
  return visible(`${what}\n${remedy}`).replaceAll('\n', `\n${' '.repeat(WIDTH)}`);
}

function workerText({ state, pid, host, startedBy }: WorkerStatus): string {
  if (state === 'running') return `process ${pid} is at work`;
  if (state === 'unknown') return `process ${pid} on ${host}, if it still runs`;
  return startedBy === 'hook' ? 'none; the next push starts one' : 'none';
}

function nextTryText({ nextTry, at, transports }: Status): string {
  if (nextTry === undefined) return '-';
  if (nextTry <= at) return transports.length > 0 ? 'due, as soon as the server can be reached' : 'due';
  return `in ${spanText(nextTry - at)}`;
}

function wordText({ at, words }: LastWord): string {
  return `${new Date(at).toISOString()} ${visibleLine(words)}`;
}

function countText({ pushes, mails }: Count): string {
  return `${counted(pushes, 'push')}, ${counted(mails, 'mail')}`;
}
