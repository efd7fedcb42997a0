import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scriptOf } from '../src/hook/worker.ts';
import { freePort, untilListening } from '../test/fixtures/mail-host.ts';
import { start } from '../test/fixtures/processes.ts';
import { TestRepository } from '../test/fixtures/repository.ts';
import type { Trial } from '../test/fixtures/trials.ts';
import { openSite, succeed } from './site.ts';

const LIGHTTPD = '/usr/sbin/lighttpd';
const BACKEND = '/usr/lib/git-core/git-http-backend';

/** git http-backend behind a web server that asks who it is; two repositories in one by namespaces. */
export const lighttpd: Trial = {
  programs: [LIGHTTPD, BACKEND],
  packages: ['lighttpd', 'git'],
  play: async t => {
    const { home, work, pushers } = await openSite(t);
    const path = join(home, 'srv/team/project.git');
    mkdirSync(join(home, 'srv/team'), { recursive: true });
    new TestRepository(path, '--bare').git('config', 'refpost.repoName', '{parent}/{name}');
    symlinkSync(scriptOf(resolve('.')), join(path, 'hooks/post-receive'));
    const port = await freePort();
    writeFileSync(join(home, 'users'), 'ada:secret\nbob:secret\n');
    writeFileSync(join(home, 'lighttpd.conf'), configOf(home, port));
    const { child, ended } = start([LIGHTTPD, '-D', '-f', join(home, 'lighttpd.conf')]);
    t.after(async () => {
      child.kill();
      await ended;
    });
    await untilListening(port, () => `lighttpd ended with ${child.exitCode}`);
    const push = (login: string, place: string, ...refs: string[]) =>
      succeed(
        ['git', '-C', work, 'push', '-q', `http://${login}127.0.0.1:${port}/${place}/project.git`, ...refs],
        {
          HOME: home,
        },
      );
    await push('ada:secret@', 'git/team', 'main');
    await push('bob:secret@', 'git/team', 'main:other', 'main:refs/tags/v1');
    await push('bob:secret@', 'own/team', 'main:refs/tags/v2');
    await assert.rejects(push('', 'git/team', 'main:third'));
    assert.deepEqual(await pushers(3), ['team/project: ada', 'team/project: bob', 'team/project: bob']);
    return 'names who logged in, for namespaces too';
  },
};

const configOf = (home: string, port: number) => `
server.modules = ("mod_alias", "mod_auth", "mod_authn_file", "mod_cgi", "mod_setenv")
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${home}/srv"
auth.backend = "plain"
auth.backend.plain.userfile = "${home}/users"
auth.require = ("/" => ("method" => "basic", "realm" => "git", "require" => "valid-user"))
alias.url = ("/git/" => "${BACKEND}/", "/own/" => "${BACKEND}/")
cgi.assign = ("" => "")
setenv.add-environment = ("GIT_PROJECT_ROOT" => "${home}/srv", "GIT_HTTP_EXPORT_ALL" => "1", "HOME" => "${home}")
$HTTP["url"] =~ "^/own/" { setenv.add-environment += ("GIT_NAMESPACE" => "own") }
`;
