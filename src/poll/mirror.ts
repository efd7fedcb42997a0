import { lstatSync, realpathSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { fault, OperatorError } from '../errors.ts';
import { networkEnvironment } from '../git/environment.ts';
import type { Git } from '../git/git.ts';
import { type Limits, talk, unfinishedPacks } from '../git/network.ts';
import { openGitDir } from '../git/open-repository.ts';
import { readHead, readRefs } from '../git/questions.ts';
import { isRefName, refFromBytes } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { wholeScope } from '../plan/announced-refs.ts';
import { mirrorRemote } from '../repository/mirror-state.ts';
import { listSettings, type Tolerated, tolerated } from '../repository/workplace.ts';
import { type RemoteAddress, readAddress } from './remote-address.ts';

/** A bare repository that has the refs of another server's, and its settings. */
export interface Mirror {
  readonly git: Git;
  readonly workplace: Tolerated;
  /** What git calls the other one. */
  readonly remote: string;
  readonly address: RemoteAddress;
  /** Folders of refs that are mirrored: `refs/heads`, `refs/tags`, and others of which somebody hears. */
  readonly folders: readonly string[];
  readonly now: () => number;
  /** A git that talks to the server. */
  ask(args: readonly string[], limits: Limits, signal: AbortSignal): Promise<Buffer>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GIB = 2 ** 30;

/** To ask for refs; 5,000 of them are half a megabyte. */
export const ASK: Limits = {
  silence: 2 * MINUTE,
  time: 5 * MINUTE,
  output: 1 << 26,
  disk: 1 << 20,
  memory: GIB,
};

/** @param maxFetch refpost.maxFetch */
export function fetchLimits(maxFetch: number): Limits {
  const memory = Math.min(4 * GIB, totalmem() / 2);
  return { silence: 10 * MINUTE, time: 12 * HOUR, output: 1 << 26, disk: maxFetch, memory };
}

/** What git is told whenever it talks to a server: HTTP has limits of its own, and nothing goes on after its end. */
export const NETWORK = [
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=60',
  'gc.autoDetach=false',
  'fetch.unpackLimit=1',
].flatMap(setting => ['-c', setting]);

/** Opens a mirror by the absolute path of its git directory. A repository into which people push is refused: a fetch would overwrite that. */
export async function openMirror(world: World, folder: string): Promise<Mirror> {
  const gitDir = realpathSync(folder);
  const git = openGitDir(gitDir, world.env);
  const entries = await listSettings(git);
  const last = (key: string) => entries.findLast(entry => entry.key === key)?.value;
  const remote = mirrorRemote(entries);
  if (remote === undefined) throw fault.notMirror(gitDir);
  const address = addressOf(last(`remote.${remote}.url`) ?? '');
  const workplace = tolerated(world, git, entries, []);
  const server = address.shown;
  const environment = networkEnvironment(world.env, gitDir, last('core.sshcommand'));
  return {
    git,
    workplace,
    remote,
    address,
    now: world.now,
    folders: foldersOf(wholeScope(workplace.audiences).refs),
    ask: (args, limits, signal) =>
      talk({ gitDir, environment, args: [...NETWORK, ...args], server }, limits, signal),
  };
}

/** Of a repository that is a mirror already: git has its password, if it has one. */
function addressOf(url: string): RemoteAddress {
  const plain = url.startsWith('/') ? `file://${url}` : url.replace(/(:\/\/[^/@:]*):[^/@]*@/, '$1@');
  const read = readAddress(plain);
  if ('wrong' in read) throw fault.addressWrong(url.replace(/\/\/.*@/, '//'), read.wrong);
  return read;
}

/** `refs/notes/review` → refs/notes. */
function foldersOf(patterns: readonly string[]): string[] {
  const named = patterns.map(pattern => /^refs\/[^/*?[\\]+(?=\/|$)/.exec(pattern)?.[0] ?? 'refs');
  const all = new Set(['refs/heads', 'refs/tags', ...named]);
  return all.has('refs') ? ['refs'] : [...all];
}

/** The refs of the server, by one question: nothing is fetched. */
export async function listRemote(
  mirror: Mirror,
  signal: AbortSignal,
  limits = ASK,
): Promise<Map<string, string>> {
  const { remote, folders } = mirror;
  // With these the server leaves out the others, such as those of pull requests (protocol version 2, ref-prefix).
  const few = folders.every(folder => /^refs\/(heads|tags)$/.test(folder)) ? ['--heads', '--tags'] : [];
  const output = await mirror.ask(['ls-remote', '--refs', ...few, remote], limits, signal);
  const refs = new Map<string, string>();
  // <id> TAB <ref> LF
  for (const line of output.toString('latin1').split('\n')) {
    const [, id, name = ''] = /^([0-9a-f]{40}|[0-9a-f]{64})\t(refs\/[^ ]+)$/.exec(line) ?? [];
    const ref = refFromBytes(Buffer.from(name, 'latin1'));
    if (id !== undefined && isRefName(ref) && isMirrored(ref, mirror)) refs.set(ref, id);
  }
  return refs;
}

/** The refs of the mirror, those that are the server's. */
export async function listMirrored(mirror: Mirror): Promise<Map<string, string>> {
  return new Map([...(await readRefs(mirror.git))].filter(([ref]) => isMirrored(ref, mirror)));
}

/** True for a ref that is the server's: others, such as those of a namespace, are left alone. */
export function isMirrored(ref: string, { folders }: Mirror): boolean {
  return folders.some(folder => ref.startsWith(`${folder}/`));
}

/** Brings the mirror up to date: new refs, moved ones, whichever way, and those that are gone. */
export async function fetchMirror(mirror: Mirror, limits: Limits, signal: AbortSignal): Promise<void> {
  const { git, remote, folders } = mirror;
  const packs = join(git.gitDir, 'objects', 'pack');
  const before = new Set(unfinishedPacks(packs));
  const refspecs = folders.map(folder => `+${folder}/*:${folder}/*`);
  const options = ['--prune', '--force', '--no-tags', '--refmap=', '--no-write-fetch-head', '--no-auto-gc'];
  const quiet = ['--no-recurse-submodules', '--progress'];
  try {
    await mirror.ask(['fetch', ...options, ...quiet, remote, ...refspecs], limits, signal);
  } catch (error) {
    // git leaves what it has of a pack. Nobody else fetches here.
    for (const name of unfinishedPacks(packs))
      if (!before.has(name)) rmSync(join(packs, name), { force: true });
    if (error instanceof OperatorError) removeOldLock(mirror, error.message);
    throw error;
  }
}

/** A git that was killed may have left the lock of a ref, and each fetch would fail from then on. */
function removeOldLock({ git, now }: Mirror, words: string): void {
  const [, path] = /Unable to create '([^']+\.lock)': File exists/.exec(words) ?? [];
  if (path === undefined || !path.startsWith(`${git.gitDir}/`) || path.includes('/../')) return;
  if (isOld(path, now())) rmSync(path, { force: true });
}

export function isOld(path: string, now: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && now - found.mtimeMs > HOUR;
}

/** Where the branch of HEAD is gone, the server's is another one now: it is that which people hear of first. */
export async function followHead(
  mirror: Mirror,
  refs: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const head = await readHead(mirror.git);
  if (refs.size === 0 || head === undefined || refs.has(head)) return;
  const answer = await mirror.ask(['ls-remote', '--symref', mirror.remote, 'HEAD'], ASK, signal);
  const named = headIn(answer.toString('latin1'));
  if (named && refs.has(named)) await mirror.git.ask(['symbolic-ref', 'HEAD', named]);
}

/** `ref: refs/heads/main TAB HEAD`: as git ls-remote --symref has it. */
export function headIn(answer: string): string | undefined {
  const [, head = ''] = /^ref: (refs\/heads\/[^ \t]+)\tHEAD$/m.exec(answer) ?? [];
  return isRefName(head) ? head : undefined;
}

/** Packs and prunes where there is enough to do; in the foreground. */
export async function tidy(mirror: Mirror, limits: Limits, signal: AbortSignal): Promise<void> {
  await mirror.ask(
    ['gc', '--auto', '--quiet'],
    { ...limits, silence: limits.time, disk: Number.POSITIVE_INFINITY },
    signal,
  );
}
