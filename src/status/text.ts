import { spanText } from '../model/span.ts';
import type { Count, LastWord, Status, Trouble, WorkerStatus } from '../model/status.ts';
import { visibleLine } from '../render/visible.ts';

/** A status for people: a word and its value a line, the same on a terminal and in a pipe. */
export function statusText(status: Status): string {
  const lines: readonly (readonly [word: string, value: string])[] = [
    ['outbox', visibleLine(status.spool)],
    ['worker', workerText(status.worker)],
    ['recorded', plural(status.recorded, 'push', 'pushes')],
    ['queued', countText(status.queued)],
    ['oldest', status.oldest === undefined ? '-' : `waits for ${spanText(status.at - status.oldest)}`],
    ['next try', nextTryText(status)],
    ['given up', countText(status.givenUp)],
    ['unreadable', plural(status.unreadable, 'record', 'records')],
    ...(status.held.length === 0 ? [['held', '-'] as const] : status.held.map(heldLine)),
    ['last error', status.lastError ? wordText(status.lastError) : '-'],
    ...troubleLines(status),
  ];
  return lines.map(([word, value]) => `${`${word}:`.padEnd(WIDTH)}${value}\n`).join('');
}

const WIDTH = 'last error: '.length;

const WORDS: Readonly<Record<Trouble, (status: Status) => string>> = {
  'given-up': () => 'mails were given up: refpost outbox list; then retry or drop',
  unreadable: () =>
    'records could not be read: look into drop/bad of the outbox, the reasons lie beside them',
  'no-worker': () => 'a recorded push waits, and no worker comes for it: refpost doctor',
  waiting: ({ warnAfter }) => `a push waits for longer than ${spanText(warnAfter)} (refpost.warnAfter)`,
};

function troubleLines(status: Status): (readonly [string, string])[] {
  if (status.troubles.length === 0) return [['state', 'all is well']];
  return status.troubles.map(trouble => ['trouble', WORDS[trouble](status)]);
}

function workerText({ state, pid, host, startedBy }: WorkerStatus): string {
  if (state === 'running') return `process ${pid} is at work`;
  if (state === 'unknown') return `process ${pid} on ${host}, if it still runs`;
  return startedBy === 'hook' ? 'none; the next push starts one' : 'none';
}

function nextTryText({ nextTry, at, held }: Status): string {
  if (nextTry === undefined) return '-';
  if (nextTry <= at) return held.length > 0 ? 'due, once the way out is open again' : 'due';
  return `in ${spanText(nextTry - at)}`;
}

function heldLine(held: LastWord): readonly [string, string] {
  return ['held', wordText(held)];
}

function wordText({ at, words }: LastWord): string {
  return `${new Date(at).toISOString()} ${visibleLine(words)}`;
}

function countText({ pushes, mails }: Count): string {
  return `${plural(pushes, 'push', 'pushes')}, ${plural(mails, 'mail', 'mails')}`;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
