import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Pusher, pusherOf } from '../../src/host/pusher.ts';

const cases: readonly (readonly [host: string, environment: Record<string, string>, pusher: Pusher])[] = [
  ['nothing known', {}, {}],
  ['an account that many push through', { USER: 'git', LOGNAME: 'git' }, {}],
  ['a web server without a login', { USER: 'www-data' }, {}],
  ['gitolite without a repository', { GL_USER: 'ada', USER: 'git' }, { name: 'ada' }],
  ['gitolite, asked by a mirror that names nobody', { GL_REPO: 'foo', USER: 'git' }, { repository: 'foo' }],
  ['ssh', { USER: 'ada', LOGNAME: 'ada' }, { name: 'ada' }],
  ['cron', { LOGNAME: 'ada' }, { name: 'ada' }],
  ['a web server', { REMOTE_USER: 'ada', USER: 'www-data' }, { name: 'ada' }],
  ['gitolite', { GL_USER: 'ada', GL_REPO: 'foo/bar', USER: 'git' }, { name: 'ada', repository: 'foo/bar' }],
  [
    'GitLab',
    {
      GL_ID: 'user-7',
      GL_USERNAME: 'ada',
      GL_PROJECT_PATH: 'group/project',
      GL_PROTOCOL: 'ssh',
      USER: 'git',
    },
    { name: 'ada', repository: 'group/project' },
  ],
  [
    'GitLab with a deploy key',
    { GL_ID: 'key-7', GL_PROJECT_PATH: 'group/project', USER: 'git' },
    { repository: 'group/project' },
  ],
  ['GitLab without a path', { GL_ID: 'user-7', GL_USERNAME: 'ada', USER: 'git' }, { name: 'ada' }],
  [
    'Gitea',
    {
      GITEA_PUSHER_NAME: 'ada',
      GITEA_PUSHER_EMAIL: 'ada@example.org',
      GITEA_REPO_USER_NAME: 'group',
      GITEA_REPO_NAME: 'project',
      USER: 'git',
    },
    { name: 'ada', email: 'ada@example.org', repository: 'group/project' },
  ],
  [
    'Gitea without an owner',
    { GITEA_PUSHER_NAME: 'ada', GITEA_REPO_NAME: 'project' },
    { name: 'ada', repository: 'project' },
  ],
];

for (const [host, environment, pusher] of cases) {
  test(`who pushed is read from the variables of the host: ${host}`, () => {
    assert.deepEqual(pusherOf(environment), pusher);
  });
}
