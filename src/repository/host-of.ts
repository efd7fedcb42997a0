import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { hosts } from '../host/hosts.ts';
import type { World } from '../model/world.ts';
import { type OutboxPlace, outboxOf } from './outbox-of.ts';

/** What runs the hook of a repository, as its pushes have said, or else its files; undefined where neither says more than plain git. */
export async function hostOf(world: World, place: OutboxPlace): Promise<Host | undefined> {
  const { gitDir } = place.git;
  const ledger = await outboxOf(world, place)
    .then(outbox => outbox.ledger(gitDir))
    .catch(() => undefined);
  return hosts.find(({ name }) => name === ledger?.host) ?? keeperOf(gitDir);
}

/** The program whose files are in a git directory: it also writes the hooks there. */
export function keeperOf(gitDir: string): Host | undefined {
  const has = (path: string) => existsSync(join(gitDir, path));
  return hosts.find(({ keeps }) => keeps?.(gitDir, has));
}

/** A host for people: `gitolite. What its hook does not see:`, and that. */
export function hostText({ title, unseen }: Host): string {
  return [`${title}. What its hook does not see:`, ...unseen.map(sentence => `- ${sentence}`)].join('\n');
}
