import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Pusher, Web } from '../../src/host/host.ts';
import { hosts, knownNames, recordedNames, saidBy } from '../../src/host/hosts.ts';

interface Comes {
  readonly host: string;
  readonly pusher?: Pusher;
  readonly repository?: string;
  readonly web?: Web;
  readonly passedOver?: string;
}

type Case = readonly [what: string, environment: Record<string, string>, comes: Comes];

/** Environments as hooks have met them, or as the source of the host gives them; with where that is from. */
const cases: readonly Case[] = [
  ['nothing known', {}, { host: 'ssh' }],
  ['an account that many push through', { USER: 'git', LOGNAME: 'git' }, { host: 'ssh' }],
  ['OpenSSH 9.2, an account each', { USER: 'ada', LOGNAME: 'ada' }, { host: 'ssh', pusher: { name: 'ada' } }],
  [
    'OpenSSH 9.2, environment="REMOTE_USER=ada" in authorized_keys',
    { USER: 'git', LOGNAME: 'git', REMOTE_USER: 'ada' },
    { host: 'ssh', pusher: { name: 'ada' } },
  ],
  ['cron', { LOGNAME: 'ada' }, { host: 'ssh', pusher: { name: 'ada' } }],
  [
    'git 2.39 http-backend with a login',
    { REMOTE_USER: 'ada', REMOTE_ADDR: '192.0.2.7', REQUEST_METHOD: 'POST', USER: 'www-data' },
    { host: 'http', pusher: { name: 'ada' } },
  ],
  [
    'git 2.39 http-backend without a login, run by a person',
    { REMOTE_ADDR: '192.0.2.7', REQUEST_METHOD: 'POST', USER: 'ada' },
    { host: 'http' },
  ],
  ['git daemon 2.39', { REMOTE_ADDR: '[2001:db8::7]', USER: 'ada' }, { host: 'git-daemon' }],
  [
    'gitolite 3.6.12',
    { GL_USER: 'ada', GL_REPO: 'foo/bar', USER: 'git' },
    { host: 'gitolite', pusher: { name: 'ada' }, repository: 'foo/bar' },
  ],
  [
    'gitolite, a user whose name is an address',
    { GL_USER: 'ada@example.org', GL_REPO: 'foo', USER: 'git' },
    { host: 'gitolite', pusher: { name: 'ada@example.org', email: 'ada@example.org' }, repository: 'foo' },
  ],
  [
    'gitolite by http',
    { GL_USER: 'ada', REMOTE_USER: 'ada', GL_REPO: 'foo', REMOTE_ADDR: '192.0.2.7', REQUEST_METHOD: 'POST' },
    { host: 'gitolite', pusher: { name: 'ada' }, repository: 'foo' },
  ],
  ['gitolite without a repository', { GL_USER: 'ada' }, { host: 'gitolite', pusher: { name: 'ada' } }],
  ['gitolite that names nobody', { GL_REPO: 'foo', USER: 'git' }, { host: 'gitolite', repository: 'foo' }],
  [
    'gitolite 3.6.14, the copy of a mirror (Mirroring.pm, input)',
    { GL_USER: 'server-frodo', GL_REPO: 'foo', GL_BYPASS_ACCESS_CHECKS: '1' },
    {
      host: 'gitolite',
      pusher: { name: 'server-frodo' },
      repository: 'foo',
      passedOver: "a mirror's copy, pushed by server-frodo",
    },
  ],
  [
    'gitolite, a person who is called like a mirror',
    { GL_USER: 'server-bot', GL_REPO: 'foo' },
    { host: 'gitolite', pusher: { name: 'server-bot' }, repository: 'foo' },
  ],
  [
    'Gitaly 19.0.1 (internal/gitaly/hook/custom.go)',
    {
      ...{ GL_ID: 'user-7', GL_USERNAME: 'ada', GL_PROJECT_PATH: 'group/project' },
      ...{ GL_REPOSITORY: 'project-12', GL_PROTOCOL: 'ssh' },
    },
    { host: 'gitlab', pusher: { name: 'ada' }, repository: 'group/project', web: { style: 'gitlab' } },
  ],
  [
    'GitLab, a wiki whose path is that of its project',
    { GL_ID: 'user-7', GL_USERNAME: 'ada', GL_PROJECT_PATH: 'group/project', GL_REPOSITORY: 'wiki-12' },
    { host: 'gitlab', pusher: { name: 'ada' }, repository: 'group/project.wiki' },
  ],
  [
    'GitLab, a wiki of a group',
    { GL_ID: 'user-7', GL_PROJECT_PATH: 'group.wiki', GL_REPOSITORY: 'group-3-wiki' },
    { host: 'gitlab', repository: 'group.wiki' },
  ],
  [
    'GitLab, designs',
    { GL_ID: 'user-7', GL_PROJECT_PATH: 'group/project', GL_REPOSITORY: 'design-12' },
    { host: 'gitlab', repository: 'group/project.design' },
  ],
  [
    'GitLab with a deploy key',
    { GL_ID: 'key-7', GL_PROJECT_PATH: 'group/project', USER: 'git' },
    { host: 'gitlab', repository: 'group/project', web: { style: 'gitlab' } },
  ],
  [
    'GitLab before version 13',
    { GL_ID: 'user-7', GL_USERNAME: 'ada' },
    { host: 'gitlab', pusher: { name: 'ada' }, web: { style: 'gitlab' } },
  ],
  [
    'Gitea 1.22 (modules/repository/env.go)',
    {
      ...{ GITEA_PUSHER_NAME: 'ada', GITEA_PUSHER_EMAIL: 'ada@example.org', USER: 'git' },
      ...{ GITEA_REPO_USER_NAME: 'group', GITEA_REPO_NAME: 'project', GITEA_REPO_IS_WIKI: 'false' },
      GITEA_ROOT_URL: 'https://git.example.org/',
    },
    {
      host: 'gitea',
      pusher: { name: 'ada', email: 'ada@example.org' },
      repository: 'group/project',
      web: { style: 'gitea', base: 'https://git.example.org' },
    },
  ],
  [
    'Forgejo, the wiki of somebody whose address is private',
    {
      ...{ GITEA_PUSHER_NAME: 'ada', GITEA_REPO_USER_NAME: 'group', GITEA_REPO_NAME: 'project.wiki' },
      ...{ GITEA_REPO_IS_WIKI: 'true', GITEA_ROOT_URL: 'https://git.example.org/' },
    },
    { host: 'gitea', pusher: { name: 'ada' }, repository: 'group/project.wiki' },
  ],
  [
    'Gitea without an owner',
    { GITEA_PUSHER_NAME: 'ada', GITEA_REPO_NAME: 'project', GITEA_ROOT_URL: 'javascript:alert(1)' },
    { host: 'gitea', pusher: { name: 'ada' }, repository: 'project', web: { style: 'gitea' } },
  ],
  [
    'Gerrit 3.12, plugin hooks (HookArgs.java)',
    {
      ...{ GERRIT_PROJECT: 'team/project', GERRIT_SUBMITTER: '"Ada L <ada@example.org>"' },
      GERRIT_SUBMITTER_USERNAME: 'ada',
    },
    {
      host: 'gerrit',
      pusher: { name: 'Ada L', email: 'ada@example.org', aliases: ['ada'] },
      repository: 'team/project',
      web: { style: 'gerrit' },
    },
  ],
  [
    'Gerrit, somebody without an address',
    { GERRIT_PROJECT: 'project', GERRIT_SUBMITTER: '"Ada L (1000012)"' },
    { host: 'gerrit', pusher: { name: 'Ada L' }, repository: 'project', web: { style: 'gerrit' } },
  ],
  [
    'Gerrit 2, as git-multimail reads it',
    { GERRIT_PROJECT: 'project', GERRIT_SUBMITTER: 'Ada L (ada@example.org)' },
    {
      host: 'gerrit',
      pusher: { name: 'Ada L', email: 'ada@example.org' },
      repository: 'project',
      web: { style: 'gerrit' },
    },
  ],
  [
    'Gerrit that knows nobody',
    { GERRIT_PROJECT: 'project', USER: 'ada' },
    { host: 'gerrit', repository: 'project', web: { style: 'gerrit' } },
  ],
  [
    'Bitbucket 8.19, hook scripts',
    {
      ...{ BB_PROJECT_KEY: '~ADA', BB_REPO_SLUG: 'project', BB_BASE_URL: 'https://git.example.org/stash' },
      ...{ BB_USER_NAME: 'ada', BB_USER_DISPLAY_NAME: 'Ada L', BB_USER_EMAIL: 'ada@example.org' },
    },
    {
      host: 'bitbucket',
      pusher: { name: 'ada', email: 'ada@example.org', aliases: ['Ada L'] },
      repository: '~ADA/project',
      web: { style: 'bitbucket-dc', base: 'https://git.example.org/stash' },
    },
  ],
  [
    'Stash, External Hooks before 6.2.0',
    {
      ...{ STASH_PROJECT_KEY: 'TEAM', STASH_REPO_NAME: 'project' },
      ...{ STASH_USER_NAME: 'ada', STASH_USER_EMAIL: 'ada@example.org' },
    },
    {
      host: 'bitbucket',
      pusher: { name: 'ada', email: 'ada@example.org' },
      repository: 'TEAM/project',
      web: { style: 'bitbucket-dc' },
    },
  ],
  [
    'soft-serve 0.12.2 (cmd/soft/hook)',
    { SOFT_SERVE_REPO_NAME: 'team/project', SOFT_SERVE_USERNAME: 'ada', USER: 'root' },
    { host: 'soft-serve', pusher: { name: 'ada' }, repository: 'team/project' },
  ],
  [
    'soft-serve by git://',
    { SOFT_SERVE_REPO_NAME: 'project', USER: 'ada' },
    { host: 'soft-serve', repository: 'project' },
  ],
];

