import { fileURLToPath } from 'node:url';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import type { Command } from './measure.ts';

const program = fileURLToPath(new URL('../../bin/refpost.js', import.meta.url));

/** The program as people run it. NODE_EXTRA_CA_CERTS is left out: on Node.js 20 to read it takes longer than to start. */
export function refpost(words: readonly string[]): Command {
  return { words: [process.execPath, program, ...words], env: gitEnvironment() };
}

/** Settings for one run, so that a repository stays as it is. */
export function settings(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([key, value]) => ['-c', `refpost.${key}=${value}`]);
}
