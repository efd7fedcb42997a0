import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { EX, fault } from '../errors.ts';
import { despiteKills } from '../git/failure.ts';
import type { Git } from '../git/git.ts';
import { clearStartError } from '../hook/worker.ts';
import type { Override } from '../model/push.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import {
  listSettings,
  NO_SPOOL,
  openOutside,
  openWithSettings,
  settingsOf,
  strict,
  tolerated,
  type Workplace,
} from '../repository/workplace.ts';
import { openLog, reasonOf } from '../worker/log.ts';
import type { WorkMode } from '../worker/rounds.ts';
import { exitCodeOf, loadMakers, runWorker } from '../worker/worker.ts';
import type { Call, Command } from './command.ts';

/** `refpost work`. */
export const work: Command = async (call, options) => {
  const { repo, c, once, drain, logFormat, sender, intake } = options;
  const { world, signal, misused } = call;
  if (sender && intake) misused('a worker without --sender and --intake does both');
  const mode: WorkMode = once ? 'once' : drain ? 'drain' : 'stay';
  const overrides = logFormat === undefined ? c : [...c, { key: 'refpost.logFormat', value: logFormat }];
  if (sender) return send(call, mode, overrides);
  // While git is asked for the settings.
  const makers = mode === 'once' ? undefined : loadMakers();
  const folder = resolve(world.cwd, repo);
  const { git, entries } = await despiteKills(() => openWithSettings(folder, world.env));
  try {
    const workplace = tolerated(world, git, entries, overrides);
    await makers;
    if (intake && workplace.config.outbox === undefined) throw workplace.wrong ?? fault.noFleet();
    const unread = clearStartError(spoolLayout(workplace.spool));
    const told = unread ? { ...world, stderr: new PassThrough().resume() } : world;
    // With wrong settings it does what does not need them, such as telling the administrator, and goes.
    const user = intake ? 'intake' : 'worker';
    const worked = await runWorker(told, workplace, workplace.wrong ? 'once' : mode, signal, { user });
    strict(workplace);
    if (!worked.ran) told.stderr.write(`refpost: ${await otherWorker(workplace)}\n`);
    // A service that was told to stop has not failed, whatever is left for the next one.
    return mode === 'stay' && signal.aborted ? EX.OK : exitCodeOf(worked);
  } catch (error) {
    await logStop(world, git, error);
    throw error;
  }
};

/** Sends what any server of a fleet has queued, by the settings of the user and the system. */
async function send({ world, signal }: Call, mode: WorkMode, overrides: readonly Override[]) {
  const place = strict(await openOutside(world, overrides));
  if (place.config.outbox === undefined) throw fault.noFleet();
  const worked = await runWorker(world, { ...place, spool: NO_SPOOL }, mode, signal, {
    user: 'sender',
    overrides,
  });
  return mode === 'stay' && signal.aborted ? EX.OK : exitCodeOf(worked);
}

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
