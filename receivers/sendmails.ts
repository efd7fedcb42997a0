import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, start } from '../test/fixtures/processes.ts';
import { writeProgram } from '../test/fixtures/program.ts';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import { type CleanUps, Impossible, type Trial } from '../test/fixtures/trials.ts';
import { pushFour } from './push-four.ts';
import type { Opened } from './receiver.ts';
import { openView } from './view.ts';

/** A package that has /usr/sbin/sendmail, of which Debian installs one at a time. */
interface Package {
  /** Debian's names of it, and of libraries that nobody else needs. */
  readonly packages: readonly string[];
  /** Files below /etc, for a server on this port of 127.0.0.1. */
  readonly etc: (port: number) => Readonly<Record<string, string>>;
  /** Folders below /var/spool. */
  readonly spool?: readonly string[];
  /** The program in its package, where that has no /usr/sbin/sendmail. */
  readonly program?: string;
  /** Queues mails, and sends them in an order of its own. */
  readonly queues?: true;
  /** Sends what is queued for as long as it runs. */
  readonly daemon?: string;
}

const PACKAGES: Readonly<Record<string, Package>> = {
  msmtp: {
    packages: ['msmtp'],
    program: '/usr/bin/msmtp',
    etc: port => ({
      msmtprc: `account default\nhost 127.0.0.1\nport ${port}\ntls off\nauth off\n`,
    }),
  },
  ssmtp: {
    packages: ['ssmtp'],
    etc: port => ({
      'ssmtp/ssmtp.conf': `mailhub=127.0.0.1:${port}\nhostname=mx.example.org\nFromLineOverride=YES\n`,
    }),
  },
  esmtp: {
    packages: ['esmtp', 'libesmtp6'],
    program: '/usr/bin/esmtp',
    etc: port => ({ esmtprc: `hostname=127.0.0.1:${port}\nstarttls=disabled\n` }),
  },
  dma: {
    packages: ['dma'],
    etc: port => ({ 'dma/dma.conf': `SMARTHOST 127.0.0.1\nPORT ${port}\nMAILNAME mx.example.org\n` }),
    spool: ['dma'],
    queues: true,
  },
  nullmailer: {
    packages: ['nullmailer'],
    etc: port => ({
      'nullmailer/remotes': `127.0.0.1 smtp --port=${port}\n`,
      'nullmailer/me': 'mx.example.org\n',
      'nullmailer/pausetime': '1\n',
    }),
    spool: ['nullmailer/queue', 'nullmailer/tmp', 'nullmailer/failed'],
    queues: true,
    daemon: 'mkfifo -m 666 /var/spool/nullmailer/trigger && exec /usr/sbin/nullmailer-send',
  },
};

/** Each in a view of the file system in which it is installed, with a server of ours as its smart host. */
export const sendmails: Readonly<Record<string, Trial>> = Object.fromEntries(
  Object.entries(PACKAGES).map(([name, one]): [string, Trial] => [
    name,
    {
      programs: ['apt-get', 'dpkg', 'unshare'],
      packages: one.packages,
      play: t => pushFour(t, at => openSendmail(at, one)),
    },
  ]),
);

async function openSendmail(
  t: CleanUps,
  { packages, program = '/usr/sbin/sendmail', etc, spool = [], queues, daemon }: Package,
): Promise<Opened> {
  const folder = temporaryFolder(t);
  const inbox = await startInbox(t);
  const root = join(folder, 'root');
  await unpack(packages, folder, root);
  for (const [path, text] of Object.entries(etc(inbox.port))) {
    mkdirSync(join(root, 'etc', path, '..'), { recursive: true });
    writeFileSync(join(root, 'etc', path), text, { mode: 0o644 });
  }
  for (const path of ['.', ...spool]) mkdirSync(join(root, 'spool', path), { recursive: true });
  await run(['chmod', '-R', 'a+rwX', join(root, 'spool')]);
  const inside = await openView(
    { '/usr': join(root, 'usr'), '/etc': join(root, 'etc') },
    { '/var/spool': join(root, 'spool') },
  );
  const words = inside(`exec ${program} "$@"`).map(word => `'${word}'`);
  const path = writeProgram(join(folder, 'sendmail'), `exec ${words.join(' ')} "$@"`);
  if (daemon !== undefined) {
    const running = start(inside(daemon));
    t.after(async () => {
      running.child.kill('SIGTERM');
      await running.ended;
    });
  }
  return {
    settings: { 'refpost.transport': `sendmail:${path}` },
    ...(queues && { ownOrder: queues }),
    arrived: async () => inbox.received.map(({ bytes }) => bytes),
    explain: () => JSON.stringify(inbox.commands),
  };
}

/** Gets packages and puts their files below a folder; runs nothing of them. */
async function unpack(packages: readonly string[], folder: string, root: string): Promise<void> {
  const got = await run(['apt-get', 'download', '-q', ...packages], { cwd: folder });
  if (got.code !== 0) throw new Impossible(`${packages.join(', ')} cannot be downloaded: ${got.stderr}`);
  for (const file of readdirSync(folder).filter(name => name.endsWith('.deb')))
    await run(['dpkg', '-x', join(folder, file), root]);
}
