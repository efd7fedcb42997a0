import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mailHostFolder, NOBODY } from '../test/fixtures/mail-host.ts';
import { startPostfix } from '../test/fixtures/postfix.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';
import { pushFour } from './push-four.ts';
import { LIST, type Opened, READER, SENDER } from './receiver.ts';

/** A list for its members alone, behind a Postfix that adds the Return-Path field. */
export const mlmmj: Trial = {
  programs: ['mlmmj-receive', 'mlmmj-make-ml', 'postfix'],
  packages: ['mlmmj', 'postfix'],
  play: t => pushFour(t, openMlmmj, 'mlmmj'),
};

async function openMlmmj(t: CleanUps): Promise<Opened> {
  const inbox = await startInbox(t);
  const folder = mailHostFolder(t);
  const [name = '', domain = ''] = LIST.split('@');
  const words = ['-L', name, '-s', folder, '-c', 'nobody'];
  const answers = `${domain}\nroot@example.org\nen\nn\n`;
  const made = spawnSync('/usr/bin/mlmmj-make-ml', words, { input: answers, encoding: 'utf8' });
  const list = join(folder, name);
  if (made.status !== 0) throw new Error(`mlmmj-make-ml: ${made.stdout}${made.stderr}`);
  const control = (file: string, text: string) => writeFileSync(join(list, 'control', file), `${text}\n`);
  control('relayhost', '127.0.0.1');
  control('smtpport', String(inbox.port));
  control('subonlypost', '');
  control('footer', 'A footer of the list.');
  for (const [member, kind] of [
    [READER, []],
    [SENDER, ['-n']],
  ] as const)
    spawnSync('/usr/bin/mlmmj-sub', ['-L', list, '-a', member, '-s', '-f', '-q', ...kind]);
  spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, folder]);
  const host = await startPostfix(
    t,
    `virtual_mailbox_domains = example.org ${domain}
virtual_transport = mlmmj
mlmmj_destination_recipient_limit = 1
`,
    `mlmmj unix - n n - 1 pipe flags=ORu user=nobody argv=/usr/bin/mlmmj-receive -F -L ${list}\n`,
  );
  return {
    settings: { 'refpost.transport': `smtp://127.0.0.1:${host.port}` },
    arrived: async () => inbox.received.filter(({ to }) => to.includes(READER)).map(({ bytes }) => bytes),
    explain: () => `${host.log()}\nmoderation: ${readdirSync(join(list, 'moderation')).join(' ')}`,
  };
}
