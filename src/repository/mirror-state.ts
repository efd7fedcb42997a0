import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '../config/listing.ts';
import { ifThere, inSpool, readPlain, UNFINISHED } from '../disk/files.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { MirrorStatus } from '../model/status.ts';

/** What git calls the repository that this one is a bare mirror of (git-clone(1), --mirror); undefined where it is none. */
export function mirrorRemote(entries: readonly Entry[]): string | undefined {
  const isTrue = (value = 'true') => /^(true|yes|on|1)$/i.test(value);
  const bare = entries.findLast(({ key }) => key === 'core.bare');
  if (!bare || !isTrue(bare.value)) return undefined;
  const remotes = entries.filter(
    ({ key, value }) => /^remote\.(?!-)[\w.-]+\.mirror$/.test(key) && isTrue(value),
  );
  return remotes[0]?.key.slice('remote.'.length, -'.mirror'.length);
}

/** Notes what a look at a mirror came to, for `refpost status`. */
export async function noteMirror(spool: string, mirror: MirrorStatus): Promise<void> {
  const { mirrors } = spoolLayout(spool);
  const name = noteOf(mirror.repository);
  await inSpool(mirrors, async () => {
    await mkdir(mirrors, { recursive: true });
    // Not synced: what a crash takes, the next look writes anew.
    const unfinished = join(mirrors, `${UNFINISHED}${name}`);
    await writeFile(unfinished, `${JSON.stringify(mirror)}\n`, { mode: 0o660 });
    await rename(unfinished, join(mirrors, name));
  });
}

/** What the last look at a mirror came to; undefined where there was none, or its note cannot be read. @param repository its git directory */
export function readMirror(spool: string, repository: string): MirrorStatus | undefined {
  return readOne(join(spoolLayout(spool).mirrors, noteOf(repository)))[0];
}

function noteOf(repository: string): string {
  return createHash('sha256').update(repository).digest('hex').slice(0, 16);
}

/** The mirrors whose pushes go to this outbox, as they were noted. Left out are those that are gone, and what cannot be read: the next look writes it anew. */
export async function readMirrors(spool: string): Promise<readonly MirrorStatus[]> {
  const { mirrors } = spoolLayout(spool);
  const names = await ifThere(mirrors, () => readdir(mirrors), []);
  return names.filter(name => !name.startsWith('.')).flatMap(name => readOne(join(mirrors, name)));
}

function readOne(path: string): MirrorStatus[] {
  try {
    const { repository, address, at, since, words, remedy } = JSON.parse(readPlain(path).toString('utf8'));
    const isWhole = [repository, address].every(text => typeof text === 'string') && Number.isFinite(at);
    if (!isWhole || !existsSync(repository)) return [];
    const isFailed = [words, remedy].every(text => typeof text === 'string') && Number.isFinite(since);
    const failed = isFailed ? { since, words, remedy } : {};
    return [{ repository, address, at, ...failed }];
  } catch {
    return [];
  }
}
