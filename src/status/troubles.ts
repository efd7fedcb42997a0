import { EX } from '../errors.ts';
import { counted, spanText } from '../model/numbers.ts';
import type { Reason, Status, Trouble } from '../model/status.ts';

/** A timer may start the worker: so long a push or a mail that is due may wait before somebody should ask where it is, in milliseconds. */
const START = 5 * 60_000;

/** What a status does not say itself. */
interface Beside {
  readonly settings: Reason | undefined;
  readonly disk: Reason | undefined;
  /** Since when something could have been worked on, and was not. */
  readonly untried: number;
}

type Sums = Omit<Status, 'troubles'>;

/** What needs attention, the worst first, each with its remedy. Pure. */
export function troublesOf(status: Sums, { settings, disk, untried }: Beside): readonly Trouble[] {
  const { worker, held, transports, givenUp, unreadable, oldest, at, warnAfter } = status;
  const { startError } = worker;
  const troubles: (Trouble | false | undefined)[] = [
    settings && { kind: 'settings', ...settings },
    disk && { kind: 'disk', ...disk },
    startError &&
      oldest !== undefined &&
      startError.at >= oldest && {
        kind: 'start',
        what: `the last worker could not be started: ${startError.words}`,
        remedy: 'correct that; then start one with "refpost work --drain", or push again',
      },
    ...held.map(
      ({ pushes, what, remedy }): Trouble => ({
        kind: 'held',
        what: `${are(pushes, 'push')} held: ${what}`,
        remedy,
      }),
    ),
    ...transports
      .filter(({ lasting }) => lasting)
      .map(({ words }): Trouble => ({ kind: 'transport', what: words, remedy: transportRemedy(words) })),
    givenUp.pushes > 0 && {
      kind: 'given-up',
      what: `mails of ${counted(givenUp.pushes, 'push')} were given up`,
      remedy: '"refpost outbox list" shows them; then "refpost outbox retry" or "drop"',
    },
    unreadable > 0 && {
      kind: 'unreadable',
      what: `${counted(unreadable, 'record')} could not be read`,
      remedy: 'look into drop/bad of the outbox: the reasons are beside them; then remove both',
    },
    worker.state === 'none' &&
      at - untried > START && {
        kind: 'no-worker',
        what: `${waiting(status)}, and no worker is running`,
        remedy:
          worker.startedBy === 'service'
            ? 'start the service (refpost.worker says that there is one), or run "refpost work --drain"'
            : 'start one with "refpost work --drain"; the next push does so too, and "refpost doctor" shows what is in its way',
      },
    oldest !== undefined &&
      at - oldest > warnAfter && {
        kind: 'waiting',
        what: `a push waits for longer than ${spanText(warnAfter)} (refpost.warnAfter): for ${status.waitingFor}`,
        remedy: '"refpost outbox list" shows what waits, "refpost doctor" what is in its way',
      },
  ];
  return troubles.filter(trouble => trouble !== undefined && trouble !== false);
}

/** What the pushes wait for, as the end of a sentence. Pure. */
export function waitingFor(status: Omit<Sums, 'waitingFor'>): string | undefined {
  const { recorded, queued, held, transports, nextTry = 0, at, lastError, worker } = status;
  if (recorded + queued.mails === 0) return undefined;
  if (held[0]) return `a person: ${held[0].what}`;
  if (transports.length > 0) return transports.map(({ words }) => words).join('; ');
  if (recorded === 0 && nextTry > at) return `another try in ${spanText(nextTry - at)}: ${lastError?.words}`;
  return worker.state === 'none' ? 'a worker' : 'the worker, which is busy';
}

/** The exit code for a monitoring check: only a wait may end by itself (sysexits(3)). */
export function exitCodeOf([worst]: readonly Trouble[]): number {
  if (worst === undefined) return EX.OK;
  return worst.kind === 'waiting' ? EX.TEMPFAIL : EX.UNAVAILABLE;
}

/** By the words, since a journal keeps no more of a fault than those. The first that fits. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/smtpPassword(?:File|Command)/, 'correct that; the mails go out by themselves then'],
  [/\blogin\b|smtpUser|password/, 'correct refpost.smtpUser and its password'],
  [/encrypted|certificate|TLS/i, 'correct the certificate of the server, or refpost.tls'],
  [
    /ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|timeout/i,
    'check the server, and its name in refpost.transport',
  ],
  [
    /^(?:sendmail:)?\//,
    'check the program that refpost.transport names: run it by hand, as the user who runs refpost',
  ],
];

/** What to do where a transport said this and waiting does not help. */
export function transportRemedy(words: string): string {
  const known = REMEDIES.find(([pattern]) => pattern.test(words))?.[1];
  return (
    known ??
    'correct what the server refuses: refpost.from, refpost.envelopeFrom, the name of this host, or the right to send'
  );
}

function waiting({ recorded, queued }: Sums): string {
  if (recorded === 0)
    return `${counted(queued.mails, 'queued mail')} ${queued.mails === 1 ? 'waits' : 'wait'}`;
  return `${counted(recorded, 'recorded push')} ${recorded === 1 ? 'waits' : 'wait'}`;
}

function are(count: number, word: string): string {
  return `${counted(count, word)} ${count === 1 ? 'is' : 'are'}`;
}
