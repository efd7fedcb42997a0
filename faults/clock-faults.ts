import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { openScene, pushCommits, settle, workWith } from './scene.ts';

/** A clock that goes wrong and is set right again: what was recorded and put off by it waits no longer than it has to. */
export async function* clockFaults(bench: FaultBench): AsyncGenerator<Figure> {
  for (const hours of bench.options.short ? [24] : [-24, -1, 1, 24]) yield await wrongClock(bench, hours);
}

async function wrongClock(bench: FaultBench, hours: number): Promise<Figure> {
  const scene = await openScene(bench);
  const path = `${folderWithDate(bench, hours)}:${process.env.PATH}`;
  await pushCommits(scene, 2);
  await pushCommits(scene, 2, { PATH: path });
  scene.inbox.play({ at: 'RCPT', reply: '451 4.7.1 greylisted, come back' });
  const worked = await workWith(scene, './shift-clock.js', { REFPOST_CLOCK_SHIFT: String(hours) }, '--once');
  scene.inbox.play();
  if (worked.code !== 75) throw new Error(`nothing was put off: ${worked.code} ${worked.stderr}`);
  await pushCommits(scene, 2);
  const way = hours < 0 ? 'slow' : 'fast';
  return settle(scene, `a clock that was ${Math.abs(hours)} h ${way} and is set right`);
}

/** A folder in which `date` tells another time. */
function folderWithDate(bench: FaultBench, hours: number): string {
  const folder = temporaryFolder(bench);
  const date = join(folder, 'date');
  const seconds = `$(( $(/bin/date +%s) + ${hours} * 3600 ))`;
  writeFileSync(date, `#!/bin/sh\nexec /bin/date -d "@${seconds}" "$@"\n`);
  chmodSync(date, 0o755);
  return folder;
}
