import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configError } from '../config/config-fault.ts';
import { parseListing } from '../config/listing.ts';
import { readConfig } from '../config/read-config.ts';
import { duration } from '../config/value-type.ts';
import { EX, fault } from '../errors.ts';
import { withoutPasswords } from '../git/network.ts';
import { askOutside } from '../git/open-repository.ts';
import type { Config } from '../model/config.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { noteMirror, readMirror } from '../repository/mirror-state.ts';
import { openLog } from '../worker/log.ts';
import type { ToldUpdate } from './changes.ts';
import { failureOf, look, startLedger, warn } from './look.ts';
import { makeMirror, mirrorsBelow } from './make-mirror.ts';
import { fetchLimits, listMirrored, type Mirror, openMirror } from './mirror.ts';
import { isAddress, type RemoteAddress, readAddress } from './remote-address.ts';
import { openRounds, POLITE } from './rounds.ts';
import { listen } from './webhook.ts';

export interface PollOptions {
  /** Addresses, or folders of mirrors; none: all that are there. */
  readonly named: readonly string[];
  /** As people write it: `5m`. */
  readonly every: string;
  readonly once: boolean;
  /** In place of refpost.mirrors. */
  readonly mirrors: string | undefined;
  /** Where webhooks come in; undefined: nowhere. */
  readonly listen?: string;
}

/** Moves of refs that webhooks tell of are remembered until they are seen; so many for a mirror. */
const MOST_TOLD = 1000;

/** `refpost poll` and `refpost webhook`: keeps mirrors, and records what is new. Returns the exit code. */
export async function poll(world: World, options: PollOptions, signal: AbortSignal): Promise<number> {
  const every = duration('1s', '30d').read(options.every, undefined);
  if ('wrong' in every) throw fault.everyWrong(options.every, every.wrong);
  const { maxFetch, webhookSecretFile, ...config } = await ownSettings(world);
  const { mirrors = config.mirrors } = options;
  const root = mirrors === undefined ? undefined : resolve(world.cwd, mirrors);
  const named = targets(world, options.named, root);
  const folders = () => (named.size > 0 ? [...named.keys()] : mirrorsBelow(root ?? ''));
  if (folders().length === 0) throw fault.noMirrors(root ?? '');
  const poller = openPoller(world, named, maxFetch, signal);
  // What is wrong with what a person names is said at once.
  for (const [folder, address] of named) if (!address) await poller.open(folder);
  const rounds = openRounds({ ...POLITE, every: every.value }, poller.lookAt, signal);
  if (options.once) return (await rounds.once(folders())) ? EX.OK : EX.UNAVAILABLE;
  const { known } = poller;
  const tell = (folder: string, updates: readonly ToldUpdate[]) => {
    poller.remember(folder, updates);
    rounds.ring(folder);
  };
  // A bell may come before the first look. What is wrong with one is said by its look.
  if (options.listen !== undefined)
    for (const folder of folders()) await poller.open(folder).catch(() => undefined);
  const server =
    options.listen === undefined
      ? undefined
      : await listen(world, options.listen, webhookSecretFile, { known, tell });
  await rounds.stay(folders).finally(() => server?.close());
  return EX.OK;
}

/** A move that was told, and when, in milliseconds since 1970. */
interface Remembered extends ToldUpdate {
  readonly at: number;
}

/** A server may tell of a push a moment before all of it shows it. For so long it is looked for again, in milliseconds. */
const LOOKED_FOR = 12_000;

