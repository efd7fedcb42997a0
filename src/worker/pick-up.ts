import { isPerPush } from '../config/settings.ts';
import { fault } from '../errors.ts';
import type { Push } from '../model/push.ts';
import type { Reason } from '../model/status.ts';
import { heldReason, reasonOf } from './log.ts';
import type { Left, PickUpContext } from './pick-up-repository.ts';

/** What picking up comes to. */
export interface PickedUp {
  /** When to look again for the sake of a push that waits for its predecessor, in milliseconds since 1970. */
  readonly lookAgain: number;
  /** Records that stay where they are, and the fault that keeps them. */
  readonly held: ReadonlyMap<string, Error>;
  /** Every record that was looked at and stays in the drop. */
  readonly seen: ReadonlySet<string>;
}

/**
 * Picks the recorded pushes up into the outbox, each repository's in the order in which they chain. A push that cannot be
 * worked on now stays recorded, and the others go on.
 */
export async function pickUp(context: PickUpContext): Promise<PickedUp> {
  const held = new Map<string, Error>();
  const left = leftOver(context, held, await context.drop.held());
  for (const [repository, pushes] of await recordedPushes(context, left)) {
    // What makes mails is heavy, and not needed where nothing is recorded.
    const { pickUpRepository } = await import('./pick-up-repository.ts').catch(gone);
    try {
      await pickUpRepository(context, repository, pushes, left);
    } catch (error) {
      // What concerns the repository concerns all that is recorded of it and was not yet held for a reason of its own.
      const stayed = new Set(await context.drop.names());
      for (const push of pushes) if (stayed.has(push.id) && !held.has(push.id)) await left.hold(push, error);
    }
  }
  return { lookAgain: left.lookAgain, held, seen: new Set([...held.keys(), ...left.waiting]) };
}

function leftOver(
  { drop, log, heldReasons, signal }: PickUpContext,
  held: Map<string, Error>,
  before: ReadonlyMap<string, Reason>,
): Left {
  async function hold(push: Pick<Push, 'id'> & Partial<Push>, error: unknown): Promise<void> {
    if (!(error instanceof Error)) throw error;
    held.set(push.id, error);
    if (signal.aborted) return;
    const reason = reasonOf(error);
    if (heldReasons.get(push.id) === reason) return;
    heldReasons.set(push.id, reason);
    log('held', { push: push.id, repository: push.repository, reason });
    // A full disk may be the very reason; then the log has it.
    await drop.hold(push.id, heldReason(error)).catch(() => undefined);
  }
  return {
    lookAgain: Number.POSITIVE_INFINITY,
    waiting: new Set(),
    hold,
    wasHeld: id => before.has(id),
  };
}

/** The pushes in the drop, by repository. What cannot be read, or asks for what no record may, is put aside for a person. */
async function recordedPushes({ drop, log }: PickUpContext, left: Left): Promise<Map<string, Push[]>> {
  const byRepository = new Map<string, Push[]>();
  for (const { id, record } of await drop.readAll()) {
    if (record instanceof Error) {
      await left.hold({ id }, fault.unreadableRecord(id, record));
      continue;
    }
    const wrong = 'fault' in record ? record.fault : barred(record.push);
    if (wrong !== undefined || 'fault' in record) {
      const kept = await drop.condemn(id, wrong ?? '').catch((error: Error) => error);
      if (kept instanceof Error) await left.hold({ id }, kept);
      else log('unreadable', { push: id, reason: wrong, kept: `drop/bad/${id}` });
      continue;
    }
    for (const complaint of record.complaints) log('complaint', { push: id, reason: complaint });
    const { repository } = record.push;
    const pushes = byRepository.get(repository);
    if (pushes) pushes.push(record.push);
    else byRepository.set(repository, [record.push]);
  }
  return byRepository;
}

/** Whoever may write a record must not have the worker run, read or connect to anything. */
function barred({ overrides }: Push): string | undefined {
  const key = overrides.map(override => override.key).find(key => !isPerPush(key));
  return key === undefined ? undefined : `it sets ${key}, which no record may`;
}

function gone(cause: unknown): never {
  throw fault.filesGone(cause);
}
