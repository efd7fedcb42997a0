import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UNFINISHED, writeNew } from '../disk/files.ts';

/**
 * What a repository is known by besides its path, where another one may be made one day: a random word in its git directory, which
 * goes along when it is moved, copied or restored. undefined where it has none, or none that can be read. bin/post-receive reads it too.
 */
export async function readIdentity(gitDir: string): Promise<string | undefined> {
  const text = await readFile(identityPath(gitDir), 'utf8').catch(() => '');
  return /^[0-9a-f]{16}$/.exec(text.trim())?.[0];
}

/** Gives a repository one, this or a new one, and returns what it has then; undefined where this user may not write there. */
export async function giveIdentity(
  gitDir: string,
  identity = randomBytes(8).toString('hex'),
): Promise<string | undefined> {
  const path = identityPath(gitDir);
  const unfinished = join(dirname(path), `${UNFINISHED}identity-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(dirname(path), { recursive: true });
    // Who may look into the folder is decided by its rights; in there, files are the group's.
    await writeNew(unfinished, `${identity}\n`, 0o660);
    // Unlike a rename, it leaves what somebody else has given it meanwhile.
    await link(unfinished, path);
  } catch {
    // Then it has none, or that of somebody else.
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
  return readIdentity(gitDir);
}

export async function removeIdentity(gitDir: string): Promise<void> {
  await rm(identityPath(gitDir), { force: true });
}

function identityPath(gitDir: string): string {
  return join(gitDir, 'refpost', 'identity');
}
