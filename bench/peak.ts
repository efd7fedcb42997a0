import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { programCommand } from '../src/hook/worker.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';

const REPORTER = new URL('./report-peak.js', import.meta.url).href;

const HOME = fileURLToPath(new URL('../..', import.meta.url));

/** Runs refpost to its end, as the hook starts it: the peak of its own memory in MB, children apart, and the milliseconds it took. */
export async function peakOf(
  words: readonly string[],
): Promise<{ readonly peak: number; readonly took: number }> {
  const [node = '', ...program] = programCommand(HOME);
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
  return { peak: Number(await report) / 1024, took };
}
