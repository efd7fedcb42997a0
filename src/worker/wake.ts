import { openDrop } from '../drop/drop.ts';
import { programCommand, shellCommand, shellWords, startWorker } from '../hook/worker.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import { NOWHERE, type Workplace } from '../repository/workplace.ts';

/** Does not leave what waits to the next push, once something was repaired. Returns a sentence about it; undefined if nothing waits. */
export async function resumeWork(world: World, workplace: Workplace): Promise<string | undefined> {
  const { spool } = workplace;
  const outbox = await outboxOf(world, workplace);
  const isQueued = (await outbox.nextDue()) !== undefined;
  if (!isQueued && (await openDrop(spool).names()).length === 0) return undefined;
  const before = await holder(spool);
  await outbox.nudge();
  return wakeWorker(world, workplace, before);
}

/**
 * Sees to it that a worker is there: starts one where hooks do. Returns a sentence about it for a person.
 * @param before who was there before something was changed: it may have seen that, done all, and ended
 */
export async function wakeWorker(
  world: World,
  workplace: Workplace,
  before?: Awaited<ReturnType<typeof holder>>,
): Promise<string> {
  const { git, config, spool } = workplace;
  const now = await holder(spool);
  const isDone = async () => (await (await outboxOf(world, workplace)).nextDue()) === undefined;
  const other = now?.alive ? now : before;
  if (other?.alive && (other === now || (await isDone())))
    return `the worker (process ${other.pid}) goes on at once`;
  // Whoever sends for it looks into the database.
  if (config.outbox !== undefined && (config.worker === 'service' || git.gitDir === NOWHERE))
    return 'the workers of the fleet go on with it';
  const byHand = `refpost work --once --repo ${shellWords([git.gitDir])}`;
  if (config.worker === 'service') return `no worker is running: start its service, or: ${byHand}`;
  const command = config.command === undefined ? programCommand(world.home) : shellCommand(config.command);
  const reason = await startWorker(command, git.gitDir, spoolLayout(spool), world.env);
  return reason === undefined ? 'a worker is started' : `no worker could be started (${reason}): ${byHand}`;
}
