import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { EX } from '../errors.ts';
import { despiteKills } from '../git/failure.ts';
import type { Git } from '../git/git.ts';
import { openRepository } from '../git/open-repository.ts';
import { clearStartError } from '../hook/worker.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import { listSettings, settingsOf, strict, tolerated, type Workplace } from '../repository/workplace.ts';
import { openLog, reasonOf } from '../worker/log.ts';
import { exitCodeOf, loadMakers, runWorker, type WorkMode } from '../worker/worker.ts';
import type { Command } from './command.ts';

/** `refpost work`. */
export const work: Command = async ({ world, signal }, { repo, c, once, drain, logFormat }) => {
  const mode: WorkMode = once ? 'once' : drain ? 'drain' : 'stay';
  const overrides = logFormat === undefined ? c : [...c, { key: 'refpost.logFormat', value: logFormat }];
  // While git is asked for the settings.
  const makers = mode === 'once' ? undefined : loadMakers();
  const git = await despiteKills(() => openRepository(resolve(world.cwd, repo), world.env));
  try {
    const workplace = tolerated(world, git, await despiteKills(() => listSettings(git)), overrides);
    await makers;
    const unread = clearStartError(spoolLayout(workplace.spool));
    const told = unread ? { ...world, stderr: new PassThrough().resume() } : world;
    // With wrong settings it does what does not need them, such as telling the administrator, and goes.
    const worked = await runWorker(told, workplace, workplace.wrong ? 'once' : mode, signal);
    strict(workplace);
    if (!worked.ran) told.stderr.write(`refpost: ${await otherWorker(workplace)}\n`);
    // A service that was told to stop has not failed, whatever is left for the next one.
    return mode === 'stay' && signal.aborted ? EX.OK : exitCodeOf(worked);
  } catch (error) {
    await logStop(world, git, error);
    throw error;
  }
};

/** The sentence for a person who starts a second worker. */
async function otherWorker({ spool }: Workplace): Promise<string> {
  const other = await holder(spool);
  return `another worker${other ? ` (process ${other.pid} on ${other.host})` : ''} is at work on ${spool}`;
}

/** Nobody reads the streams of a worker that a hook has started, so the log beside the recorded pushes says why it stopped. */
async function logStop(world: World, git: Git, error: unknown): Promise<void> {
  try {
    const { spool } = settingsOf(await listSettings(git), git.gitDir, world.env.HOME);
    openLog(world, spoolLayout(spool).log, 'text', () => {})('stopped', { reason: reasonOf(error) });
  } catch {
    // Without readable settings there is no spool known to have a log.
  }
}
