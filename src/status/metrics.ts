import { type Glance, heldPushes, type ServerStatus, type Status, TROUBLES } from '../model/status.ts';

/**
 * A status in Prometheus' text format (exposition formats 0.0.4), for node_exporter's textfile collector. Labels: `spool`, in a fleet `server`, and
 * `kind` for troubles, of which each has a row, so that an alert can be written before there is one.
 */
export function statusMetrics(status: Status | Glance): string {
  const named = 'servers' in status ? (status.servers ?? []) : [];
  const servers: readonly (Status | Glance)[] = named.length > 0 ? named : [status];
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
  if ('processes' in status) {
    const alive = status.processes?.filter(({ mode, alive }) => mode === 'sender' && alive) ?? [];
    const all = head('senders', 'Workers that send for the whole fleet.');
    gauges.set('senders', `${all}refpost_senders{spool="${label(status.spool)}"} ${alive.length}\n`);
  }
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
  const { seen = NaN } = status as Partial<ServerStatus>;
  const up = { running: 1, none: 0, unknown: NaN }[worker.state];
  return [
    ['worker_up', 'Whether a worker is at work on this outbox.', up],
    ['seen_timestamp_seconds', 'When a server of a fleet has last said what waits there.', seen / 1000],
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
