import { setTimeout as sleep } from 'node:timers/promises';
import { type Ended, type Running, start } from '../test/fixtures/processes.ts';
import { refpostProgram } from '../test/fixtures/server-repository.ts';
import type { FaultBench } from './fault-bench.ts';

/** A program that somebody starts again when it has ended, as systemd does. */
export interface Service {
  readonly pid: number;
  /** Ends it for good; returns how each of its runs has ended that nobody killed. */
  stop(): Promise<readonly Ended[]>;
}

export function keepUp(
  bench: FaultBench,
  words: readonly string[],
  where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Service {
  let running: Running;
  let isOver = false;
  const ends: Ended[] = [];
  const started = () => {
    running = start([...refpostProgram, ...words], where);
    void running.ended.then(async end => {
      if (end.signal !== 'SIGKILL') ends.push(end);
      await sleep(200);
      if (!isOver) started();
    });
  };
  started();
  bench.after(() => {
    isOver = true;
    running.child.kill('SIGKILL');
  });
  return {
    get pid() {
      return running.child.pid ?? 0;
    },
    stop: async () => {
      isOver = true;
      running.child.kill('SIGTERM');
      await running.ended;
      return ends;
    },
  };
}
