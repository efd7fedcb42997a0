import { setTimeout as sleep } from 'node:timers/promises';
import { isPerPush } from '../config/settings.ts';
import { DatabaseAway, fault } from '../errors.ts';
import type { Push } from '../model/push.ts';
import type { WorkerContext } from './context.ts';
import { heldReason, reasonOf } from './log.ts';
import type { Left } from './pick-up-repository.ts';
import { putBackLost } from './put-back.ts';

/**
 * So many of the pushes that were stored last are asked for before each pick-up: a database may go back to a copy right in one, which then stores
 * some that the copy knows.
 */
const RECENT = 50;

/**
 * Picks the recorded pushes up into the outbox, each repository's in the order in which they chain. A push that cannot be
 * worked on now stays recorded, and the others go on. Returns what stays.
 */
export async function pickUp(context: WorkerContext): Promise<Left> {
  if (context.kept) await putBackLost(context.kept, context, RECENT);
  const left = await nothingLeft(context);
  const recorded = await recordedPushes(context, left);
  if (recorded.size === 0) return left;
  // What makes mails is heavy, and not needed where nothing is recorded.
  const { askServers, pickUpRepository } = await import('./pick-up-repository.ts');
  // Of servers that hang each would keep the others' pushes for a moment: they are asked side by side.
  if (recorded.size > 1) for (const [push] of recorded.values()) if (push) await askServers(context, push);
  for (const [repository, pushes] of recorded) {
    try {
      const late = () => latePushes(context, repository, pushes, left);
      await pickUpRepository(context, repository, pushes, left, late);
    } catch (error) {
      if (error instanceof DatabaseAway) throw error;
      // What concerns the repository concerns all that is recorded of it and was not yet held for a reason of its own.
      const stayed = new Set(await context.drop.names());
      for (const push of pushes)
        if (stayed.has(push.id) && !left.held.has(push.id)) await left.hold(push, error);
    }
  }
  return left;
}

async function nothingLeft({ drop, log, heldReasons, signal }: WorkerContext): Promise<Left> {
  const before = await drop.held();
  const held = new Map<string, Error>();
  return {
    lookAgain: Number.POSITIVE_INFINITY,
    waiting: new Set(),
    held,
    wasHeld: id => before.has(id),
    async hold(push, error) {
      if (!(error instanceof Error)) throw error;
      held.set(push.id, error);
      const reason = reasonOf(error);
      if (signal.aborted || heldReasons.get(push.id) === reason) return;
      heldReasons.set(push.id, reason);
      log('held', { push: push.id, repository: push.repository, reason });
      // A full disk may be the very reason; then the log has it.
      await drop.hold(push.id, heldReason(error)).catch(() => undefined);
    },
    async condemn(id, reason) {
      await drop.condemn(id, reason);
      log('unreadable', { push: id, reason, kept: `drop/bad/${id}` });
    },
  };
}

/** The pushes in the drop, by repository. What cannot be read, or asks for what no record may, is put aside for a person. */
async function recordedPushes({ drop, log }: WorkerContext, left: Left): Promise<Map<string, Push[]>> {
  const byRepository = new Map<string, Push[]>();
  for (const { id, record } of await drop.readAll()) {
    if (record instanceof Error) {
      await left.hold({ id }, fault.unreadableRecord(id, record));
      continue;
    }
    const wrong = 'fault' in record ? record.fault : barred(record.push);
    if (wrong !== undefined) await left.condemn(id, wrong).catch(error => left.hold({ id }, error));
    else if ('push' in record) {
      const { push, complaints } = record;
      for (const complaint of complaints) log('complaint', { push: id, reason: complaint });
      const pushes = byRepository.get(push.repository) ?? [];
      byRepository.set(push.repository, pushes);
      pushes.push(push);
    }
  }
  return byRepository;
}

/** Milliseconds between the move of a ref and its record, at the most where nothing is overloaded. */
const GATHER = 300;

/**
 * Where a repository has no ledger yet, the first is what its refs were before the recorded pushes. Another push may have moved its refs already,
 * and not be recorded yet: it would count as announced. So its hook gets a moment, once in the life of the repository.
 */
async function latePushes(
  { drop, signal }: WorkerContext,
  repository: string,
  recorded: readonly Push[],
  left: Left,
): Promise<readonly Push[]> {
  if (!recorded.some(({ id, kind }) => kind === 'push' && !left.wasHeld(id))) return [];
  await sleep(GATHER, undefined, { signal }).catch(() => undefined);
  const known = new Set(recorded.map(({ id }) => id));
  return (await drop.readAll()).flatMap(({ id, record }) =>
    'push' in record && record.push.repository === repository && !known.has(id) ? [record.push] : [],
  );
}

/** Whoever may write a record must not have the worker run, read or connect to anything. */
function barred({ overrides }: Push): string | undefined {
  const key = overrides.map(override => override.key).find(key => !isPerPush(key));
  return key === undefined ? undefined : `it sets ${key}, which no record may`;
}
