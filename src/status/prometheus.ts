import { type Glance, type Status, TROUBLES } from '../model/status.ts';

/** A gauge: its name, what it shows, and its value; undefined where there is none to give. */
type Gauge = readonly [name: string, help: string, value: number | undefined];

/**
 * A status in Prometheus' text format (exposition formats 0.0.4), for node_exporter's textfile collector. Labels: `spool`, and
 * `kind` for troubles, of which each has a row, so that an alert can be written before there is one.
 */
export function statusMetrics(status: Status | Glance): string {
  const spool = `spool="${(status.spool ?? '').replace(/[\\"\n]/g, escaped)}"`;
  const rows = TROUBLES.map(kind => {
    const there = status.troubles.some(trouble => trouble.kind === kind);
    return `refpost_trouble{${spool},kind="${kind}"} ${Number(there)}\n`;
  });
  const gauges = ('worker' in status ? gaugesOf(status) : []).flatMap(([name, help, value]) =>
    value === undefined ? [] : [`${head(name, help)}refpost_${name}{${spool}} ${value}\n`],
  );
  return [head('trouble', 'Whether something needs attention, by kind.'), ...rows, ...gauges].join('');
}

function head(name: string, help: string): string {
  return `# HELP refpost_${name} ${help}\n# TYPE refpost_${name} gauge\n`;
}

/** No counters: what is sent and given up is folded from the journals that are kept, and falls when they are removed. */
function gaugesOf(status: Status): readonly Gauge[] {
  const { at, oldest, nextTry, lastError, queued, givenUp, held } = status;
  return [
    ['worker_up', 'Whether a worker is at work on this outbox.', workerUp(status)],
    ['recorded_pushes', 'Pushes that no worker has picked up.', status.recorded],
    ['held_pushes', 'Pushes that wait for a person.', held.reduce((sum, { pushes }) => sum + pushes, 0)],
    ['queued_pushes', 'Pushes with mails that wait.', queued.pushes],
    ['queued_mails', 'Mails that wait.', queued.mails],
    ['deferred_mails', 'Mails that were tried and wait for another try.', status.deferred],
    ['given_up_pushes', 'Pushes with mails that were given up.', givenUp.pushes],
    [
      'given_up_mails',
      'Mails that were given up, of the pushes that nobody has retried or dropped.',
      givenUp.mails,
    ],
    ['sent_mails', 'Mails that are out, of the pushes that are kept (refpost.keepDays).', status.sent],
    ['unreadable_records', 'Recorded pushes that no worker could read.', status.unreadable],
    [
      'unreachable_transports',
      'Transports that could not be reached at the last try.',
      status.transports.length,
    ],
    [
      'oldest_wait_seconds',
      'How long the oldest push waits.',
      oldest === undefined ? 0 : (at - oldest) / 1000,
    ],
    ['wait_limit_seconds', 'The wait after which somebody should look.', status.warnAfter / 1000],
    ['next_try_timestamp_seconds', 'When the next mail is due.', inSeconds(nextTry)],
    ['last_error_timestamp_seconds', 'When a mail was last kept from going out.', inSeconds(lastError?.at)],
  ];
}

function workerUp({ worker }: Status): number | undefined {
  return worker.state === 'unknown' ? undefined : Number(worker.state === 'running');
}

function inSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}
