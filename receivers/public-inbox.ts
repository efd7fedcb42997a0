import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mailHostFolder, NOBODY } from '../test/fixtures/mail-host.ts';
import { startPostfix } from '../test/fixtures/postfix.ts';
import { run } from '../test/fixtures/processes.ts';
import { writeProgram } from '../test/fixtures/program.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';
import { pushFour } from './push-four.ts';
import { LIST, type Opened } from './receiver.ts';

/** An inbox of the second format, fed by public-inbox-mda behind Postfix. */
export const publicInbox: Trial = {
  programs: ['public-inbox-mda', 'postfix'],
  packages: ['public-inbox', 'postfix'],
  play: t => pushFour(t, openInbox, 'public-inbox'),
};

async function openInbox(t: CleanUps): Promise<Opened> {
  const home = mailHostFolder(t);
  const inbox = join(home, 'inbox');
  const env = { ...process.env, HOME: home };
  const demand = async (...command: readonly string[]) => {
    const { code, stdout, stderr } = await run(command, { env, cwd: home });
    if (code !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  mkdirSync(join(home, '.public-inbox'));
  await demand('public-inbox-init', '-V2', 'commits', inbox, 'https://lists.example.org/commits', LIST);
  const settings = join(home, '.public-inbox', 'config');
  await demand('git', 'config', '-f', settings, 'publicinboxmda.spamcheck', 'none');
  const mda = writeProgram(
    join(home, 'mda'),
    `export HOME='${home}' ORIGINAL_RECIPIENT="$1"`,
    'exec public-inbox-mda',
  );
  await demand('chown', '-R', `${NOBODY}:${NOBODY}`, home);
  const host = await startPostfix(
    t,
    `virtual_mailbox_domains = example.org ${LIST.replace(/.*@/, '')}
virtual_transport = inbox
inbox_destination_recipient_limit = 1
`,
    `inbox unix - n n - 1 pipe flags=R user=nobody argv=${mda} \${recipient}\n`,
  );
  const epoch = join(inbox, 'git', '0.git');
  const asOwner = ['git', '-c', `safe.directory=*`, '-C', epoch];
  return {
    settings: { 'refpost.transport': `smtp://127.0.0.1:${host.port}` },
    arrived: async () => {
      const listed = await run([...asOwner, 'rev-list', '--reverse', '--all'], { env });
      const commits = listed.stdout.split('\n').filter(id => id !== '');
      const mails = commits.map(id => run([...asOwner, 'cat-file', 'blob', `${id}:m`], { env }));
      return (await Promise.all(mails)).map(({ stdout }) => Buffer.from(stdout));
    },
    explain: host.log,
  };
}
