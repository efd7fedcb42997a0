import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, inSpool, syncFolder } from '../disk/files.ts';
import { fault } from '../errors.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import { sectionOf } from '../repository/workplace.ts';
import type { WorkerContext } from './context.ts';
import { reasonOf } from './log.ts';

/** Notes that the mails of a push are to go into an archive: before they are stored, so that no death of the worker leaves them out. */
export async function noteForArchive({ workplace }: WorkerContext, push: string): Promise<void> {
  const { toArchive } = spoolLayout(workplace.spool);
  await inSpool(toArchive, async () => {
    await mkdir(toArchive, { recursive: true });
    await writeFile(join(toArchive, push), '');
    await syncFolder(toArchive);
  });
}

/**
 * Puts the mails of the noted pushes into their archives. An archive that cannot be written keeps nobody's mail: its pushes stay noted, for a later
 * round. One that has a mail already does not get it again.
 */
export async function archiveNoted(context: WorkerContext): Promise<void> {
  const { workplace, drop, outbox, log, heldReasons, signal } = context;
  const { toArchive } = spoolLayout(workplace.spool);
  for (const push of await notedIn(toArchive)) {
    if (signal.aborted) return;
    try {
      const refs = await outbox.find(push);
      for (const ref of refs) await archiveEntry(context, ref);
      // What is not stored yet may be in a moment.
      if (refs.length > 0 || !(await drop.names()).includes(push)) await rm(join(toArchive, push));
    } catch (error) {
      const reason = reasonOf(error);
      if (heldReasons.get(`archive ${push}`) !== reason) log('unarchived', { push, reason });
      heldReasons.set(`archive ${push}`, reason);
    }
  }
}

/** In the order in which they were pushed. */
async function notedIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function archiveEntry(
  { world, outbox, workplaces }: WorkerContext,
  ref: Parameters<WorkerContext['outbox']['show']>[0],
): Promise<void> {
  const listed = await outbox.show(ref);
  if (!listed || listed.damaged !== undefined) return;
  const { entry } = listed;
  const place = await workplaces.tolerated(entry.push.repository, []);
  const { archive, archiveAddresses: addresses, templates } = sectionOf(place, entry.audience).config;
  if (archive === undefined) return;
  // Where nobody has an archive, nobody pays for what reads mails.
  const [{ addToFolder }, { mailsOfEntry }] = await Promise.all([
    import('../archive/open-archive.ts'),
    import('../archive/sources.ts'),
  ]).catch(cause => {
    throw fault.filesGone(cause);
  });
  await addToFolder(world, archive, { addresses, templates }, mailsOfEntry(outbox, entry));
}
