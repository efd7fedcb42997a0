import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, untilListening } from '../test/fixtures/mail-host.ts';
import { run, start } from '../test/fixtures/processes.ts';
import { readText } from '../test/fixtures/read-text.ts';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';
import { pushFour } from './push-four.ts';
import { LIST, type Opened, READER, SENDER } from './receiver.ts';

/** Its runners that a mail to a list does not pass. */
const IDLE = ['archive', 'bad', 'bounces', 'command', 'digest', 'nntp', 'rest', 'retry', 'shunt', 'virgin'];

/** A list as Mailman makes it: administrivia, a footer and its limit of size included. */
export const mailman3: Trial = {
  programs: ['mailman'],
  packages: ['mailman3'],
  play: t => pushFour(t, openMailman, 'mailman3'),
};

async function openMailman(t: CleanUps): Promise<Opened> {
  const folder = temporaryFolder(t);
  const inbox = await startInbox(t);
  const port = await freePort();
  const settings = join(folder, 'mailman.cfg');
  mkdirSync(join(folder, 'var'));
  writeFileSync(settings, mailmanSettings(folder, port, inbox.port));
  const mailman = (words: readonly string[], input = '') =>
    run(['mailman', '--run-as-root', '-C', settings, ...words], { cwd: folder, input });
  const demand = async (words: readonly string[], input?: string) => {
    const { code, stdout, stderr } = await mailman(words, input);
    if (code !== 0) throw new Error(`mailman ${words.join(' ')}: ${stdout}${stderr}`);
  };
  await demand(['create', '-d', LIST]);
  await demand(['addmembers', '-W', '-', LIST], READER);
  await demand(['addmembers', '-W', '-d', 'disabled', '-', LIST], SENDER);
  const master = start(['/usr/lib/mailman3/bin/master', '-C', settings], { cwd: folder });
  t.after(async () => {
    master.child.kill('SIGTERM');
    await master.ended;
  });
  const log = () => readText(join(folder, 'var', 'logs', 'mailman.log'));
  await untilListening(port, log);
  return {
    settings: { 'refpost.transport': `lmtp://127.0.0.1:${port}` },
    arrived: async () => inbox.received.map(({ bytes }) => bytes),
    explain: log,
  };
}

/** mailman.cfg: a folder of its own, LMTP in, SMTP out to us. */
function mailmanSettings(folder: string, port: number, out: number): string {
  return `[mailman]
site_owner: root@example.org
layout: here
[paths.here]
var_dir: ${folder}/var
queue_dir: $var_dir/queue
bin_dir: /usr/lib/mailman3/bin
list_data_dir: $var_dir/lists
log_dir: $var_dir/logs
lock_dir: $var_dir/locks
data_dir: $var_dir/data
cache_dir: $var_dir/cache
etc_dir: $var_dir/etc
messages_dir: $var_dir/messages
archive_dir: $var_dir/archives
template_dir: $var_dir/templates
pid_file: $var_dir/master.pid
lock_file: $lock_dir/master.lck
[mta]
incoming: mailman.mta.null.NullMTA
lmtp_host: 127.0.0.1
lmtp_port: ${port}
smtp_host: 127.0.0.1
smtp_port: ${out}
${IDLE.map(name => `[runner.${name}]\nstart: no\n`).join('')}`;
}
