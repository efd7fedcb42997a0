import { counted, spanText } from '../model/numbers.ts';
import {
  type Count,
  type Glance,
  type LastWord,
  type MirrorStatus,
  type ServerStatus,
  type Status,
  TROUBLES,
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

function heldPushes({ held }: Status): number {
  return held.reduce((sum, { pushes }) => sum + pushes, 0);
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

/**
 * A status in Prometheus' text format (exposition formats 0.0.4), for node_exporter's textfile collector. Labels: `spool`, in a fleet `server`, and
 * `kind` for troubles, of which each has a row, so that an alert can be written before there is one.
 */
export function statusMetrics(status: Status | Glance): string {
  const servers: readonly (Status | Glance)[] = ('servers' in status && status.servers) || [status];
  const labelled = servers.map(one => ({ labels: labelsOf(one, status.spool), one }));
  const rows = TROUBLES.flatMap(kind =>
    labelled.map(({ labels, one }) => {
      const there = one.troubles.some(trouble => trouble.kind === kind);
      return `refpost_trouble{${labels},kind="${kind}"} ${Number(there)}\n`;
    }),
  );
  const gauges = new Map<string, string>();
  for (const { labels, one } of labelled)
    for (const [name, help, value] of 'worker' in one ? gaugesOf(one) : [])
      if (!Number.isNaN(value))
        gauges.set(name, `${gauges.get(name) ?? head(name, help)}refpost_${name}{${labels}} ${value}\n`);
  return [head('trouble', 'Whether something needs attention, by kind.'), ...rows, ...gauges.values()].join(
    '',
  );
}

/** Of what is one server's in a fleet, its name. */
function labelsOf(status: Status | Glance, spool = ''): string {
  const named = 'server' in status ? `,server="${label(String(status.server))}"` : '';
  return `spool="${label(spool)}"${named}`;
}

function label(text: string): string {
  return text.replace(/[\\"\n]/g, escaped);
}

function head(name: string, help: string): string {
  return `# HELP refpost_${name} ${help}\n# TYPE refpost_${name} gauge\n`;
}

/** A gauge: its name, what it shows, and its value; NaN where there is none to give. */
type Gauge = readonly [name: string, help: string, value: number];

/** No counters: what is sent and given up is folded from the journals that are kept, and falls when they are removed. */
function gaugesOf(status: Status): readonly Gauge[] {
  const { at, worker, queued, givenUp, sent = NaN, transports, oldest = at, nextTry = NaN } = status;
  const up = { running: 1, none: 0, unknown: NaN }[worker.state];
  return [
    ['worker_up', 'Whether a worker is at work on this outbox.', up],
    ['recorded_pushes', 'Pushes that no worker has picked up.', status.recorded],
    ['held_pushes', 'Pushes that wait for a person.', heldPushes(status)],
    ['queued_pushes', 'Pushes with mails that wait.', queued.pushes],
    ['queued_mails', 'Mails that wait.', queued.mails],
    ['deferred_mails', 'Mails that were tried and wait for another try.', status.deferred],
    ['given_up_pushes', 'Pushes with mails that were given up.', givenUp.pushes],
    [
      'given_up_mails',
      'Mails that were given up, of the pushes that nobody has retried or dropped.',
      givenUp.mails,
    ],
    ['sent_mails', 'Mails that are out, of the pushes that are kept (refpost.keepDays).', sent],
    ['unreadable_records', 'Recorded pushes that no worker could read.', status.unreadable],
    ['unreachable_transports', 'Transports that could not be reached at the last try.', transports.length],
    [
      'failed_mirrors',
      'Mirrors whose server could not be read at the last look.',
      status.mirrors.filter(({ words }) => words !== undefined).length,
    ],
    ['oldest_wait_seconds', 'How long the oldest push waits.', (at - oldest) / 1000],
    ['wait_limit_seconds', 'The wait after which somebody should look.', status.warnAfter / 1000],
    ['next_try_timestamp_seconds', 'When the next mail is due.', nextTry / 1000],
    [
      'last_error_timestamp_seconds',
      'When a mail was last kept from going out.',
      (status.lastError?.at ?? NaN) / 1000,
    ],
  ];
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}
