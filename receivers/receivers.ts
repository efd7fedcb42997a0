import { Option } from 'commander';
import { ownCommand } from '../test/fixtures/own-command.ts';
import { run } from '../test/fixtures/processes.ts';
import { rspamd, spamassassin } from './filters.ts';
import { mailman3 } from './mailman3.ts';
import { mlmmj } from './mlmmj.ts';
import { publicInbox } from './public-inbox.ts';
import { demandPossible, Impossible, type Trial } from './receiver.ts';
import { sendmails } from './sendmails.ts';
import { sympa } from './sympa.ts';

const TRIALS: Readonly<Record<string, Trial>> = {
  mailman3,
  sympa,
  mlmmj,
  'public-inbox': publicInbox,
  ...sendmails,
  spamassassin,
  rspamd,
};

/** What takes more than some seconds, or is installed with questions. */
const LONG = ['sympa', 'spamassassin', 'rspamd'];

const { only, short } = ownCommand('npm run receivers --')
  .description(
    'Pushes four commits to each list manager, archive and sendmail program of the operating system that is here, with its ' +
      'preset: each mail has to come out at the other end, in order, once. Has the mails of the corpus judged by spam filters. ' +
      'Starts all in folders and on ports of their own.',
  )
  .addOption(new Option('--only <name...>', 'these alone').choices(Object.keys(TRIALS)))
  .option('--short', `all but ${LONG.join(', ')}: what CI runs`)
  .parse()
  .opts<{ only?: readonly string[]; short?: true }>();

for (const [name, trial] of Object.entries(TRIALS)) {
  if (short ? !LONG.includes(name) : (only ?? [name]).includes(name))
    console.log(`${name}: ${await outcome(trial)}`);
}

async function outcome(trial: Trial): Promise<string> {
  const cleanUps: (() => unknown)[] = [];
  const t = { after: (cleanUp: unknown) => void cleanUps.push(cleanUp as () => unknown) };
  try {
    demandPossible(trial);
    return `${await trial.play(t)} (${await version(trial)})`;
  } catch (error) {
    if (error instanceof Impossible) return `skipped: ${error.message}`;
    process.exitCode = 1;
    return `FAILED: ${(error as Error).message}`;
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}

async function version({ packages: [name = ''] }: Trial): Promise<string> {
  const { stdout } = await run(['apt-cache', 'policy', name]);
  const [, found] = /Installed: (?!\(none\))(\S+)/.exec(stdout) ?? /Candidate: (\S+)/.exec(stdout) ?? [];
  return `${name} ${found}`;
}
