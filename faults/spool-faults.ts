import { forbidWriting, mountDisk } from './disk.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { openScene, pushCommits, pushInVain, type Scene, settle, takeServerAway, workWith } from './scene.ts';

/** A disk that takes nothing, and one that other hosts see too. */
export async function* spoolFaults(bench: FaultBench): AsyncGenerator<Figure> {
  for (const [fault, options] of [
    ['a full disk', 'size=400k'],
    ['a disk without inodes', 'size=8m,nr_inodes=60'],
  ] as const) {
    const disk = mountDisk(bench, options);
    if (!disk) continue;
    const scene = await openScene(bench, { spool: disk.spool });
    yield await denied(scene, fault, denies => (denies ? disk.fill() : disk.empty()));
  }
  yield await readOnly(bench);
  for (const [name, type] of [
    ['NFS', 0x6969],
    ['FUSE', 0x65735546],
  ] as const) {
    yield await sharedBetweenHosts(bench, name, type);
  }
}

/** Root writes where no right to write is given: he needs a disk that takes nothing. */
async function readOnly(bench: FaultBench): Promise<Figure> {
  const disk = mountDisk(bench, 'size=8m');
  const scene = await openScene(bench, disk ? { spool: disk.spool } : {});
  const deny = disk?.setReadOnly ?? (denies => forbidWriting(scene.server.layout.root, denies));
  return denied(scene, 'a read-only spool', deny);
}

/** Pushes and workers fail on the spool while some wait in it, and then it can be written again. */
async function denied(scene: Scene, fault: string, deny: (denies: boolean) => void): Promise<Figure> {
  const { server } = scene;
  const bringBack = takeServerAway(scene);
  await pushCommits(scene, 2);
  await server.refpost('work', '--once');
  bringBack();
  await pushCommits(scene, 3);
  deny(true);
  await pushInVain(scene, 1);
  const worked = await server.refpost('work', '--once');
  const status = await server.refpost('status');
  deny(false);
  await server.refpost('work', '--once');
  await pushCommits(scene, 2);
  const broken = [
    ...(worked.code === 0 ? ['a worker says that all is well'] : []),
    ...(/bug in refpost/.test(worked.stderr + status.stderr) ? ['it is taken for a bug'] : []),
  ];
  return { ...(await settle(scene, fault)), broken };
}

/** Workers of two hosts on one spool: the second is refused at the least, and nothing that was pushed is lost by it. */
async function sharedBetweenHosts(bench: FaultBench, disk: string, type: number): Promise<Figure> {
  const scene = await openScene(bench);
  const bringBack = takeServerAway(scene);
  const broken: string[] = [];
  for (const host of ['one', 'two']) {
    await pushCommits(scene, 2);
    const env = { REFPOST_HOST: host, REFPOST_DISK: `${type}` };
    const { signal, stderr } = await workWith(scene, './on-network-disk.js', env, '--once');
    const refused = /is on a network disk/.test(stderr) && signal === null;
    // Where the type leaves it open, the first host may.
    if (refused !== (disk === 'NFS' || host === 'two')) broken.push(`host ${host}: ${stderr.trim()}`);
  }
  if (scene.inbox.received.length > 0) broken.push('mails were sent');
  bringBack();
  const figure = await settle(scene, `workers of two hosts share a spool on ${disk}`);
  return { ...figure, broken };
}
