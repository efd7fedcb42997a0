import { Option } from 'commander';
import { ownCommand } from '../test/fixtures/own-command.ts';
import { playTrials, type Trial } from '../test/fixtures/trials.ts';
import { cgit, gitweb } from './browsers.ts';
import { multimail } from './multimail.ts';
import { newerGit, olderGit } from './newer-git.ts';
import { gitolite, sshd } from './ssh.ts';
import { lighttpd } from './web-server.ts';
import { webhookFlood } from './webhook-flood.ts';

const TRIALS: Readonly<Record<string, Trial>> = {
  cgit,
  gitweb,
  sshd,
  lighttpd,
  gitolite,
  multimail,
  'webhook-flood': webhookFlood,
  'newer-git': newerGit,
  'older-git': olderGit,
};

const { only = Object.keys(TRIALS) } = ownCommand('npm run hosts --')
  .description(
    'Tries refpost with the git hosts and web pages of the operating system that are here. Starts all in folders and on ports of ' +
      'their own; what is missing is skipped. GIT_MULTIMAIL names a copy of git-multimail, with whose mails those of its style are compared.',
  )
  .addOption(new Option('--only <name...>', 'these alone').choices(Object.keys(TRIALS)))
  .parse()
  .opts<{ only?: readonly string[] }>();

await playTrials(Object.fromEntries(Object.entries(TRIALS).filter(([name]) => only.includes(name))));
