import type { Watcher } from '../disk/wait-until.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import { isSettled } from '../outbox/entry-state.ts';
import type { Claim, EntryRef } from '../outbox/outbox.ts';
import type { Alarms } from './alarms.ts';
import type { DeliverContext } from './context.ts';
import { finish, HELD_WAIT, holdEntry, offerEntry } from './deliver.ts';
import type { Route, Transport } from './transports.ts';

/**
 * Transports are served side by side: each has one connection and one entry at a time, in order of queueing, and none waits for another.
 * What concerns no transport, since it is damaged, held or settled, `dispatch` does itself: it alone tells the administrator, and so
 * adds to the outbox, beside pick-up.
 */
export interface Dispatcher {
  /** Gives what is due to its transports. Fails with what one of them has failed with. Returns how many entries it has put into `failed`. */
  dispatch(): Promise<number>;
  /** Entries that a transport has, or that wait for their turn, by number. */
  readonly taken: ReadonlySet<number>;
  /** True while a transport is at work, or has come to an end that `dispatch` has not seen. */
  isBusy(): boolean;
  /** True if a transport has done all that it had, or has failed, since the last `dispatch`. */
  hasEnded(): boolean;
  /** Calls back when one has. */
  readonly watch: Watcher;
  /** Somebody has changed something: everything is tried at once, and goes where the settings say now. */
  recall(): void;
  /** Ends the work of all transports and waits for that. Fails with what one of them has failed with. */
  close(): Promise<void>;
}

/** An entry in its turn, and how it is to be delivered. */
interface Turn {
  readonly ref: EntryRef;
  readonly route: Route;
}

export function openDispatcher(given: DeliverContext, alarms: Alarms): Dispatcher {
  const stop = new AbortController();
  const context = { ...given, signal: AbortSignal.any([given.signal, stop.signal]) };
  const { world, outbox, transports, log, signal } = context;
  const taken = new Set<number>();
  const turns = new Map<Transport, Turn[]>();
  const atWork = new Map<Transport, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  let ring = (): void => {};

  async function dispatch(): Promise<number> {
    let failed = 0;
    ended = false;
    if (failure) throw failure.error;
    for await (const listed of outbox.due(world.now(), taken)) {
      if (signal.aborted) break;
      if (listed.damaged !== undefined) {
        const { ref, damaged } = listed;
        log('damaged', { entry: ref.number, push: ref.id, reason: damaged });
        await alarms.damaged(ref, damaged);
        failed++;
      } else if (isSettled(listed.state)) {
        if ((await claimed(listed.ref, settle)) === 'failed') failed++;
      } else await assign(listed.ref, listed.entry);
    }
    return failed;
  }

  /** The administrator is told of what was given up before the entry leaves the queue. */
  async function settle(claim: Claim) {
    if (await alarms.stored(claim.entry, claim.state)) return finish(context, claim);
    outbox.postpone(claim, world.now() + HELD_WAIT);
    return 'queue';
  }

  async function assign(ref: EntryRef, { push }: OutboxEntry): Promise<void> {
    let route: Route;
    try {
      route = await transports.route(push);
    } catch (error) {
      await claimed(ref, claim => holdEntry(context, claim, error));
      return;
    }
    const { transport } = route;
    taken.add(ref.number);
    const line = turns.get(transport);
    if (line) line.push({ ref, route });
    else {
      turns.set(transport, [{ ref, route }]);
      atWork.set(transport, serve(transport));
    }
  }

  /** Works off the turns of a transport until there are no more. */
  async function serve(transport: Transport): Promise<void> {
    try {
      for (;;) {
        const turn = turns.get(transport)?.shift();
        if (!turn || signal.aborted) return;
        await claimed(turn.ref, claim => offerEntry(context, claim, turn.route));
        taken.delete(turn.ref.number);
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      turns.delete(transport);
      ended = true;
      ring();
    }
  }

  async function claimed<T>(ref: EntryRef, work: (claim: Claim) => Promise<T>): Promise<T | undefined> {
    const claim = await outbox.claim(ref);
    if (!claim) return undefined;
    try {
      return await work(claim);
    } finally {
      await outbox.release(claim);
    }
  }

  return {
    dispatch,
    taken,
    isBusy: () => taken.size > 0 || ended,
    hasEnded: () => ended,
    watch: listener => {
      ring = listener;
      return () => {
        ring = () => {};
      };
    },
    recall: () => {
      for (const line of turns.values()) for (const { ref } of line.splice(0)) taken.delete(ref.number);
      transports.reopen();
      outbox.recall();
    },
    close: async () => {
      stop.abort();
      await transports.close();
      await Promise.all(atWork.values());
      if (failure) throw failure.error;
    },
  };
}
