import type { Status } from '../model/status.ts';

/** A gauge: its name, what it tells, and its value; undefined where there is none to give. */
type Gauge = readonly [name: string, help: string, value: number | undefined];

/**
 * A status in Prometheus' text format (exposition formats 0.0.4), for node_exporter's textfile collector. One label,
 * `spool`.
 */
export function statusMetrics(status: Status): string {
  const label = `{spool="${status.spool.replace(/[\\"\n]/g, escaped)}"}`;
  return gaugesOf(status)
    .filter(([, , value]) => value !== undefined)
    .map(
      ([name, help, value]) =>
        `# HELP refpost_${name} ${help}\n# TYPE refpost_${name} gauge\nrefpost_${name}${label} ${value}\n`,
    )
    .join('');
}

function gaugesOf(status: Status): readonly Gauge[] {
  const { at, oldest, nextTry, lastError, queued, givenUp } = status;
  return [
    ['worker_up', 'Whether a worker is at work on this outbox.', workerUp(status)],
    ['recorded_pushes', 'Pushes that no worker has taken in.', status.recorded],
    ['queued_pushes', 'Pushes with mails that wait.', queued.pushes],
    ['queued_mails', 'Mails that wait.', queued.mails],
    ['given_up_pushes', 'Pushes with mails that were given up.', givenUp.pushes],
    ['given_up_mails', 'Mails that were given up.', givenUp.mails],
    ['unreadable_records', 'Recorded pushes that no worker could read.', status.unreadable],
    ['held_ways', 'Ways out that could not be reached at the last try.', status.held.length],
    [
      'oldest_wait_seconds',
      'How long the oldest push waits.',
      oldest === undefined ? 0 : (at - oldest) / 1000,
    ],
    ['wait_limit_seconds', 'The wait past which somebody should look.', status.warnAfter / 1000],
    ['next_try_timestamp_seconds', 'When the next mail is due.', inSeconds(nextTry)],
    ['last_error_timestamp_seconds', 'When a mail was last kept from going out.', inSeconds(lastError?.at)],
    ['troubles', 'Things that want a person: what the exit code tells.', status.troubles.length],
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
