import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SpoolLayout } from '../src/model/spool-layout.ts';
import { TestRepository, temporaryFolder } from '../test/fixtures/repository.ts';
import { randomFrom } from './damage.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { NAMES, type Outside, THINGS } from './hostile-things.ts';
import { openScene, pushCommits, type Scene, settle } from './scene.ts';

/** Somebody else who may write into the spool puts things into it while pushes are mailed: nothing outside changes, nothing runs, and each push is mailed. */
export async function* hostileFaults(bench: FaultBench): AsyncGenerator<Figure> {
  for (const kind of Object.keys(THINGS)) yield await putMany(bench, kind);
  yield await linkFolders(bench);
}

/** Folders into which things are put, and files in whose place. */
const FOLDERS = [
  'dropNew',
  'dropTmp',
  'dropBad',
  'dropHeld',
  'queue',
  'done',
  'failed',
  'ledger',
  'root',
] as const;
const FILES = ['lock', 'log', 'startError'] as const;

async function putMany(bench: FaultBench, kind: string): Promise<Figure> {
  const scene = await openScene(bench);
  const { server } = scene;
  const outside = openOutside(bench);
  const random = randomFrom(bench.options.seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const broken: string[] = [];
  const times = bench.options.damages;
  await pushCommits(scene, 1);
  const [id = ''] = readdirSync(server.layout.dropNew);
  const record = readFileSync(join(server.layout.dropNew, id), 'utf8');
  for (let time = 0; time < times; time++) {
    await pushCommits(scene, 1);
    const paths = places(server.layout, kind, pick).filter(path => makeWay(path));
    const before = stateOf(outside);
    for (const path of paths) pick(THINGS[kind] ?? [])(path, outside, record);
    const where = paths
      .map(path => JSON.stringify(path.slice(server.layout.root.length + 1).slice(0, 40)))
      .join(', ');
    const worked = await server.refpost('work', '--once');
    for (const command of ['status', 'outbox']) await server.refpost(command);
    await pushCommits(scene, 1);
    await server.refpost('work', '--once');
    if (/bug in refpost/.test(worked.stderr))
      broken.push(`it is taken for a bug (${where}): ${worked.stderr.split('\n')[1]}`);
    for (const path of paths) rmSync(path, { recursive: true, force: true });
    if (stateOf(outside) !== before) broken.push(`something outside has changed (${where})`);
    const missing = await missed(scene);
    if (missing > 0) broken.push(`${missing} mails wait for what was put there (${where})`);
  }
  const figure = await settle(scene, `a hostile writer in the spool: ${kind} (${times} times)`);
  return { ...figure, broken };
}

/** Names in a few folders, and the place of one file. Records lie among records. */
function places(layout: SpoolLayout, kind: string, pick: <T>(from: readonly T[]) => T): string[] {
  const folders = kind.startsWith('records') ? (['dropNew'] as const) : FOLDERS;
  const inside = Array.from({ length: 4 }, () => join(layout[pick(folders)], pick(NAMES)));
  return [...new Set([...inside, ...(kind.startsWith('records') ? [] : [layout[pick(FILES)]])])];
}

/** Takes away the worker's own file; false where there is something else that is needed. */
function makeWay(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) rmSync(path);
  return !found || found.isFile();
}

/** No worker works in a folder that is a link to one outside. Once it is put right, all is mailed. */
async function linkFolders(bench: FaultBench): Promise<Figure> {
  const scene = await openScene(bench);
  const { layout, refpost } = scene.server;
  const outside = openOutside(bench);
  const before = stateOf(outside);
  const broken: string[] = [];
  for (const name of FOLDERS.filter(name => name !== 'root')) {
    await pushCommits(scene, 1);
    await refpost('work', '--once');
    await pushCommits(scene, 1);
    const path = layout[name];
    renameSync(path, `${path}.away`);
    symlinkSync(outside.folder, path);
    const worked = await refpost('work', '--once');
    for (const command of ['status', 'outbox', 'doctor']) await refpost(command);
    rmSync(path);
    renameSync(`${path}.away`, path);
    if (stateOf(outside) !== before) broken.push(`something outside has changed (${name})`);
    if (worked.code === 0) broken.push(`a worker says that all is well (${name})`);
  }
  return { ...(await settle(scene, 'a hostile writer in the spool: links in the place of folders')), broken };
}

function openOutside(bench: FaultBench): Outside {
  const root = temporaryFolder(bench);
  const folder = join(root, 'folder');
  mkdirSync(folder);
  const file = join(folder, 'precious');
  writeFileSync(file, 'precious\n');
  // Old, and by name what a worker sweeps.
  for (const name of ['.tmp-1', '20200101T000000-0badc0de', '00000001-20200101T000000-0badc0de']) {
    writeFileSync(join(folder, name), `${name}\n`);
    utimesSync(join(folder, name), 1, 1);
  }
  const repository = new TestRepository(join(root, 'other.git'), '--bare').folder;
  return { file, folder, repository, trace: join(root, 'trace') };
}

/** All that a reader can see of it: names, rights, times and contents. */
function stateOf({ folder, repository, trace }: Outside): string {
  const within = (root: string) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .map(name => {
        const path = join(root, name);
        const { mode, mtimeMs, size } = lstatSync(path);
        return [name, mode, mtimeMs, size].join(' ');
      });
  const texts = [...within(folder), ...within(repository), readFileSync(join(folder, 'precious'), 'utf8')];
  return [...texts, existsSync(trace) ? 'a command was run' : ''].join('\n');
}

/** How many mails of what was pushed have not come. */
async function missed({ pushes, inbox, server }: Scene): Promise<number> {
  return server.isSettled() ? 0 : pushes.flat().length * 2 - inbox.received.flatMap(({ to }) => to).length;
}
