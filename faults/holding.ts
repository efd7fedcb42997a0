import { readdirSync, readFileSync } from 'node:fs';

/** What a worker and its spool hold after some pushes, and what a push took. */
export interface Holding {
  /** Of memory that the worker has, in megabytes. */
  readonly megabytes: number;
  readonly descriptors: number;
  /** In the spool, finished pushes aside: these it keeps on purpose. */
  readonly files: number;
  /** From the push to its last mail, in units of a push to a repository without refpost at the same time. */
  readonly pushes: number;
}

/**
 * How much more may be held late than early. Wide enough for what a process takes while it warms up, and for another load on
 * the machine; what grows with each push is over it after some thousands.
 */
const MARGINS: { readonly [name in keyof Holding]: (early: number) => number } = {
  megabytes: early => early * 1.25 + 25,
  descriptors: early => early + 3,
  files: early => early + 2,
  pushes: early => early * 1.5 + 0.5,
};

export function holding(worker: number, spool: string, pushes: number): Holding {
  const status = readFileSync(`/proc/${worker}/status`, 'utf8');
  return {
    megabytes: Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) / 1024,
    descriptors: readdirSync(`/proc/${worker}/fd`).length,
    files: filesIn(spool),
    pushes,
  };
}

/** Names in a spool, without those of finished pushes. */
export function filesIn(spool: string): number {
  const names = readdirSync(spool, { recursive: true, encoding: 'utf8' });
  return names.filter(name => !/^done\/./.test(name)).length;
}

/** `60-61 MB, 25-25 fds, ...` */
export function change(early: Holding, late: Holding): string {
  const pair = (name: keyof Holding, digits = 0) =>
    `${early[name].toFixed(digits)}-${late[name].toFixed(digits)}`;
  return `${pair('megabytes')} MB, ${pair('descriptors')} fds, ${pair('files')} files, ${pair('pushes', 1)} × git push`;
}

/** What has grown past its margin, a sentence each. */
export function grown(early: Holding, late: Holding): string[] {
  const names = Object.keys(MARGINS) as (keyof Holding)[];
  return names
    .filter(name => !(late[name] <= MARGINS[name](early[name])))
    .map(name => `${name} grew from ${early[name].toFixed(1)} to ${late[name].toFixed(1)}`);
}
