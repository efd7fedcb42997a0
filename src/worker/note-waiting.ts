import { type Drop, recordedAt } from '../drop/drop.ts';
import type { World } from '../model/world.ts';
import { noteWaiting } from '../outbox/postgres/fleet-state.ts';
import { databaseIn, serverName } from '../repository/database-of.ts';
import type { Tolerated } from '../repository/workplace.ts';

/** How often it is said though nothing has changed, in milliseconds: so long a server of a fleet may be silent. */
export const MINUTE = 60_000;

/** Says in the database of a fleet what waits on this server, once in a minute and whenever that changes. */
export function waitingNotes(world: World, place: Tolerated, drop: Drop): () => Promise<void> {
  const database = databaseIn(world, place);
  let last = { said: '', at: Number.NEGATIVE_INFINITY };
  return async () => {
    const names = await drop.names();
    const oldest = names.reduce((least, name) => Math.min(least, recordedAt(name) ?? world.now()), Infinity);
    const waiting = {
      server: serverName(place.config),
      spool: place.spool,
      recorded: names.length,
      ...(names.length > 0 ? { oldest } : {}),
      held: names.length > 0 ? (await drop.held()).size : 0,
      unreadable: (await drop.condemned()).length,
    };
    const said = JSON.stringify(waiting);
    if (said === last.said && Math.abs(world.now() - last.at) < MINUTE) return;
    last = { said, at: world.now() };
    await noteWaiting(database, waiting);
  };
}
