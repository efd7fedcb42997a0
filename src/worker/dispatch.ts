import type { Watcher } from '../disk/wait-until.ts';
import { ClaimLost } from '../errors.ts';
import type { OutgoingMail } from '../model/mail.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import { isSettled } from '../outbox/entry-state.ts';
import type { Claim, EntryRef } from '../outbox/outbox.ts';
import type { Alarms } from './alarms.ts';
import type { DeliverContext } from './context.ts';
import { finish, HELD_WAIT, holdEntry, offerEntry } from './deliver.ts';
import { entryFields, reasonOf } from './log.ts';
import { nextMail } from './offer.ts';
import type { Route, Transport } from './transports.ts';

export type Dispatcher = ReturnType<typeof openDispatcher>;

/** An entry in its turn, and how it is to be delivered. */
interface Turn {
  readonly ref: EntryRef;
  readonly route: Route;
  /** Its first mail, when it was asked for. */
  first?: Promise<OutgoingMail | undefined>;
}

/**
 * Transports are served side by side: each has one connection and one entry at a time, in order of queueing, and none waits for another.
 * What concerns no transport, since it is damaged, held or settled, `dispatch` does itself: it alone tells the administrator, and so
 * adds to the outbox, beside pick-up.
 */
export function openDispatcher(given: DeliverContext, alarms: Alarms) {
  const stop = new AbortController();
  const context = { ...given, signal: AbortSignal.any([given.signal, stop.signal]) };
  const { world, outbox, transports, log, signal } = context;
  const taken = new Set<number>();
  const turns = new Map<Transport, Turn[]>();
  const atWork = new Map<Transport, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  let ring = (): void => {};

  /** Gives what is due to its transports. Fails with what one of them has failed with. Returns how many entries it has put into `failed`. */
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

  async function assign(ref: EntryRef, { push, audience }: OutboxEntry): Promise<unknown> {
    const route = await transports.route(push, audience).catch((error: unknown) => ({ error }));
    if ('error' in route) return claimed(ref, claim => holdEntry(context, claim, route.error));
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
        await claimed(turn.ref, claim => offerEntry(context, claim, turn.route, () => following(transport)));
        taken.delete(turn.ref.number);
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      turns.delete(transport);
      atWork.delete(transport);
      ended = true;
      ring();
    }
  }

  /** The first mail of the next turn: the server may be told of it with the last one of this. It is read once, when that is asked first. */
  async function following(transport: Transport): Promise<OutgoingMail | undefined> {
    const turn = turns.get(transport)?.[0];
    if (turn) turn.first ??= firstOf(turn);
    return turn?.first;
  }

  async function firstOf({ ref, route }: Turn): Promise<OutgoingMail | undefined> {
    const found = await outbox.ahead(ref).catch(() => undefined);
    return found && nextMail(context, found.entry, found.state, route);
  }

  async function claimed<T>(ref: EntryRef, work: (claim: Claim) => Promise<T>): Promise<T | undefined> {
    const claim = await outbox.claim(ref);
    if (!claim) return undefined;
    try {
      return await work(claim);
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
      // It was stopped, or cut off, for so long that another worker has gone on with it.
      log('lost', { ...entryFields(claim.entry), reason: reasonOf(error) });
      return undefined;
    } finally {
      await outbox.release(claim);
    }
  }

  /** Calls back when a transport has done all that it had, or has failed. */
  const watch: Watcher = listener => {
    ring = listener;
    return () => {
      ring = () => {};
    };
  };

  return {
    dispatch,
    watch,
    /** Entries that a transport has, or that wait for their turn, by number. */
    taken: taken as ReadonlySet<number>,
    /** True while a transport is at work, or has come to an end that `dispatch` has not seen. */
    isBusy: () => taken.size > 0 || ended,
    /** True if one has come to its end since the last `dispatch`. */
    hasEnded: () => ended,
    /** Somebody has changed something: everything is tried at once, and goes where the settings say now. */
    recall: async () => {
      for (const line of turns.values()) for (const { ref } of line.splice(0)) taken.delete(ref.number);
      transports.reopen();
      outbox.recall();
      await Promise.all(
        [...atWork].map(async ([transport, lane]) => (await transports.hangUp(transport)) && lane),
      );
    },
    /** Ends the work of all transports and waits for that. Fails with what one of them has failed with. */
    close: async () => {
      stop.abort();
      await transports.close();
      await Promise.all(atWork.values());
      if (failure) throw failure.error;
    },
  };
}
