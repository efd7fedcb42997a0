import { openSender } from '../delivery/sender.ts';
import { senderOptions } from '../delivery/sender-options.ts';
import { resolveTransport } from '../delivery/transport.ts';
import { EX, OperatorError } from '../errors.ts';
import { parseMailbox } from '../model/address.ts';
import { CONNECTION, type Config, type RetryPolicy, type TransportAddress } from '../model/config.ts';
import type { Sender } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { nextTry } from '../outbox/entry-state.ts';
import { sectionOf, type Tolerated } from '../repository/workplace.ts';
import type { Workplaces } from '../repository/workplaces.ts';

/** Where mails go out: one connection, shared by all pushes whose settings name it. */
export interface Transport {
  readonly sender: Sender;
  /** Why nothing is offered for a while: by the envelope sender whom the server refuses, or by EVERY where it cannot be used at all. */
  readonly backoffs: Map<string, Backoff>;
  /** True once another one has its place: nothing more goes out by this one. */
  isClosed?: true;
}

/** Between these moments (milliseconds since 1970) nothing is offered. */
interface Backoff {
  readonly from: number;
  readonly until: number;
  /** Failures in a row. */
  readonly failures: number;
  readonly reason: string;
}

/** How an entry is to be delivered. */
export interface Route {
  readonly transport: Transport;
  readonly retry: RetryPolicy;
  /** The envelope sender that the settings name now; undefined: that of each mail. */
  readonly sender: string | undefined;
  /** Each recipient has an envelope of their own. */
  readonly verp: boolean;
}

export type Transports = ReturnType<typeof openTransports>;

/** While a server is away it is tried as often as this at first, and at least as often as that, in milliseconds. */
const FIRST_BACKOFF = 30_000;
const LONGEST_BACKOFF = 600_000;

const EVERY = '';

/** Settings that a queued mail still needs. */
const DELIVERY = [...CONNECTION, 'retryWait', 'retryMaxWait', 'giveUpAfter'];

/**
 * True where the settings are right that a queued mail of an audience still needs: it is complete, and neither those of what mails say nor
 * those of other audiences hold it.
 */
export function hasTransport(place: Tolerated, audience?: string): boolean {
  const { keys } = sectionOf(place, audience);
  return !DELIVERY.some(key => place.wrongKeys?.has(keys.get(key) as string));
}

export function openTransports(world: World, workplaces: Workplaces) {
  const transports = new Map<string, Transport>();
  const last = new Map<string, Route>();
  const open = (address: TransportAddress, config: Config): Transport => ({
    sender: openSender(address, senderOptions(world, config)),
    backoffs: new Map(),
  });

  /**
   * The route that a repository's settings name now for an audience: a corrected setting holds for what is queued already. Where the
   * repository is gone, the route that the audience had last. Fails where settings are wrong.
   */
  async function route({ repository, overrides }: Push, audience?: string): Promise<Route> {
    const name = JSON.stringify([repository, audience]);
    try {
      const place = await workplaces.tolerated(repository, overrides);
      if (!hasTransport(place, audience)) throw place.wrong;
      const { config } = sectionOf(place, audience);
      const address = resolveTransport(config.transport);
      const key = connectionKey({ ...config, transport: address });
      const transport = transports.get(key) ?? open(address, config);
      transports.set(key, transport);
      const sender = config.envelopeFrom ?? (config.from && parseMailbox(config.from)?.address);
      const found = { transport, retry: config.retry, sender, verp: config.verp };
      last.set(name, found);
      return found;
    } catch (error) {
      const known = last.get(name);
      if (known && error instanceof OperatorError && error.exitCode === EX.NOINPUT) return known;
      throw error;
    }
  }

  return {
    route,
    /** Bytes that a mail of a push may have for an audience, as far as its transport says (`Sender.largest`). */
    largest: async (push: Push, audience?: string) =>
      (await route(push, audience)).transport.sender.largest(),
    /** Ends all backoffs: somebody has changed something, and everything may be tried at once. */
    reopen: () => {
      for (const { backoffs } of transports.values()) backoffs.clear();
    },
    /** Closes one that is at work, but not where a server may have the mail at hand: it may hang, and what was changed may be just that. */
    hangUp: async (transport: Transport): Promise<boolean> => {
      if (transport.sender.isAnswerDue()) return false;
      for (const [key, one] of transports) if (one === transport) transports.delete(key);
      transport.isClosed = true;
      await transport.sender.close();
      return true;
    },
    close: async () => {
      await Promise.all([...transports.values()].map(({ sender }) => sender.close()));
    },
  };
}

/** What keeps the mails of an envelope sender back; undefined if they may be offered. One from the future is of a clock that went wrong. */
export function backoffOf({ backoffs }: Transport, sender: string, now: number): Backoff | undefined {
  return [EVERY, sender]
    .map(concern => backoffs.get(concern))
    .find(backoff => backoff && backoff.from <= now && now < backoff.until);
}

/** Leaves a transport alone, or with `sender` its mails only: longer after each failure in a row. */
export function backOff(
  { backoffs }: Transport,
  policy: RetryPolicy,
  { reason, sender = EVERY, now }: { reason: string; sender?: string; now: number },
): void {
  const failures = (backoffs.get(sender)?.failures ?? 0) + 1;
  const firstWait = Math.min(policy.firstWait, FIRST_BACKOFF);
  const maxWait = Math.max(firstWait, Math.min(policy.maxWait, LONGEST_BACKOFF));
  const until = now + nextTry(failures, { ...policy, firstWait, maxWait }, Math.random());
  backoffs.set(sender, { from: now, until, failures, reason });
}

/** The server has answered about a mail of this sender. */
export function reached({ backoffs }: Transport, sender: string): void {
  backoffs.delete(EVERY);
  backoffs.delete(sender);
}

/** The same for settings by which one connection serves, whatever they say besides. */
export function connectionKey(config: Config): string {
  return JSON.stringify(CONNECTION.map(key => config[key]));
}
