import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { worldOf } from '../src/world.ts';
import { isClean, summaryOf } from './tally.ts';
import { type Watch, walkRepository } from './walk-repository.ts';

const USAGE = `npm run walk -- REPO [option]...

Announces the history of a repository push by push and checks every mail; stores and sends nothing. The pushes are the
steps of a branch by first parents, then every other branch and tag being created, then random ranges of the branch.
Each commit has to be announced once, none before its parents, and its mail has to show the diff that git prints.

  --branch NAME   the branch (the one that HEAD names)
  --limit N       only its last N steps, and as many of the other refs
  --stride N      N steps in one push (1)
  --ranges N      so many ranges (100)
  --seed N        which ranges (1)
  -c KEY=VALUE    a setting for this run, refpost.maxSize=90000; any number of them

Ctrl-C ends the walk and says what it came to.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    branch: { type: 'string' },
    limit: { type: 'string', default: 'Infinity' },
    stride: { type: 'string', default: '1' },
    ranges: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    c: { type: 'string', short: 'c', multiple: true, default: [] },
  },
});

const numbers = [values.limit, values.stride, values.ranges, values.seed].map(Number);
const [limit = 0, stride = 0, ranges = 0, seed = 0] = numbers;
if (positionals.length !== 1 || numbers.some(Number.isNaN) || stride < 1) {
  process.stderr.write(USAGE);
  process.exit(64);
}
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopped = true;
  });
}
const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const begun = Date.now();
const settings = values.c.map(text => {
  const [key = '', ...value] = text.split('=');
  return { key, value: value.join('=') };
});
const options = { branch: values.branch, limit, stride, ranges, seed, settings };
const tally = await walkRepository(worldOf(process, home), positionals[0] as string, options, watch());
process.stderr.write(process.stderr.isTTY ? '\r\x1b[K' : '');
process.stdout.write(`${summaryOf(tally)}\n${Math.round((Date.now() - begun) / 1000)} seconds\n`);
process.exitCode = isClean(tally) ? 0 : 1;

/** Faults on lines of their own; on a terminal, a line that says how far it is, twice a second. */
function watch(): Watch {
  const terminal = process.stderr.isTTY;
  let next = 0;
  return {
    stopped: () => stopped,
    report: sentence => process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${sentence}\n`),
    progress({ pushes, commits, mails }, all) {
      if (!terminal || Date.now() < next) return;
      next = Date.now() + 500;
      process.stderr.write(`\r\x1b[K${pushes} of ${all} pushes, ${commits} commits, ${mails} mails`);
    },
  };
}
