import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import type { FaultBench } from './fault-bench.ts';

/** A disk of its own for a spool. */
export interface Disk {
  readonly spool: string;
  /** Neither room nor a place for a file is left. */
  fill(): void;
  empty(): void;
  setReadOnly(readOnly: boolean): void;
  /** @param size as in tmpfs(5): not less than what lies there */
  resize(size: string): void;
}

/**
 * A small file system in memory; undefined where only root could mount one.
 * @param options of tmpfs(5)
 */
export function mountDisk(bench: FaultBench, options: string): Disk | undefined {
  const folder = temporaryFolder({ after: () => {} });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'refpost-faults', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  bench.after(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  const filler = join(folder, 'filler');
  const remount = (option: string) =>
    void execFileSync('mount', ['-o', `remount,${option}`, folder], { stdio: 'ignore' });
  return {
    spool: join(folder, 'spool'),
    fill: () => fill(filler),
    empty: () => rmSync(filler, { recursive: true }),
    setReadOnly: readOnly => remount(readOnly ? 'ro' : 'rw'),
    resize: size => remount(`size=${size}`),
  };
}

/** Large files first, and then as many empty ones as there is a place for. */
function fill(folder: string): void {
  mkdirSync(folder);
  for (const size of [4096, 0]) {
    try {
      for (let at = 0; at < MOST; at++) writeFileSync(join(folder, `${size}-${at}`), Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

const MOST = 5000;

/** For whoever is not root: the folders of a spool without the right to write. */
export function forbidWriting(spool: string, forbidden: boolean): void {
  const inside = readdirSync(spool, { recursive: true, withFileTypes: true });
  const folders = inside.filter(each => each.isDirectory()).map(each => join(each.parentPath, each.name));
  for (const folder of [spool, ...folders]) chmodSync(folder, forbidden ? 0o500 : 0o700);
}