for (const [what, environment, { host, pusher = {}, ...more }] of cases) {
  test(`what a host says of a push: ${what}`, () => {
    const { host: known, ...said } = saidBy(environment);
    assert.deepEqual({ ...said, host: known.name }, { host, pusher, ...more });
  });
}

const ofHost = { GL_USER: 'ada', GL_REPO: 'project' };
const signed = {
  ...{ GIT_PUSH_CERT: 'a'.repeat(40), GIT_PUSH_CERT_SIGNER: 'Zoë Z <zoe@example.org>' },
  ...{ GIT_PUSH_CERT_STATUS: 'G', GIT_PUSH_CERT_NONCE_STATUS: 'OK' },
};

test('who has signed a push is who pushed, and the host knows them by other names', () => {
  assert.deepEqual(saidBy({ ...ofHost, ...signed }).pusher, {
    name: 'Zoë Z',
    email: 'zoe@example.org',
    signed: true,
    aliases: ['ada'],
  });
  const bySsh = { ...signed, GIT_PUSH_CERT_SIGNER: 'zoe@example.org' };
  assert.deepEqual(saidBy(bySsh).pusher, { name: 'zoe@example.org', email: 'zoe@example.org', signed: true });
  assert.deepEqual(knownNames(saidBy({ ...ofHost, ...signed }).pusher), ['zoë z', 'zoe@example.org', 'ada']);
});

