import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import type { Command } from './measure.ts';

/** A checkout of refpost that is built, and the name of its times. */
export interface Build {
  readonly name: 'ours' | 'against';
  readonly home: string;
}

export const OURS: Build = { name: 'ours', home: fileURLToPath(new URL('../..', import.meta.url)) };

/** The program as people run it. NODE_EXTRA_CA_CERTS is left out: on Node.js 20 to read it takes longer than to start. */
export function refpost(words: readonly string[], { home }: Pick<Build, 'home'> = OURS): Command {
  return { words: [process.execPath, join(home, 'bin', 'refpost.js'), ...words], env: gitEnvironment() };
}

/** Settings for one run, so that a repository stays as it is. */
export function settings(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => ['-c', `refpost.${key}=${value}`]);
}
