import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UNFINISHED } from '../disk/files.ts';
import { networkEnvironment } from '../git/environment.ts';
import { type Limits, talk } from '../git/network.ts';
import type { World } from '../model/world.ts';
import { ASK, fetchMirror, headIn, isOld, NETWORK, openMirror } from './mirror.ts';
import type { RemoteAddress } from './remote-address.ts';

const DAY = 86_400_000;

/**
 * Makes a mirror: beside its place, and then moved there, so that what is there is whole.
 * @returns false if it is there already
 */
export async function makeMirror(
  world: World,
  address: RemoteAddress,
  folder: string,
  limits: Limits,
  signal: AbortSignal,
): Promise<boolean> {
  if (existsSync(folder)) return false;
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent))
    if (name.startsWith(`${UNFINISHED}mirror-`) && isOld(join(parent, name), world.now() - DAY))
      rmSync(join(parent, name), { recursive: true, force: true });
  const unfinished = join(parent, `${UNFINISHED}mirror-${randomBytes(4).toString('hex')}`);
  mkdirSync(unfinished);
  try {
    const environment = networkEnvironment(world.env, unfinished);
    const say = (args: readonly string[], most = ASK) =>
      talk({ gitDir: unfinished, environment, args, server: address.shown }, most, signal);
    const refs = (await say([...NETWORK, 'ls-remote', '--symref', '--', address.url, 'HEAD'])).toString(
      'latin1',
    );
    const head = headIn(refs);
    const format = /^[0-9a-f]{64}\t/m.test(refs) ? ['--object-format=sha256'] : [];
    await say(['init', '--quiet', '--bare', ...format]);
    await say(['config', 'remote.origin.url', address.url]);
    await say(['config', 'remote.origin.mirror', 'true']);
    // As people write them, and may change them.
    if (address.web) {
      await say(['config', 'refpost.repoName', address.name]);
      await say(['config', 'refpost.webUrl', address.web]);
    }
    if (head) await say(['symbolic-ref', 'HEAD', head]);
    await fetchMirror(await openMirror(world, unfinished), limits, signal);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  return true;
}

/** The mirrors below a folder, at any depth. */
export function mirrorsBelow(folder: string): string[] {
  if (existsSync(join(folder, 'HEAD')) && existsSync(join(folder, 'objects'))) return [folder];
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const folders = entries.filter(entry => entry.isDirectory() && !entry.name.startsWith('.'));
  return folders.flatMap(({ name }) => mirrorsBelow(join(folder, name))).toSorted();
}