for (const [what, change] of Object.entries({
  'a key that is not trusted': { GIT_PUSH_CERT_STATUS: 'U' },
  'a bad signature': { GIT_PUSH_CERT_STATUS: 'B' },
  'an expired key': { GIT_PUSH_CERT_STATUS: 'X' },
  'a nonce of another push': { GIT_PUSH_CERT_NONCE_STATUS: 'SLOP' },
  'no nonce asked for': { GIT_PUSH_CERT_NONCE_STATUS: undefined },
  'a nonce that nobody asked for': { GIT_PUSH_CERT_NONCE_STATUS: 'UNSOLICITED' },
  'no signer': { GIT_PUSH_CERT_SIGNER: '' },
  'a signer of two lines': { GIT_PUSH_CERT_SIGNER: 'Zoë\nZ <zoe@example.org>' },
})) {
  test(`a signed push with ${what} is the host's user's`, () => {
    assert.deepEqual(saidBy({ ...ofHost, ...signed, ...change }).pusher, { name: 'ada' });
  });
}

test('an endless value is as if it were not there', () => {
  const endless = 'a'.repeat(5000);
  assert.deepEqual(saidBy({ GL_USER: endless, GL_REPO: 'project' }).pusher, {});
  const { repository, pusher } = saidBy({ GL_USER: 'ada', GL_REPO: endless });
  assert.deepEqual([repository, pusher], [undefined, { name: 'ada' }]);
});

test('a base of links is an address of the web, on one line', () => {
  for (const url of ['javascript:alert(1)', 'https://a b', 'https://a\nb', 'https://a"b', 'https://', '/x']) {
    const said = saidBy({ GITEA_REPO_NAME: 'project', GITEA_ROOT_URL: url });
    assert.deepEqual(said.web, { style: 'gitea' }, url);
  }
});

test('no variable is recorded that may hold a secret, or an address that is invented', () => {
  const wrong = recordedNames.filter(name =>
    /^HTTP_|TOKEN|PASSWORD|SECRET|^GIT_COMMITTER|^GIT_AUTHOR/.test(name),
  );
  assert.deepEqual(wrong, []);
  assert.equal(new Set(hosts.flatMap(({ name, aliases = [] }) => [name, ...aliases])).size, 12);
});

test("docs/hosts.md says what each hook does not see, and which refs are the host's own", () => {
  const page = readFileSync('docs/hosts.md', 'utf8').replace(/\s+/g, ' ');
  const missing = hosts
    .flatMap(({ name, unseen, ownRefs }) => [...unseen, ...(name === 'gerrit' ? [] : [ownRefs.join(' ')])])
    .filter(sentence => !page.includes(sentence));
  assert.deepEqual(missing, []);
});

test('whatever the variables hold, a host is known and nothing is thrown', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('G', 'OK', 'true', 'server-', '"', 'A <a@b.c>', '"A (a@b.c)"', ' '.repeat(1000)),
  );
  const environment = fc.dictionary(fc.constantFrom(...recordedNames), value);
  fc.assert(
    fc.property(environment, env => {
      const { host, pusher, repository = '' } = saidBy(env);
      assert.ok(hosts.includes(host));
      for (const text of [...knownNames(pusher), repository]) assert.ok(text.length <= 3000);
    }),
  );
});
