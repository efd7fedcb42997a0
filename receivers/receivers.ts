import { Option } from 'commander';
import { ownCommand } from '../test/fixtures/own-command.ts';
import { run } from '../test/fixtures/processes.ts';
import { mailman3 } from './mailman3.ts';
import { mlmmj } from './mlmmj.ts';
import { publicInbox } from './public-inbox.ts';
import { pushFour } from './push-four.ts';
import { obstacle, type Receiver } from './receiver.ts';
import { sendmails } from './sendmails.ts';

const RECEIVERS: Readonly<Record<string, Receiver>> = {
  mailman3,
  mlmmj,
  'public-inbox': publicInbox,
  ...sendmails,
};

const { only } = ownCommand('npm run receivers --')
  .description(
    'Pushes four commits to each list manager, archive and sendmail program of the operating system that is here, with its ' +
      'preset: each mail has to come out at the other end, in order, once. Starts them in folders and on ports of their own.',
  )
  .addOption(new Option('--only <receiver...>', 'these alone').choices(Object.keys(RECEIVERS)))
  .parse()
  .opts<{ only?: readonly string[] }>();

for (const [name, receiver] of Object.entries(RECEIVERS)) {
  if (only && !only.includes(name)) continue;
  const reason = obstacle(receiver);
  console.log(`${name}: ${reason === undefined ? await tried(receiver) : `skipped: ${reason}`}`);
}

async function tried(receiver: Receiver): Promise<string> {
  const cleanUps: (() => unknown)[] = [];
  const t = { after: (cleanUp: unknown) => void cleanUps.push(cleanUp as () => unknown) };
  try {
    const said = await pushFour(t, await receiver.open(t), receiver.preset);
    return `${said} (${await versions(receiver)})`;
  } catch (error) {
    process.exitCode = 1;
    return `FAILED: ${(error as Error).message}`;
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}

async function versions({ packages: [name = ''] }: Receiver): Promise<string> {
  const { stdout } = await run(['apt-cache', 'policy', name]);
  const [, installed] = /Installed: (?!\(none\))(\S+)/.exec(stdout) ?? /Candidate: (\S+)/.exec(stdout) ?? [];
  return `${name} ${installed}`;
}
