import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { scriptOf } from '../src/hook/worker.ts';
import { freePort, untilListening } from '../test/fixtures/mail-host.ts';
import { start } from '../test/fixtures/processes.ts';
import { writeProgram } from '../test/fixtures/program.ts';
import { TestRepository } from '../test/fixtures/repository.ts';
import { refpostProgram } from '../test/fixtures/server-repository.ts';
import type { CleanUps, Trial } from '../test/fixtures/trials.ts';
import { openSite, succeed } from './site.ts';

const SSHD = '/usr/sbin/sshd';
const GITOLITE = '/usr/share/gitolite3/gitolite-shell';

/** One account for two people, whom authorized_keys tells apart. */
export const sshd: Trial = {
  programs: [SSHD, 'ssh', 'ssh-keygen'],
  packages: ['openssh-server', 'openssh-client'],
  asRoot: true,
  play: async t => {
    const { home, work, pushers } = await openSite(t);
    const path = join(home, 'project.git');
    new TestRepository(path, '--bare');
    symlinkSync(scriptOf(resolve('.')), join(path, 'hooks/post-receive'));
    const git = await serveSsh(
      t,
      home,
      ['ada', 'bob'],
      user => `env HOME=${home} REMOTE_USER=${user} git-shell -c "$SSH_ORIGINAL_COMMAND"`,
    );
    await git('ada', work, 'push', '-q', `root@127.0.0.1:${path}`, 'main');
    await git('bob', work, 'push', '-q', `root@127.0.0.1:${path}`, 'main:other', 'main:refs/tags/v1');
    assert.deepEqual(await pushers(2), ['project: ada', 'project: bob']);
    return 'tells apart who pushes';
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

/** Two users, one of them called by their address, a wild repository, and the copy of a mirror. */
export const gitolite: Trial = {
  programs: [SSHD, 'ssh', 'ssh-keygen', 'gitolite', GITOLITE],
  packages: ['gitolite3', 'openssh-server', 'openssh-client'],
  asRoot: true,
  play: async t => {
    const { home, work, pushers } = await openSite(t);
    await setUpGitolite(home);
    const git = await serveSsh(
      t,
      home,
      ['ada@example.org', 'bob', 'server-sam'],
      user => `env HOME=${home} ${GITOLITE} ${user}`,
    );
    const admin = join(home, 'admin');
    await git('ada@example.org', home, 'clone', '-q', 'root@127.0.0.1:gitolite-admin', 'admin');
    const map = `    config refpost.pusherMap = ${home}/.gitolite/conf/gitolite.conf\n`;
    writeFileSync(join(admin, 'conf/gitolite.conf'), CONF + map);
    await git('ada@example.org', admin, 'commit', '-q', '-a', '-m', 'Settings');
    await git('ada@example.org', admin, 'push', '-q', 'origin', 'HEAD:master');
    const push = (user: string, path: string, ...refs: string[]) =>
      git(user, work, 'push', '-q', `root@127.0.0.1:${path}`, ...refs);
    await push('ada@example.org', 'team/project', 'main');
    await push('bob', 'team/project', 'main:other', 'main:refs/tags/v1');
    await push('server-sam', 'mirrored', 'main');
    await push('bob', 'wild/bob/own', 'main');
    assert.deepEqual(await pushers(3), [
      'team/project: Bob B <bob@example.org>',
      'team/project: ada@example.org',
      'wild/bob/own: Bob B <bob@example.org>',
    ]);
    await takeBack(home);
    return "names pushers and repositories, and announces nothing of a mirror's copy; installed and taken back at once";
  },
};

async function setUpGitolite(home: string): Promise<void> {
  await succeed(['gitolite', 'setup', '-a', 'ada@example.org'], { HOME: home });
  const rc = join(home, '.gitolite.rc');
  const ours = '    LOCAL_CODE => "$ENV{HOME}/local",\n    HOSTNAME => "frodo",\n';
  const text = readFileSync(rc, 'utf8')
    .replace(/^%RC = \(\n/m, start => start + ours)
    .replace(/^(\s*GIT_CONFIG_KEYS\s*=>).*/m, "$1 'refpost\\..*',")
    .replace(/# 'Mirroring',/, "'Mirroring',");
  writeFileSync(rc, text);
  // A hook of the site's own, which goes on.
  mkdirSync(join(home, 'local/hooks/common'), { recursive: true });
  writeProgram(join(home, 'local/hooks/common/post-receive'), 'cat >>"$HOME/own"');
  await succeed(['gitolite', 'setup'], { HOME: home });
  await refpost(home, 'install', '--host', 'gitolite', '--config', join(home, '.gitconfig'));
}

function refpost(home: string, ...words: string[]): Promise<void> {
  return succeed([...refpostProgram, ...words], { HOME: home, XDG_STATE_HOME: join(home, 'state') });
}

/** Taken back, the hooks of all repositories are the site's own again. */
async function takeBack(home: string): Promise<void> {
  await refpost(home, 'doctor', '--all');
  await refpost(home, 'uninstall', '--host', 'gitolite');
  const hooks = join(home, 'repositories/wild/bob/own.git/hooks');
  assert.match(readFileSync(join(hooks, 'post-receive'), 'utf8'), /own/);
  assert.deepEqual(
    readdirSync(hooks).filter(name => name.includes('refpost')),
    [],
  );
  assert.equal(readFileSync(join(home, 'own'), 'utf8').match(/refs\/heads\/other/g)?.length, 1);
}

/**
 * Starts a server on 127.0.0.1 that lets in people with keys.
 * @param command what runs for somebody
 * @returns runs git for somebody in a folder
 */
async function serveSsh(
  t: CleanUps,
  home: string,
  users: readonly string[],
  command: (user: string) => string,
): Promise<(user: string, folder: string, ...words: string[]) => Promise<void>> {
  for (const name of [...users, 'host'])
    await succeed(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(home, name)]);
  const keys = users.map(user => {
    const words = command(user).replaceAll('"', '\\"');
    return `restrict,command="${words}" ${readFileSync(join(home, `${user}.pub`), 'utf8')}`;
  });
  writeFileSync(join(home, 'keys'), keys.join(''));
  const port = await freePort();
  await startSshd(t, home, port);
  const never = '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR';
  const ssh = `ssh -F none -p ${port} -o IdentitiesOnly=yes ${never}`;
  return (user, folder, ...words) =>
    succeed(['git', '-C', folder, ...words], {
      HOME: home,
      GIT_SSH_COMMAND: `${ssh} -i ${join(home, user)}`,
    });
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
