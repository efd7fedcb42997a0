import { EX } from '../errors.ts';
import { counted, spanText } from '../model/numbers.ts';
import type { Reason, Status, Trouble } from '../model/status.ts';

/** A timer may start the worker: so long a push or a mail that is due may wait before somebody should ask where it is, in milliseconds. */
const START = 5 * 60_000;

type Sums = Omit<Status, 'troubles'>;

/** What a status does not say itself. `untried`: since when something could have been worked on, and was not. */
interface Beside {
  readonly settings: Reason | undefined;
  readonly database: Reason | undefined;
  readonly disk: Reason | undefined;
  readonly untried: number;
}

/** What needs attention, the worst first, each with its remedy. Pure. */
export function troublesOf(status: Sums, { settings, database, disk, untried }: Beside): readonly Trouble[] {
  const { worker, recorded, queued, held, transports, givenUp, unreadable, oldest, at, warnAfter } = status;
  const { startError, startedBy } = worker;
  const troubles: Trouble[] = [];
  const add = (kind: Trouble['kind'], what: string, remedy: string) => troubles.push({ kind, what, remedy });
  if (settings) add('settings', settings.what, settings.remedy);
  if (database) add('database', database.what, database.remedy);
  if (disk) add('disk', disk.what, disk.remedy);
  // What is said of the settings is enough.
  const isKnown = settings !== undefined && startError?.words.includes(settings.what.replace(/\s+/g, ' '));
  if (startError && !isKnown && oldest !== undefined && startError.at >= oldest)
    add(
      'start',
      `the last worker could not be started: ${startError.words}`,
      'correct that; then start one with "refpost work --drain", or push again',
    );
  for (const { pushes, what, remedy } of held)
    add('held', `${numbered(pushes, 'push', 'is', 'are')} held: ${what}`, remedy);
  for (const { lasting, words } of transports) if (lasting) add('transport', words, transportRemedy(words));
  troubles.push(...mirrorTroubles(status));
  if (givenUp.pushes > 0)
    add(
      'given-up',
      `mails of ${counted(givenUp.pushes, 'push')} were given up`,
      '"refpost outbox list" shows them; then "refpost outbox retry" or "drop"',
    );
  if (unreadable > 0)
    add(
      'unreadable',
      `${counted(unreadable, 'record')} could not be read`,
      'look into drop/bad of the outbox: the reasons are beside them; then remove both',
    );
  if (worker.state === 'none' && at - untried > START) {
    const [count, word] = recorded > 0 ? [recorded, 'recorded push'] : [queued.mails, 'queued mail'];
    add(
      'no-worker',
      `${numbered(count, word, 'waits', 'wait')}, and no worker is running`,
      startedBy === 'service'
        ? 'start the service (refpost.worker says that there is one), or run "refpost work --drain"'
        : 'start one with "refpost work --drain"; the next push does so too, and "refpost doctor" shows what is in its way',
    );
  }
  if (oldest !== undefined && at - oldest > warnAfter)
    add(
      'waiting',
      `a push waits for longer than ${spanText(warnAfter)} (refpost.warnAfter): for ${status.waitingFor}`,
      '"refpost outbox list" shows what waits, "refpost doctor" what is in its way',
    );
  return troubles;
}

/** A server that is away may come back: what fails is given some time. */
function mirrorTroubles({ mirrors, at: now, warnAfter }: Sums): readonly Trouble[] {
  return mirrors.flatMap(({ repository, address, at, since = now, words, remedy = '' }) => {
    if (words !== undefined && at - since > START)
      return {
        kind: 'mirror',
        what: `for ${spanText(now - since)} ${repository} could not be brought up to date: ${words}`,
        remedy,
      };
    if (now - at <= Math.max(warnAfter, START)) return [];
    const what = `for ${spanText(now - at)} nobody has looked what is new at ${address}`;
    return {
      kind: 'mirror',
      what,
      remedy: `start "refpost poll" again; if it is mirrored no more, remove ${repository}`,
    };
  });
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
  // A setting whose file or command is at fault says so itself.
  [/refpost\.\w+(?:, \/| (?:ended|did not|printed))/, 'correct that; the mails go out by themselves then'],
  [
    /offers no login/,
    'give it a login of a kind that it offers, or none; other ports (587, 465) may offer more than port 25',
  ],
  [/\blogin\b|smtpUser|password/, 'correct refpost.smtpUser, and its password or token'],
  [
    /see refpost\.caFile/,
    "name the certificate of the authority that the server's is from in refpost.caFile, or set refpost.tls",
  ],
  [/see the host in/, 'name the server in refpost.transport as its certificate does, or set refpost.tls'],
  [
    /see refpost\.clientCertFile/,
    'set refpost.clientCertFile and refpost.clientKeyFile to a certificate that the server knows, or renew it',
  ],
  [/encrypted|certificate|TLS/i, 'correct the certificate of the server, or refpost.tls'],
  [
    /^lmtp:unix:/,
    'start the server, check the path in refpost.transport, and let the user who runs refpost write to that socket (in Dovecot: unix_listener, mode and user)',
  ],
  [
    /ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|timeout/i,
    'check the server, and its name in refpost.transport',
  ],
  [
    /^(?:sendmail:)?\//,
    'check the program that refpost.transport names: run it by hand, as the user who runs refpost',
  ],
  [
    /^/,
    'correct what the server refuses: refpost.from, refpost.envelopeFrom, refpost.ehloName, or the right to send',
  ],
];

/** What to do where a transport said this and waiting does not help. */
export function transportRemedy(words: string): string {
  return REMEDIES.find(([pattern]) => pattern.test(words))?.[1] ?? '';
}

function numbered(count: number, word: string, one: string, many: string): string {
  return `${counted(count, word)} ${count === 1 ? one : many}`;
}
