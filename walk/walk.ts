import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { worldOf } from '../src/world.ts';
import { isClean, summaryOf } from './tally.ts';
import { type Watch, walkRepository } from './walk-repository.ts';

const USAGE = `npm run walk -- REPO [--branch NAME] [--limit N] [--ranges N] [--seed N] [-c refpost.KEY=VALUE]...

Announces the history of a repository push by push and checks every mail; stores and sends nothing. The pushes are the
steps of a branch (of the one that HEAD names) by first parents, then every other branch and tag being created, then
random ranges of the branch (100). --limit takes the last N steps, and as many of the other refs.
Each commit has to be announced once, none before its parents, and its mail has to show the diff that git prints.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    branch: { type: 'string' },
    limit: { type: 'string', default: 'Infinity' },
    ranges: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    c: { type: 'string', short: 'c', multiple: true, default: [] },
  },
});

const [limit, ranges, seed] = [Number(values.limit), Number(values.ranges), Number(values.seed)];
if (positionals.length !== 1 || [limit, ranges, seed].some(Number.isNaN)) {
  process.stderr.write(USAGE);
  process.exit(64);
}
const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const begun = Date.now();
const settings = values.c.map(text => {
  const [key = '', ...value] = text.split('=');
  return { key, value: value.join('=') };
});
const options = { branch: values.branch, limit, ranges, seed, settings };
const tally = await walkRepository(worldOf(process, home), positionals[0] as string, options, watch());
process.stderr.write(process.stderr.isTTY ? '\r\x1b[K' : '');
process.stdout.write(`${summaryOf(tally)}\n${Math.round((Date.now() - begun) / 1000)} seconds\n`);
process.exitCode = isClean(tally) ? 0 : 1;

/** Faults on lines of their own; on a terminal, a line that says how far it is, twice a second. */
function watch(): Watch {
  const terminal = process.stderr.isTTY;
  let next = 0;
  return {
    report: sentence => process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${sentence}\n`),
    progress({ pushes, commits, mails }, all) {
      if (!terminal || Date.now() < next) return;
      next = Date.now() + 500;
      process.stderr.write(`\r\x1b[K${pushes} of ${all} pushes, ${commits} commits, ${mails} mails`);
    },
  };
}
