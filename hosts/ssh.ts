import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programCommand, scriptOf, shellWords } from '../src/hook/worker.ts';
import { freePort, untilListening } from '../test/fixtures/mail-host.ts';
import { run, start, waitUntil } from '../test/fixtures/processes.ts';
import { configLines, gitEnvironment, TestRepository, temporaryFolder } from '../test/fixtures/repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';

const SSHD = '/usr/sbin/sshd';
const GITOLITE = '/usr/share/gitolite3/gitolite-shell';

/** One account for two people, whom authorized_keys tells apart. */
export const sshd: Trial = {
  programs: [SSHD, 'ssh', 'ssh-keygen'],
  packages: ['openssh-server', 'openssh-client'],
  asRoot: true,
  play: async t => {
    const site = await openSite(t);
    new TestRepository(join(site.home, 'project.git'), '--bare');
    symlinkSync(scriptOf(resolve('.')), join(site.home, 'project.git/hooks/post-receive'));
    await site.serve(
      user => `env HOME=${site.home} REMOTE_USER=${user} git-shell -c "$SSH_ORIGINAL_COMMAND"`,
    );
    await site.push('ada', `${site.home}/project.git`, 'main');
    await site.push('bob', `${site.home}/project.git`, 'main:other', 'main:refs/tags/v1');
    const pushers = await site.pushers(2);
    assert.deepEqual(pushers, ['project: ada', 'project: bob']);
    return 'tells apart who pushes';
  },
};

