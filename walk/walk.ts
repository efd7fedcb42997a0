import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingOption } from '../src/cli/program.ts';
import { worldOf } from '../src/cli/world.ts';
import { ownCommand, wholeNumber } from '../test/fixtures/own-command.ts';
import { isClean, summaryOf } from './tally.ts';
import { type Watch, walkRepository } from './walk-repository.ts';

const command = ownCommand('npm run walk --')
  .description(
    'Announces the history of a repository push by push and checks every mail; stores and sends nothing. The pushes are the ' +
      'steps of a branch by first parents, then every other branch and tag being created, then random ranges of the branch. ' +
      'Each commit has to be announced once, none before its parents, and its mail has to show the diff that git prints.',
  )
  .argument('<repo>')
  .option('--branch <name>', 'the branch; the one that HEAD names if not given')
  .option('--limit <n>', 'only its last n steps, and as many of the other refs', wholeNumber)
  .option('--stride <n>', 'n steps in one push', wholeNumber, 1)
  .option('--ranges <n>', 'so many ranges', wholeNumber, 100)
  .option('--seed <n>', 'which ranges', wholeNumber, 1)
  .addOption(settingOption())
  .addHelpText('after', '\nCtrl-C ends the walk and says what it came to.')
  .parse();
const { branch, limit = Number.POSITIVE_INFINITY, stride, ranges, seed, c: settings = [] } = command.opts();
if (stride < 1) command.error('--stride wants one step at the least');
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopped = true;
  });
}
const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const begun = Date.now();
const options = { branch, limit, stride, ranges, seed, settings };
const tally = await walkRepository(worldOf(process, home), command.args[0] as string, options, watch());
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
