import { openDrop } from '../drop/drop.ts';
import { DatabaseAway } from '../errors.ts';
import type { Git } from '../git/git.ts';
import type { World } from '../model/world.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import { wholeScope } from '../plan/announced-refs.ts';
import { removeIdentity } from '../repository/identity.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import { listSettings, openTolerated, strict, tolerated } from '../repository/workplace.ts';
import { openLedger } from './open-ledger.ts';

/**
 * The ledger that a repository has from its installation on. Returns true if it is in the place of another repository's. Where the database of the outbox is
 * away, the first push makes it, from the refs before all that were recorded.
 * @param spool where these are
 */
export async function startLedger(world: World, git: Git, spool: string): Promise<boolean | DatabaseAway> {
  const place = strict(tolerated(world, git, await listSettings(git), []));
  const recorded = await openDrop(spool).pushesTo(git.gitDir);
  return unlessAway(async () => {
    const outbox = await outboxOf(world, place);
    return (await openLedger(outbox, git, wholeScope(place.audiences), recorded)).replaced;
  });
}

/** Takes the ledger away, and the identity by which it is known: where the database is away, the ledger is that of another repository from then on. */
export async function removeLedger(world: World, git: Git, spool: string): Promise<undefined | DatabaseAway> {
  const place = await openTolerated(world, git.gitDir, []).catch(() => undefined);
  const away = await unlessAway(async () => {
    if (place?.config.outbox === undefined) await openOutbox(spool, 'umask').forget(git.gitDir);
    // What goes by a name that was given is other servers' too.
    else if (place.config.fleetName === undefined) await (await outboxOf(world, place)).forget(git.gitDir);
    return undefined;
  });
  await removeIdentity(git.gitDir);
  return away;
}

async function unlessAway<T>(work: () => Promise<T>): Promise<T | DatabaseAway> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseAway) return error;
    throw error;
  }
}
