import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { createSpool } from '../../src/disk/create-spool.ts';
import type { Outbox } from '../../src/outbox/outbox.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { type TestWorld, testWorld } from '../fixtures/world.ts';
import { NOON, reopen } from '../outbox/spool-fixture.ts';

/** A bare repository with an outbox, to look at with `refpost` at a moment of choice. */
export interface StatusSite {
  readonly repository: TestRepository;
  readonly root: string;
  readonly outbox: Outbox;
  refpost(
    words: readonly string[],
    now?: number,
  ): Promise<{ readonly code: number; readonly world: TestWorld }>;
}

export async function statusSite(t: TestContext): Promise<StatusSite> {
  const repository = new TestRepository(join(temporaryFolder(t), 'r.git'), '--bare');
  const root = join(repository.folder, 'refpost');
  await createSpool(root, 'umask');
  return {
    repository,
    root,
    outbox: await reopen({ root }),
    refpost: async (words, now = NOON) => {
      const world = testWorld({ argv: words, cwd: repository.folder, now: () => now });
      return { code: await main(world, new AbortController().signal), world };
    },
  };
}
