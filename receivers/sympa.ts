import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, start } from '../test/fixtures/processes.ts';
import { writeProgram } from '../test/fixtures/program.ts';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';
import { pushFour } from './push-four.ts';
import { LIST, type Opened, READER, SENDER } from './receiver.ts';
import { openView } from './view.ts';

/** A list for its members alone, which drops automatic mail, as Sympa's lists do. */
export const sympa: Trial = {
  programs: ['/usr/lib/sympa/bin/sympa_msg.pl', 'unshare'],
  packages: ['sympa', 'libdbd-sqlite3-perl'],
  play: t => pushFour(t, openSympa, 'sympa'),
};

const BIN = '/usr/lib/sympa/bin';

async function openSympa(t: CleanUps): Promise<Opened> {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const out = join(folder, 'out');
  const [etc, home, list] = ['etc/sympa/sympa', 'home', `home/list_data/${LIST.replace(/@.*/, '')}`].map(
    path => join(folder, path),
  ) as [string, string, string];
  for (const path of [etc, list, out, join(folder, 'spool/sympa/msg')]) mkdirSync(path, { recursive: true });
  const sendmail = writeProgram(
    join(folder, 'sendmail'),
    `new=$(mktemp ${out}/.XXXXXX) && cat >$new && mv $new ${out}/$(date +%s%N)`,
  );
  writeFileSync(join(etc, 'sympa.conf'), sympaSettings(sendmail));
  writeFileSync(join(list, 'config'), LIST_SETTINGS);
  await run(['cp', '-a', '/var/spool/sympa', join(folder, 'spool')]);
  await run(['chown', '-R', 'sympa:sympa', folder]);
  const inside = await openView(
    { '/etc': join(folder, 'etc') },
    { '/var/spool': join(folder, 'spool'), '/var/lib/sympa': home },
  );
  const demand = async (command: string, input = '') => {
    const { code, stdout, stderr } = await run(inside(`exec runuser -u sympa -- ${command}`), { input });
    if (code !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
  };
  await demand(`${BIN}/sympa.pl --health_check`);
  for (const member of [READER, SENDER]) await demand(`${BIN}/sympa.pl --add=${LIST}`, `${member}\n`);
  const noMail = `update subscriber_table set reception_subscriber='nomail' where user_subscriber='${SENDER}'`;
  await demand(`perl -MDBI -e 'DBI->connect("dbi:SQLite:${DATABASE}")->do($ARGV[0])' "${noMail}"`);
  for (const daemon of ['sympa_msg.pl', 'bulk.pl']) {
    const running = start(inside(`exec ${BIN}/${daemon} --foreground 2>>${folder}/log`));
    t.after(async () => {
      running.child.kill('SIGTERM');
      await running.ended;
    });
  }
  const queue = inside(`exec runuser -u sympa -- ${BIN}/queue ${LIST}`);
  const shell = queue.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const queueProgram = writeProgram(join(folder, 'to-sympa'), `exec ${shell}`);
  return {
    settings: { 'refpost.transport': `sendmail:${queueProgram}` },
    arrived: async () =>
      readdirSync(out)
        .filter(name => !name.startsWith('.'))
        .toSorted()
        .map(name => readFileSync(join(out, name)))
        .filter(mail => mail.includes('X-Git-Rev:')),
    explain: () => readFileSync(join(folder, 'log'), 'utf8'),
  };
}

const DATABASE = '/var/lib/sympa/sympa.sqlite';

function sympaSettings(sendmail: string): string {
  return `domain ${LIST.replace(/.*@/, '')}
listmaster root@example.org
db_type SQLite
db_name ${DATABASE}
sendmail ${sendmail}
`;
}

const LIST_SETTINGS = `subject Commits

status open

send private

owner
email root@example.org

`;
