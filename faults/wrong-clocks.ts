import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refpostProgram } from '../test/fixtures/server-repository.ts';

export type WrongClocks = ReturnType<typeof wrongClocks>;

const SHIFT = `--import=${new URL('./shift-clock.js', import.meta.url).href}`;
const [node = '', ...program] = refpostProgram;

/** Clocks of programs that are wrong by some hours each; in files, which may be changed meanwhile. */
export function wrongClocks(folder: string) {
  const files: string[] = [];
  return {
    files,
    /** For the environment of programs that have one in common. */
    another(): NodeJS.ProcessEnv {
      const file = join(folder, `clock-${files.length}`);
      setClock(file);
      files.push(file);
      return { REFPOST_CLOCK: file };
    },
    /** The same, of programs that are started here. */
    preload: { NODE_OPTIONS: SHIFT },
    /** Of a repository: a hook lets nothing of the pusher's node reach its worker. */
    settings: { 'refpost.command': [node, SHIFT, ...program].join(' ') },
  };
}

/** Up to six hours, back or forth. */
export function setClock(file: string): void {
  writeFileSync(file, `${Math.round((Math.random() - 0.5) * 12 * 3_600_000)}`);
}
