import { createHash } from 'node:crypto';
import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';
import { readKinds, readRefs, resolveName } from '../git/questions.ts';
import type { Override, Push } from '../model/push.ts';
import { isZero, type RefUpdate } from '../model/ref-update.ts';

/** What a person asks `refpost notify` to announce, in his own words. */
export interface Asked {
  readonly old: string;
  readonly new: string;
  readonly ref: string;
  readonly overrides: readonly Override[];
}

/** The push that a person describes: what lies between two revisions on a ref. */
export async function askedPush(git: Git, now: number, asked: Asked): Promise<Push> {
  const update = await resolveUpdate(git, asked);
  const hash = createHash('sha256').update(`${now} ${update.old} ${update.new} ${update.ref}`).digest('hex');
  const stamp = new Date(now).toISOString().replace(/[-:]|\..*$/g, '');
  return {
    kind: 'notify',
    id: `${stamp}-${hash.slice(0, 8)}`,
    repository: git.gitDir,
    time: now,
    updates: [update],
    options: [],
    environment: {},
    overrides: asked.overrides,
  };
}

async function resolveUpdate(git: Git, { old, new: fresh, ref }: Asked): Promise<RefUpdate> {
  const [oldId, newId] = [await resolveEnd(git, old), await resolveEnd(git, fresh)];
  if (isZero(oldId) && isZero(newId)) throw fault.nothingBetweenZeros();
  const width = (isZero(oldId) ? newId : oldId).length;
  const end = (id: string) => (isZero(id) ? '0'.repeat(width) : id);
  return { ref: await fullRef(git, ref), old: end(oldId), new: end(newId) };
}

async function resolveEnd(git: Git, name: string): Promise<string> {
  if (isZero(name)) return name;
  const id = await resolveName(git, name);
  if (id === undefined) throw fault.unknownRevision(name, git.gitDir);
  // rev-parse takes any full object name for granted.
  if ((await readKinds(git, [id])).get(id)?.type === 'missing') throw fault.missingObject(id, git.gitDir);
  return id;
}

/** A full ref name is taken as it is, so that a deleted ref can be announced; a short one must stand for one ref. */
async function fullRef(git: Git, name: string): Promise<string> {
  if (name.startsWith('refs/')) return name;
  const refs = await readRefs(git);
  const found = ['refs/', 'refs/heads/', 'refs/tags/', 'refs/remotes/']
    .map(prefix => prefix + name)
    .filter(ref => refs.has(ref));
  if (found.length > 1) throw fault.ambiguousRef(name, found);
  if (found[0] === undefined) throw fault.unknownRef(name, git.gitDir);
  return found[0];
}
