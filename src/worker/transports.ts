import { isExecutable } from '../delivery/probe.ts';
import { openSender } from '../delivery/sender.ts';
import { senderOptions } from '../delivery/sender-options.ts';
import { describeTransport, resolveTransport } from '../delivery/transport.ts';
import { openGitDir } from '../git/open-repository.ts';
import type { Config, RetryPolicy } from '../model/config.ts';
import type { Sender } from '../model/delivery.ts';
import type { Push } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { nextTry } from '../outbox/retry-schedule.ts';
import { workplaceOf } from '../repository/workplace.ts';

/** Where mails go out: one connection, shared by all pushes whose settings name it. */
export interface Transport {
  readonly name: string;
  readonly sender: Sender;
  /** Between these moments nothing is offered: the server could not be reached. Milliseconds since 1970. */
  backoffFrom: number;
  backoffUntil: number;
  /** Failures in a row to reach it. */
  failures: number;
  /** Why it is held. */
  reason: string;
}

/** How a push is to be delivered. */
export interface Route {
  readonly transport: Transport;
  readonly retry: RetryPolicy;
}

export interface Transports {
  /** The transport that a repository's settings name now: a mended setting holds for what is queued already. */
  route(push: Push): Promise<Route>;
  /** Forgets the settings read so far, so that the next pass sees them as they are then. */
  forgetSettings(): void;
  /** The moment when the first of the transports may be tried again; undefined unless all that are known are held. */
  allBackOffUntil(): number | undefined;
  /** The moment when the first of the held transports may be tried again; undefined if none is held. */
  nextOpening(): number | undefined;
  close(): Promise<void>;
}

/** While a server is away it is tried as often as this at first, and at least as often as that, in milliseconds. */
const FIRST_BACKOFF = 30_000;
const LONGEST_BACKOFF = 600_000;

export function openTransports(world: World): Transports {
  const transports = new Map<string, Transport>();
  const routes = new Map<string, Route>();
  const backingOff = () => [...transports.values()].filter(transport => isBackingOff(transport, world.now()));
  return {
    async route(push) {
      const key = JSON.stringify([push.repository, push.overrides]);
      const known = routes.get(key);
      if (known) return known;
      const config = await settingsOf(world, push);
      const route = { transport: wayOf(world, config, transports), retry: config.retry };
      routes.set(key, route);
      return route;
    },
    forgetSettings: () => routes.clear(),
    allBackOffUntil: () => (backingOff().length === transports.size ? firstOpening(backingOff()) : undefined),
    nextOpening: () => firstOpening(backingOff()),
    async close() {
      await Promise.all([...transports.values()].map(transport => transport.sender.close()));
    },
  };
}

function firstOpening(held: readonly Transport[]): number | undefined {
  return held.length === 0 ? undefined : Math.min(...held.map(transport => transport.backoffUntil));
}

/** A backoff that begins in the future is one of a clock that went wrong, and over. */
export function isBackingOff(
  transport: Pick<Transport, 'backoffFrom' | 'backoffUntil'>,
  now: number,
): boolean {
  return transport.backoffFrom <= now && now < transport.backoffUntil;
}

/** Holds a transport whose server cannot be reached: longer after each failure in a row. */
export function backOff(transport: Transport, policy: RetryPolicy, reason: string, now: number): void {
  transport.failures++;
  transport.reason = reason;
  const firstWait = Math.min(policy.firstWait, FIRST_BACKOFF);
  const maxWait = Math.max(firstWait, Math.min(policy.maxWait, LONGEST_BACKOFF));
  transport.backoffFrom = now;
  transport.backoffUntil =
    now + nextTry(transport.failures, { ...policy, firstWait, maxWait }, Math.random());
}

async function settingsOf(world: World, push: Push): Promise<Config> {
  const git = openGitDir(push.repository, world.env);
  return (await workplaceOf(world, git, push.overrides)).config;
}

function wayOf(world: World, config: Config, transports: Map<string, Transport>): Transport {
  const { tls, smtpUser, smtpPasswordFile, smtpPasswordCommand } = config;
  const address = resolveTransport(config.transport, isExecutable);
  const key = JSON.stringify([address, tls, smtpUser, smtpPasswordFile, smtpPasswordCommand]);
  const known = transports.get(key);
  if (known) return known;
  const sender = openSender(address, senderOptions(world, config));
  const name = describeTransport(address);
  const transport = { name, sender, backoffFrom: 0, backoffUntil: 0, failures: 0, reason: '' };
  transports.set(key, transport);
  return transport;
}
