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

/** A way out for mail: one connection, shared by all pushes whose settings name it. */
export interface Way {
  readonly name: string;
  readonly sender: Sender;
  /** Between these moments nothing is offered: the server could not be reached. Milliseconds since 1970. */
  heldFrom: number;
  heldUntil: number;
  /** Failures in a row to reach it. */
  failures: number;
  /** Why it is held. */
  reason: string;
}

/** How a push is to be delivered. */
export interface Route {
  readonly way: Way;
  readonly retry: RetryPolicy;
}

export interface Ways {
  /** The way that a repository's settings name now: a mended setting holds for what is queued already. */
  route(push: Push): Promise<Route>;
  /** Forgets the settings read so far, so that the next pass sees them as they are then. */
  forgetSettings(): void;
  /** The moment when the first of the ways may be tried again; undefined unless all that are known are held. */
  allHeldUntil(): number | undefined;
  /** The moment when the first of the held ways may be tried again; undefined if none is held. */
  nextOpening(): number | undefined;
  close(): Promise<void>;
}

/** While a server is away it is tried as often as this at first, and at least as often as that, in milliseconds. */
const FIRST_HOLD = 30_000;
const LONGEST_HOLD = 600_000;

export function openWays(world: World): Ways {
  const ways = new Map<string, Way>();
  const routes = new Map<string, Route>();
  const heldWays = () => [...ways.values()].filter(way => isHeld(way, world.now()));
  return {
    async route(push) {
      const key = JSON.stringify([push.repository, push.overrides]);
      const known = routes.get(key);
      if (known) return known;
      const config = await settingsOf(world, push);
      const route = { way: wayOf(world, config, ways), retry: config.retry };
      routes.set(key, route);
      return route;
    },
    forgetSettings: () => routes.clear(),
    allHeldUntil: () => (heldWays().length === ways.size ? firstOpening(heldWays()) : undefined),
    nextOpening: () => firstOpening(heldWays()),
    async close() {
      await Promise.all([...ways.values()].map(way => way.sender.close()));
    },
  };
}

function firstOpening(held: readonly Way[]): number | undefined {
  return held.length === 0 ? undefined : Math.min(...held.map(way => way.heldUntil));
}

/** A hold that begins in the future is one of a clock that went wrong, and over. */
export function isHeld(way: Pick<Way, 'heldFrom' | 'heldUntil'>, now: number): boolean {
  return way.heldFrom <= now && now < way.heldUntil;
}

/** Holds a way whose server cannot be reached: longer after each failure in a row. */
export function hold(way: Way, policy: RetryPolicy, reason: string, now: number): void {
  way.failures++;
  way.reason = reason;
  const firstWait = Math.min(policy.firstWait, FIRST_HOLD);
  const maxWait = Math.max(firstWait, Math.min(policy.maxWait, LONGEST_HOLD));
  way.heldFrom = now;
  way.heldUntil = now + nextTry(way.failures, { ...policy, firstWait, maxWait }, Math.random());
}

async function settingsOf(world: World, push: Push): Promise<Config> {
  const git = openGitDir(push.repository, world.env);
  return (await workplaceOf(world, git, push.overrides)).config;
}

function wayOf(world: World, config: Config, ways: Map<string, Way>): Way {
  const { tls, smtpUser, smtpPasswordFile, smtpPasswordCommand } = config;
  const address = resolveTransport(config.transport, isExecutable);
  const key = JSON.stringify([address, tls, smtpUser, smtpPasswordFile, smtpPasswordCommand]);
  const known = ways.get(key);
  if (known) return known;
  const sender = openSender(address, senderOptions(world, config));
  const name = describeTransport(address);
  const way = { name, sender, heldFrom: 0, heldUntil: 0, failures: 0, reason: '' };
  ways.set(key, way);
  return way;
}