/** What is known of the mirrors from one look to the next. */
function openPoller(
  world: World,
  named: ReadonlyMap<string, RemoteAddress | undefined>,
  maxFetch: number,
  signal: AbortSignal,
) {
  const told = new Map<string, readonly Remembered[]>();
  /** Mirrors by what the addresses of their repositories have in common. */
  const known = new Map<string, string>();

  async function open(folder: string): Promise<Mirror> {
    const mirror = await openMirror(world, folder);
    known.set(mirror.address.key, folder);
    return mirror;
  }

  /** A new mirror starts with what is there. */
  async function make(folder: string): Promise<boolean> {
    const address = named.get(folder);
    if (!address || !(await makeMirror(world, address, folder, fetchLimits(maxFetch), signal))) return false;
    const mirror = await open(folder);
    await startLedger(world, mirror);
    const refs = (await listMirrored(mirror)).size;
    say(world, mirror, 'mirrored', { refs });
    // A page for a login looks like one that is empty, too.
    if (refs === 0) warn(world, fault.mirrorEmpty(address.shown, folder));
    return true;
  }

  /** `soon` where something was told just now that is not to be seen yet. */
  async function bring(mirror: Mirror, folder: string): Promise<true | 'soon'> {
    const moves = told.get(folder) ?? [];
    const updates = await look(world, mirror, { signal, told: moves });
    const isSeen = ({ ref }: ToldUpdate) => updates.some(update => update.ref === ref);
    // Others may have come meanwhile.
    const left = (told.get(folder) ?? []).filter(move => !moves.includes(move) || !isSeen(move));
    told.set(folder, left);
    if (updates.length > 0) say(world, mirror, 'polled', { refs: updates.length });
    return left.some(({ at }) => Math.abs(world.now() - at) < LOOKED_FOR) ? 'soon' : true;
  }

  /** Never rejects: what fails is said, and noted for the status of its outbox. False then. */
  async function lookAt(folder: string): Promise<boolean | 'soon'> {
    let mirror: Mirror | undefined;
    try {
      const isNew = await make(folder);
      mirror = await open(folder);
      const went = isNew || (await bring(mirror, folder));
      await note(world, mirror, undefined);
      return went;
    } catch (error) {
      if (signal.aborted) return false;
      const { words, remedy } = failureOf(error);
      if (mirror) {
        // Of this process or one before, as where cron starts each.
        const { since = world.now() } = readMirror(mirror.workplace.spool, mirror.git.gitDir) ?? {};
        say(world, mirror, 'unpolled', { reason: `${words}; ${remedy}` });
        await note(world, mirror, { since, words, remedy }).catch(() => undefined);
      } else warn(world, error);
      return false;
    }
  }

  function remember(folder: string, updates: readonly ToldUpdate[]): void {
    const more = updates.map(update => ({ ...update, at: world.now() }));
    told.set(folder, [...(told.get(folder) ?? []), ...more].slice(-MOST_TOLD));
  }

  return { open, lookAt, remember, known };
}

/** Settings that no repository has: those of the user and the system. */
async function ownSettings({ env }: World): Promise<Config> {
  const listing = await askOutside(env).ask(['config', '--list', '-z', '--show-origin', '--show-scope']);
  const { config, faults } = readConfig(parseListing(listing), [], env.HOME);
  const ours = faults.filter(({ key }) => /^refpost\.(mirrors|maxfetch|webhooksecretfile)$/i.test(key));
  if (ours.length > 0) throw configError(ours);
  return config;
}

/** The folders of what was named, with the address of those that may have to be made. */
function targets({ cwd }: World, named: readonly string[], root: string | undefined) {
  if (named.length === 0 && root === undefined) throw fault.noMirrorFolder();
  const found = new Map<string, RemoteAddress | undefined>();
  for (const text of named) {
    const folder = resolve(cwd, text);
    if (!text.startsWith('-') && (!isAddress(text) || existsSync(folder))) {
      if (!existsSync(join(folder, 'objects'))) throw fault.notARepository(folder);
      found.set(realpathSync(folder), undefined);
      continue;
    }
    const address = readAddress(text);
    if ('wrong' in address) throw fault.addressWrong(withoutPasswords(text), address.wrong);
    if (address.folder === undefined) throw fault.addressUnnamed(address.shown);
    if (root === undefined) throw fault.noMirrorFolder();
    found.set(join(root, address.folder), address);
  }
  return found;
}

function say(
  world: World,
  { git, workplace, address }: Mirror,
  event: string,
  fields: Record<string, string | number>,
): void {
  const log = openLog(world, spoolLayout(workplace.spool).log, workplace.config.logFormat);
  log(event, { repository: git.gitDir, server: address.shown, ...fields });
  log.close();
}

function note(
  world: World,
  { git, workplace, address }: Mirror,
  failed: { since: number; words: string; remedy: string } | undefined,
) {
  return noteMirror(workplace.spool, {
    repository: git.gitDir,
    address: address.shown,
    at: world.now(),
    ...failed,
  });
}