/** Two users, a wild repository, and the copy of a mirror. */
export const gitolite: Trial = {
  programs: [SSHD, 'ssh', 'ssh-keygen', 'gitolite', GITOLITE],
  packages: ['gitolite3', 'openssh-server', 'openssh-client'],
  asRoot: true,
  play: async t => {
    const site = await openSite(t);
    const { home } = site;
    const gitolite = (...words: string[]) => succeed(['gitolite', ...words], { HOME: home });
    await gitolite('setup', '-a', 'ada@example.org');
    const rc = join(home, '.gitolite.rc');
    const local = '    LOCAL_CODE => "$ENV{HOME}/local",\n    HOSTNAME => "frodo",\n';
    const text = readFileSync(rc, 'utf8')
      .replace(/^%RC = \(\n/m, words => words + local)
      .replace(/^(\s*GIT_CONFIG_KEYS\s*=>).*/m, "$1 'refpost\\..*',")
      .replace(/# 'Mirroring',/, "'Mirroring',");
    writeFileSync(rc, text);
    mkdirSync(join(home, 'local/hooks/common'), { recursive: true });
    symlinkSync(scriptOf(resolve('.')), join(home, 'local/hooks/common/post-receive'));
    await gitolite('setup');
    await site.serve(user => `env HOME=${home} ${GITOLITE} ${user === 'ada' ? 'ada@example.org' : user}`);
    writeFileSync(
      join(home, 'gitolite.conf'),
      `${CONF}    config refpost.pusherMap = ${home}/.gitolite/conf/gitolite.conf\n`,
    );
    await site.admin('gitolite-admin', join(home, 'gitolite.conf'));
    await site.push('ada', 'team/project', 'main');
    await site.push('bob', 'team/project', 'main:other', 'main:refs/tags/v1');
    await site.push('server-sam', 'mirrored', 'main');
    await site.push('bob', 'wild/bob/own', 'main');
    const pushers = await site.pushers(3);
    assert.deepEqual(pushers, [
      'team/project: Bob B <bob@example.org>',
      'team/project: ada@example.org',
      'wild/bob/own: Bob B <bob@example.org>',
    ]);
    return 'names pushers and repositories, announces a wild one, and nothing twice for a mirror';
  },
};

const CONF = `# BEGIN USER EMAILS
# bob Bob B <bob@example.org>
# END USER EMAILS
repo gitolite-admin
    RW+ = ada@example.org
repo team/project
    RW+ = ada@example.org bob
repo mirrored
    RW+ = bob
    option mirror.master = sam
    option mirror.copies = frodo
    option mirror.slaves = frodo
repo wild/CREATOR/..*
    C = bob
    RW+ = CREATOR
repo @all
    config refpost.to = commits@example.org
`;

/** A home for an account with settings of refpost, people with keys, and a server that lets them in; all for this trial alone. */
async function openSite(t: CleanUps) {
  const inbox = await startInbox(t);
  const home = temporaryFolder(t);
  const work = new TestRepository(join(home, 'work'));
  work.commit();
  const settings = {
    'refpost.to': 'commits@example.org',
    'refpost.from': 'git@example.org',
    'refpost.transport': `smtp://127.0.0.1:${inbox.port}`,
    'refpost.command': shellWords(programCommand(resolve('.'))),
    'init.defaultBranch': 'master',
    'user.name': 'Ada',
    'user.email': 'ada@example.org',
  };
  writeFileSync(join(home, '.gitconfig'), configLines(settings));
  const port = await freePort();
  const keys = ['ada', 'bob', 'server-sam', 'host'];
  for (const name of keys)
    await succeed(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(home, name)]);
  const gitAs = (user: string, cwd: string, ...words: string[]) => {
    const options = [
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'IdentitiesOnly=yes',
      'LogLevel=ERROR',
    ];
    const ssh = [
      'ssh',
      '-F',
      'none',
      '-p',
      String(port),
      '-i',
      join(home, user),
      ...options.flatMap(one => ['-o', one]),
    ];
    return succeed(['git', '-C', cwd, ...words], { HOME: home, GIT_SSH_COMMAND: ssh.join(' ') });
  };
  return {
    home,
    /** Starts the server. @param command what runs for somebody */
    serve: async (command: (user: string) => string) => {
      const lines = keys.slice(0, -1).map(user => {
        const words = command(user).replaceAll('"', '\\"');
        return `restrict,command="${words}" ${readFileSync(join(home, `${user}.pub`), 'utf8')}`;
      });
      writeFileSync(join(home, 'keys'), lines.join(''));
      await startSshd(t, home, port);
    },
    push: (user: string, path: string, ...refs: string[]) =>
      gitAs(user, work.folder, 'push', '-q', `root@127.0.0.1:${path}`, ...refs),
    /** Pushes a gitolite.conf. */
    admin: async (path: string, conf: string) => {
      await gitAs('ada', home, 'clone', '-q', `root@127.0.0.1:${path}`, 'admin');
      const clone = join(home, 'admin');
      writeFileSync(join(clone, 'conf/gitolite.conf'), readFileSync(conf));
      await gitAs('ada', clone, 'commit', '-q', '-a', '-m', 'Settings');
      await gitAs('ada', clone, 'push', '-q', 'origin', 'HEAD:master');
    },
    /** `<repository>: <pusher>` of so many mails, and of no more. */
    pushers: async (count: number) => {
      const field = (bytes: Buffer, name: string) =>
        new RegExp(`^${name}: (.*)\r$`, 'm').exec(bytes.toString())?.[1];
      // Those about the settings themselves are another matter.
      const seen = () =>
        inbox.received
          .map(({ bytes }) => `${field(bytes, 'X-Git-Repo')}: ${field(bytes, 'X-Git-Pusher')}`)
          .filter(line => !line.startsWith('gitolite-admin'))
          .toSorted();
      await waitUntil('the mails of all pushes', () => seen().length >= count, {
        explain: () => seen().join('\n'),
      });
      await sleep(1000);
      return seen();
    },
  };
}

async function startSshd(t: CleanUps, home: string, port: number): Promise<void> {
  // Without it sshd does not start.
  const empty = '/run/sshd';
  if (!existsSync(empty)) {
    mkdirSync(empty, { mode: 0o755 });
    t.after(() => rmdirSync(empty));
  }
  const options = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${join(home, 'host')}`, 'UsePAM no'];
  const more = ['StrictModes no', 'PermitRootLogin yes', 'PasswordAuthentication no', 'PidFile none'];
  const config = join(home, 'sshd_config');
  writeFileSync(config, [...options, ...more, `AuthorizedKeysFile ${join(home, 'keys')}`, ''].join('\n'));
  const { child, ended } = start([SSHD, '-D', '-e', '-f', config]);
  t.after(async () => {
    child.kill();
    await ended;
  });
  await untilListening(port, () => `sshd ended with ${child.exitCode}`);
}

async function succeed(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const { code, stderr } = await run(command, {
    env: gitEnvironment({ GIT_CONFIG_GLOBAL: undefined, ...env }),
  });
  if (code !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
}
