import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { programCommand } from '../src/hook/worker.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import type { Build } from './refpost.ts';

const REPORTER = new URL('./report-peak.js', import.meta.url).href;

export interface Peak {
  /** Of its own memory in MB, children apart. */
  readonly peak: number;
  /** Milliseconds. */
  readonly took: number;
  /** Milliseconds of the processor that it and its children took, to ten of them. */
  readonly cpu: number;
}

/** Runs refpost to its end, as the hook starts it. */
export async function peakOf(words: readonly string[], { home }: Build): Promise<Peak> {
  const [node = '', ...program] = programCommand(home);
  const begin = performance.now();
  const child = spawn(node, ['--import', REPORTER, ...program, ...words], {
    env: gitEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const complaints = text(child.stderr as Readable);
  const report = text(child.stdio[3] as Readable);
  const [code] = await once(child, 'exit');
  const took = performance.now() - begin;
  if (code !== 0) throw new Error(`refpost ${words.join(' ')} ended with ${code}: ${await complaints}`);
  const [most = 0, ticks = 0] = (await report).split(' ').map(Number);
  return { peak: most / 1024, took, cpu: 10 * ticks };
}
