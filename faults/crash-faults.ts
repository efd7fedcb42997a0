import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { noteUnsure, openScene, pushCommits, settle, TWO_AUDIENCES, workWith } from './scene.ts';

const COMMITS = 2;
/** How many operations to go on by in a short run: one that shares no factor with how often things repeat. */
const SHORT_STEP = 13;

/** The worker dies after the n-th thing that it does to the disk, for every n from its start to its end. */
export async function* crashFaults(bench: FaultBench): AsyncGenerator<Figure> {
  for (const torn of [false, true]) {
    yield crashEverywhere(bench, torn);
    yield crashEverywhere(bench, torn, TWO_AUDIENCES);
  }
}

async function crashEverywhere(
  bench: FaultBench,
  torn: boolean,
  special?: Parameters<typeof openScene>[1],
): Promise<Figure> {
  const scene = await openScene(bench, special);
  const step = bench.options.short ? SHORT_STEP : 1;
  let points = 0;
  for (let at = torn ? step : 1; ; at += step) {
    // What an earlier crash left is done with, so that each one meets a push from its beginning.
    if (!scene.server.isSettled()) await scene.server.refpost('work', '--drain');
    await pushCommits(scene, COMMITS);
    const env = { REFPOST_CRASH_AT: String(at), REFPOST_CRASH_TORN: torn ? 'yes' : 'no' };
    const ended = await workWith(scene, './crash-at.js', env, '--once');
    if (ended.signal !== 'SIGKILL') break;
    points++;
    await noteUnsure(scene);
  }
  const what = torn ? 'in the middle of' : 'after';
  const whom = special === TWO_AUDIENCES ? ', two audiences' : '';
  return settle(scene, `the worker dies ${what} the n-th change of the disk (${points} points${whom})`);
}
