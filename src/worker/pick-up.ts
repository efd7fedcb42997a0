import { fault } from '../errors.ts';
import type { PickUpContext } from './pick-up-repository.ts';
import { logHeld, recordedPushes } from './recorded-pushes.ts';

/** What taking in comes to. */
export interface PickedUp {
  /** When to look again for the sake of a push that waits for its predecessor, in milliseconds since 1970. */
  readonly lookAgain: number;
  /** Records that stay where they are, and the fault that keeps them. */
  readonly held: ReadonlyMap<string, Error>;
  /** Every record that was looked at and stays in the drop directory. */
  readonly seen: ReadonlySet<string>;
}

/**
 * Takes the recorded pushes into the outbox, each repository's in the order in which they chain. A push that cannot be
 * worked on now (wrong settings, a full disk) stays recorded, and those of other repositories go on.
 */
export async function pickUp(context: PickUpContext): Promise<PickedUp> {
  const held = new Map<string, Error>();
  const waiting = new Set<string>();
  let lookAgain = Number.POSITIVE_INFINITY;
  for (const [repository, pushes] of await recordedPushes(context, held)) {
    // What makes mails is heavy, and not needed where nothing is recorded.
    const { pickUpRepository } = await import('./pick-up-repository.ts').catch(gone);
    try {
      const later = await pickUpRepository(context, repository, pushes);
      for (const id of later?.ids ?? []) waiting.add(id);
      lookAgain = Math.min(lookAgain, later?.at ?? lookAgain);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      for (const push of pushes) {
        held.set(push.id, error);
        logHeld(context, push, error);
      }
    }
  }
  return { lookAgain, held, seen: new Set([...held.keys(), ...waiting]) };
}

function gone(cause: unknown): never {
  throw fault.filesGone(cause);
}
