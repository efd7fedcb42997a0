import { randomBytes } from 'node:crypto';
import { openLedger } from '../announce/open-ledger.ts';
import { createSpool, refuseForeignSpool } from '../disk/create-spool.ts';
import { openDrop, pushId } from '../drop/drop.ts';
import { formatRecord } from '../drop/record.ts';
import { fault, OperatorError } from '../errors.ts';
import type { Limits } from '../git/network.ts';
import type { Push, RefUpdate } from '../model/push.ts';
import { scopeName } from '../model/push-plan.ts';
import type { World } from '../model/world.ts';
import { announcedOnly, isAnnounced, wholeScope } from '../plan/announced-refs.ts';
import { readIdentity } from '../repository/identity.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import { wakeWorker } from '../worker/wake.ts';
import { after, byPusher, changesBetween, isSame, type ToldUpdate } from './changes.ts';
import {
  fetchLimits,
  fetchMirror,
  followHead,
  isMirrored,
  listMirrored,
  listRemote,
  type Mirror,
  tidy,
} from './mirror.ts';

export interface LookOptions {
  readonly signal: AbortSignal;
  /** What webhooks have told of this repository, the oldest first. */
  readonly told?: readonly ToldUpdate[];
  /** Of a question, and of a fetch. */
  readonly ask?: Limits;
  readonly fetch?: Limits;
}

/**
 * One look at a mirror's server. Refs are asked for, and compared with what the ledger and the records say was announced or is to be; if all is
 * known that was all. Else they are fetched, and what is new in the mirror then is recorded, as a hook does it. Whatever dies
 * in between, and whoever else has fetched: the next look compares with the ledger again and records it then. Returns what was recorded.
 */
export async function look(
  world: World,
  mirror: Mirror,
  options: LookOptions,
): Promise<readonly RefUpdate[]> {
  const { workplace } = mirror;
  const { spool, shared, config, audiences } = workplace;
  const { signal, told = [], ask, fetch = fetchLimits(config.maxFetch) } = options;
  await createSpool(spool, shared);
  await refuseForeignSpool(spool, shared);
  const scope = wholeScope(audiences);
  const { refs: known, isRecorded } = await knownRefs(world, mirror);
  const remote = await listRemote(mirror, signal, ask);
  if (isSame(announcedOnly(remote, scope), known)) {
    // A worker may have been killed before it took a record.
    if (isRecorded) await wakeWorker(world, workplace);
    return [];
  }
  // A server that has lost its repository has none either, and all would be news when it comes back.
  if (remote.size === 0) throw fault.remoteEmpty(mirror.address.shown, mirror.git.gitDir);
  let failed: unknown;
  // Some refs may have moved all the same.
  await fetchMirror(mirror, fetch, signal).catch(error => (failed = error));
  const mirrored = await listMirrored(mirror);
  const updates = changesBetween(known, announcedOnly(mirrored, scope));
  for (const [pusher, group] of byPusher(updates, told)) await record(world, mirror, group, pusher);
  if (updates.length > 0 || isRecorded) await wakeWorker(world, workplace);
  if (failed !== undefined) throw failed;
  await followHead(mirror, mirrored, signal);
  await tidy(mirror, fetch, signal);
  return updates;
}

/** What is announced, or recorded to be. The first time it is what the mirror has. */
async function knownRefs(world: World, mirror: Mirror) {
  const { git, workplace } = mirror;
  const { spool, audiences } = workplace;
  const scope = wholeScope(audiences);
  const outbox = await outboxOf(world, workplace);
  // Records before the ledger: what is picked up in between is in both, and comes to the same.
  const recorded = (await openDrop(spool).readAll()).flatMap(({ record }) =>
    'push' in record && record.push.repository === git.gitDir && record.push.kind === 'push'
      ? [record.push]
      : [],
  );
  const found = await outbox.ledger(git.gitDir);
  const isOurs =
    found?.scope && found.identity !== undefined && found.identity === (await readIdentity(git.gitDir));
  const ledger = isOurs ? found : (await openLedger(outbox, git, scope, recorded)).ledger;
  const { scope: before = scope } = ledger;
  const refs = new Map(ledger.refs);
  // Refs of which nobody heard until now are no news as they are.
  if (scopeName(before) !== scopeName(scope))
    for (const [ref, id] of await listMirrored(mirror)) if (!isAnnounced(ref, before)) refs.set(ref, id);
  const updates = recorded.flatMap(push => push.updates);
  const known = [...announcedOnly(after(refs, updates), scope)].filter(([ref]) => isMirrored(ref, mirror));
  return { refs: new Map(known), isRecorded: recorded.length > 0 };
}

async function record(
  world: World,
  { git, workplace }: Mirror,
  updates: readonly RefUpdate[],
  pusher: string | undefined,
) {
  const identity = await readIdentity(git.gitDir);
  const time = world.now();
  const push: Push = {
    kind: 'push',
    id: pushId(time, randomBytes(4).toString('hex')),
    repository: git.gitDir,
    ...(identity === undefined ? {} : { identity }),
    time,
    updates,
    options: [],
    environment: pusher === undefined ? {} : { REMOTE_USER: pusher },
    overrides: [],
  };
  await openDrop(workplace.spool).store(push.id, formatRecord(push));
}

/** Where the ledger of a new mirror starts: with what is there. Nothing is announced. */
export async function startLedger(world: World, { git, workplace }: Mirror): Promise<void> {
  const { spool, shared, audiences } = workplace;
  await createSpool(spool, shared);
  await refuseForeignSpool(spool, shared);
  await openLedger(await outboxOf(world, workplace), git, wholeScope(audiences), []);
}

/** A failure in words for the outbox's status; a bug is for whoever reads the log. */
export function failureOf(error: unknown): { readonly words: string; readonly remedy: string } {
  if (error instanceof OperatorError) return { words: error.message, remedy: error.remedy };
  const words = error instanceof Error ? error.message : String(error);
  return { words: `this is a bug in refpost: ${words}`, remedy: 'please report it' };
}

/** Says it to who started the program. */
export function warn({ stderr }: World, error: unknown): void {
  const { words, remedy } = failureOf(error);
  stderr.write(`refpost: ${words}\n  ${remedy}\n`);
}
