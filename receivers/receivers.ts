import { Option } from 'commander';
import { ownCommand } from '../test/fixtures/own-command.ts';
import { playTrials, type Trial } from '../test/fixtures/trials.ts';
import { rspamd, spamassassin } from './filters.ts';
import { mailman3 } from './mailman3.ts';
import { mlmmj } from './mlmmj.ts';
import { publicInbox } from './public-inbox.ts';
import { readers } from './readers.ts';
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
  ...readers,
};

/** What takes more than some seconds, or is installed with questions. */
const LONG = ['sympa', 'spamassassin', 'rspamd'];

const { only, short, history } = ownCommand('npm run receivers --')
  .description(
    'Pushes four commits to each list manager, archive and sendmail program of the operating system that is here, with its ' +
      'preset: each mail has to come out at the other end, in order, once. Has the mails of the corpus judged by spam filters, and ' +
      'their HTML shown by programs that people read with. ' +
      'Starts all in folders and on ports of their own.',
  )
  .addOption(new Option('--only <name...>', 'these alone').choices(Object.keys(TRIALS)))
  .option('--short', `all but ${LONG.join(', ')}: what CI runs`)
  .option('--history <folder...>', 'readers show the mails of the last commits of these repositories too')
  .parse()
  .opts<{ only?: readonly string[]; short?: true; history?: readonly string[] }>();

const chosen = (name: string) => (short ? !LONG.includes(name) : (only ?? [name]).includes(name));
const trials = Object.entries(TRIALS).filter(([name]) => chosen(name));
const asRoot = trials.map(([name, trial]) => [name, name in readers ? trial : { ...trial, asRoot: true }]);
await playTrials(Object.fromEntries(asRoot), history);
