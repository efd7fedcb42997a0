import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { programCommand, shellCommand, startWorker } from '../hook/worker.ts';
import { isDryRun } from '../host/bitbucket.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { storePush } from '../repository/store-push.ts';
import type { Command } from './command.ts';

/** `refpost hook`: bin/post-receive for people who write their own hook, with the same record and the same promises. */
export const hook: Command = async ({ world }) => {
  await record(world, randomBytes(4).toString('hex'));
};

/**
 * Records standard input as a push, and starts a worker. What fails is one line on standard error.
 * @param random eight hex digits
 */
export async function record(world: World, random: string): Promise<void> {
  const stdin = await buffer(world.stdin);
  if (stdin.length === 0 || isDryRun(world.env)) return;
  const complain = (fate: string, reason: string) =>
    world.stderr.write(
      `refpost: this push ${fate} (${reason.trim().replace(/\s*\n\s*/g, ' ')}); the push itself is fine\n`,
    );
  try {
    const { repository, settings } = await storePush(world, stdin, random);
    if (settings.config.worker === 'service') return;
    const { command: words } = settings.config;
    const command = words === undefined ? programCommand(world.home) : shellCommand(words);
    const layout = spoolLayout(settings.spool);
    const reason = await startWorker(command, repository, layout, world.env).catch(
      (cause: Error) => cause.message,
    );
    if (reason !== undefined) complain('waits in the outbox for a worker', reason);
  } catch (cause) {
    complain('is not recorded, and the next one will bring its mails', (cause as Error).message);
  }
}
