import { openGitDir } from '../git/open-repository.ts';
import type { World } from '../model/world.ts';
import { refuseMoved, refuseUnmoved } from '../outbox/directory/moved-mark.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { databaseOf, fleetName, serverName } from './database-of.ts';
import { listSettings, type Tolerated, tolerated } from './workplace.ts';

/** Whose outbox it is: of a worker, which does both, of one that only picks up or only sends, or of somebody who looks and asks. */
export type OutboxUser = 'worker' | 'intake' | 'sender' | 'person';

/** Where an outbox is, and by which names. */
export type OutboxPlace = Pick<Tolerated, 'git' | 'spool' | 'shared' | 'config'>;

export interface OutboxOptions {
  /** `person` where it is left out. */
  readonly user?: OutboxUser;
  /** Only what this server of a fleet has queued is shown. */
  readonly shows?: string | undefined;
  /** The settings of a repository by its path, where somebody keeps them. */
  readonly placeOf?: (repository: string) => Promise<Pick<Tolerated, 'config'>>;
}

/** The outbox that the settings name: the database of a fleet, or the directory. Nothing is read yet. */
export async function outboxOf(
  world: World,
  place: OutboxPlace,
  { user = 'person', shows, placeOf = repository => settingsAt(world, repository) }: OutboxOptions = {},
): Promise<Outbox> {
  const { git, spool, shared, config } = place;
  const { outbox } = config;
  if (outbox === undefined) {
    await refuseMoved(spool);
    return openOutbox(spool, shared);
  }
  const server = serverName(config);
  const nameOf = async (repository: string) => {
    const known = repository === git.gitDir ? place : await placeOf(repository);
    return fleetName({ ...known.config, server }, repository);
  };
  const database = databaseOf(world, { ...config, outbox });
  if (user !== 'sender') await refuseUnmoved(spool, database.shown);
  // Loaded by those alone who have one.
  const { openPostgresOutbox } = await import('../outbox/postgres/open-outbox.ts');
  return openPostgresOutbox(database, {
    server,
    mode: user,
    nameOf,
    now: world.now,
    ...(shows && { shows }),
  });
}

async function settingsAt(world: World, repository: string): Promise<Pick<Tolerated, 'config'>> {
  const git = openGitDir(repository, world.env);
  return tolerated(world, git, await listSettings(git), []);
}
