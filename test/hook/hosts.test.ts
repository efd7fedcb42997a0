import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { saidBy } from '../../src/host/hosts.ts';
import { ZERO } from '../fixtures/nouns.ts';
import { gitEnvironment } from '../fixtures/repository.ts';
import { signBySsh } from '../fixtures/ssh-signing.ts';
import { Hooked, hookScript, LINE } from './hooked.ts';

const NEW = 'a'.repeat(40);
const ada = { GERRIT_PROJECT: 'team/project', GERRIT_SUBMITTER: '"Ada L <ada@example.org>"' };

/** The words of Gerrit's ref-updated (plugins/hooks, HookArgs.java), and what is recorded. */
const gerrit: readonly (readonly [what: string, args: readonly string[], env: object, update?: object])[] = [
  [
    'as Gerrit 3.12 has them',
    [
      ...['--oldrev', ZERO, '--newrev', NEW, '--refname', 'refs/heads/main', '--project', 'team/project'],
      ...['--submitter', '"Ada L <ada@example.org>"', '--submitter-username', 'ada'],
    ],
    { ...ada, GERRIT_SUBMITTER_USERNAME: 'ada' },
  ],
  [
    'of Gerrit 2, with a short name',
    [
      '--oldrev',
      ZERO,
      '--newrev',
      NEW,
      '--refname',
      'main',
      '--project',
      'p',
      '--submitter',
      'Ada (a@b.example)',
    ],
    { GERRIT_PROJECT: 'p', GERRIT_SUBMITTER: 'Ada (a@b.example)' },
  ],
  [
    'where Gerrit knows nobody and leaves words empty',
    [
      '--oldrev',
      '',
      '--newrev',
      NEW,
      '--refname',
      'refs/heads/main',
      '--project',
      'p',
      '--submitter-username',
      '',
    ],
    { GERRIT_PROJECT: 'p' },
  ],
  [
    'with options of a Gerrit to come',
    [
      ...['--flag', '--future', 'x y', '--project', 'p', '--oldrev', ZERO, '--word', '*', '--newrev', NEW],
      ...['--refname', 'refs/heads/main', '--last'],
    ],
    { GERRIT_PROJECT: 'p' },
  ],
  [
    'with a name that looks like an option, a line end and what a shell would run',
    [
      ...[
        '--submitter',
        '--refname',
        '--submitter-username',
        'a\nkind notify\n$(touch x)`touch y`',
        '--project',
        'p',
      ],
      ...['--oldrev', ZERO, '--newrev', NEW, '--refname', 'refs/heads/main'],
    ],
    {
      GERRIT_PROJECT: 'p',
      GERRIT_SUBMITTER: '--refname',
      GERRIT_SUBMITTER_USERNAME: 'a\nkind notify\n$(touch x)`touch y`',
    },
  ],
];

for (const [what, args, environment] of gerrit) {
  test(`the hook takes the words of Gerrit's ref-updated ${what}`, async t => {
    const hooked = new Hooked(t);
    hooked.keepBefore('cat', 'echo "$@"');
    const ran = hooked.run(['sh'], 'not read', { GERRIT_SITE: '/srv/gerrit', GIT_DIR: hooked.bare }, args);
    assert.deepEqual([ran.status, ran.stdout, ran.stderr], [0, `${args.join(' ')}\n`, '']);
    const [push] = await hooked.recorded();
    assert.deepEqual(push?.environment, environment);
    assert.deepEqual(push?.updates, [{ ref: 'refs/heads/main', old: ZERO, new: NEW }]);
  });
}

test("the words of Gerrit's ref-updated are the same to every shell", async t => {
  const hooked = new Hooked(t);
  const shells = [['dash'], ['bash', '--posix'], ['busybox', 'ash'], ['ksh']];
  const there = shells.filter(([file = '', ...words]) => spawnSync(file, [...words, '-c', ':']).status === 0);
  const [, args = [], environment] = gerrit[gerrit.length - 1] ?? [];
  for (const shell of there) assert.equal(hooked.run(shell, '', {}, args).stderr, '', shell.join(' '));
  const pushes = await hooked.recorded();
  assert.deepEqual(
    pushes.map(push => push.environment),
    there.map(() => environment),
  );
});

test('what Gerrit writes for itself is passed over before anything is started, and an own hook still runs', async t => {
  const hooked = new Hooked(t);
  // Whatever looks into the repository would complain of this.
  writeFileSync(join(hooked.bare, 'config'), '[broken');
  hooked.keepBefore('echo own');
  for (const [project, ref] of [
    ['project', 'refs/changes/17/117/meta'],
    ['project', 'refs/cache-automerge/ab/cd'],
    ['project', 'refs/notes/review'],
    ['All-Users', 'refs/heads/main'],
    ['All-Projects', 'refs/meta/config'],
  ] as const) {
    const args = ['--oldrev', ZERO, '--newrev', NEW, '--refname', ref, '--project', project];
    const ran = hooked.run(['sh'], '', {}, args);
    assert.deepEqual([ran.status, ran.stdout, ran.stderr], [0, 'own\n', ''], ref);
  }
  assert.deepEqual(await hooked.recorded(), []);
});

test('a worker that Gerrit starts by the hook holds none of its streams', async t => {
  const hooked = new Hooked(t);
  hooked.worker('until [ -e "$0.end" ]; do sleep 0.05; done', 'echo ended >"$out"');
  const args = ['--oldrev', ZERO, '--newrev', NEW, '--refname', 'refs/heads/main', '--project', 'p'];
  const hook = spawn(hookScript, args, { cwd: hooked.bare, env: gitEnvironment({ GIT_DIR: hooked.bare }) });
  hook.stdin.end();
  hook.stdout.resume();
  hook.stderr.resume();
  // All of its pipes are at their end.
  await once(hook, 'close');
  assert.equal(hooked.worked, false);
  writeFileSync(join(hooked.folder, 'the worker.end'), '');
  assert.equal(await hooked.fromWorker(), 'ended\n');
});

test('a dry run of Bitbucket is no push, for the script and the program, and an own hook still runs', async t => {
  const hooked = new Hooked(t);
  hooked.keepBefore('cat');
  const env = { BB_IS_DRY_RUN: 'true', BB_REPO_SLUG: 'project' };
  assert.deepEqual(hooked.run(['sh'], LINE, env).stdout, LINE);
  assert.deepEqual(hooked.runProgram(LINE, env).stderr, '');
  assert.deepEqual(await hooked.recorded(), []);
  hooked.run(['sh'], LINE, { ...env, BB_IS_DRY_RUN: 'false' });
  assert.equal((await hooked.recorded()).length, 1);
});

test('a push that GitLab shows to hooks in a snapshot is recorded for the repository itself', async t => {
  const hooked = new Hooked(t);
  const storage = join(hooked.folder, 'storage');
  const path = '@hashed/4b/22/4b22777d.git';
  const real = join(storage, path);
  const snapshot = join(storage, '+gitaly/staging/12/snapshots/7', path);
  mkdirSync(join(storage, '@hashed/4b/22'), { recursive: true });
  renameSync(hooked.bare, real);
  mkdirSync(join(snapshot, 'objects'), { recursive: true });
  const env = { GIT_DIR: join(storage, '+gitaly/staging/11/gone', path), GL_PROJECT_PATH: 'group/project' };
  const ran = spawnSync(hookScript, {
    cwd: snapshot,
    input: LINE,
    env: gitEnvironment(env),
    encoding: 'utf8',
  });
  assert.deepEqual([ran.status, ran.stderr], [0, '']);
  assert.deepEqual(hooked.runProgram(LINE, env, snapshot).stderr, '');
  const { layout } = new Hooked(t, 'other.git');
  const pushes = await hooked.recorded({ ...layout, root: join(real, 'refpost') });
  assert.deepEqual(
    pushes.map(({ repository }) => repository),
    [real, real],
  );
});

test('by git http-backend the login is who pushed, and the address that it invents is not recorded', async t => {
  const hooked = new Hooked(t);
  hooked.config('http.receivePack', 'true');
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(`http://localhost${request.url}`);
    const backend = spawn('git', ['http-backend'], {
      env: gitEnvironment({
        ...{ GIT_PROJECT_ROOT: hooked.folder, GIT_HTTP_EXPORT_ALL: '1', GATEWAY_INTERFACE: 'CGI/1.1' },
        ...{ PATH_INFO: pathname, QUERY_STRING: search.slice(1), REQUEST_METHOD: request.method },
        ...{ REMOTE_USER: 'ada', REMOTE_ADDR: '192.0.2.7', CONTENT_TYPE: request.headers['content-type'] },
        ...{ HTTP_AUTHORIZATION: 'Basic c2VjcmV0', GIT_NAMESPACE: 'team', USER: 'www-data' },
      }),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on('data', chunk => chunks.push(chunk));
    backend.on('close', () => {
      const answer = Buffer.concat(chunks);
      const end = answer.indexOf('\r\n\r\n');
      const head = answer.subarray(0, end).toString().split('\r\n');
      const fields = head.map(field => field.split(': ') as [string, string]);
      const status = fields.find(([name]) => name === 'Status')?.[1] ?? '200';
      response.writeHead(Number.parseInt(status, 10), Object.fromEntries(fields));
      response.end(answer.subarray(end + 4));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const push = spawn('git', ['push', '-q', `http://127.0.0.1:${port}/project.git`, 'main'], {
    cwd: hooked.work.folder,
    env: gitEnvironment(),
  });
  assert.deepEqual(await once(push, 'close'), [0, null]);
  const [record] = await hooked.recorded();
  assert.deepEqual(record?.environment, {
    ...{ USER: 'www-data', REMOTE_USER: 'ada', REMOTE_ADDR: '192.0.2.7', REQUEST_METHOD: 'POST' },
  });
  assert.deepEqual(
    record?.updates.map(({ ref }) => ref),
    ['refs/namespaces/team/refs/heads/main'],
  );
  const { host, pusher } = saidBy(record?.environment ?? {});
  assert.deepEqual([host.name, pusher], ['http', { name: 'ada' }]);
});

test('by git daemon nobody has a name, not even who runs it', async t => {
  const hooked = new Hooked(t);
  const free = createSocket();
  await once(free.listen(0, '127.0.0.1'), 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  const words = ['daemon', `--port=${port}`, '--listen=127.0.0.1', `--base-path=${hooked.folder}`];
  const more = ['--export-all', '--enable=receive-pack', '--reuseaddr', '--informative-errors', '--verbose'];
  const daemon = spawn('git', [...words, ...more], { env: gitEnvironment({ USER: 'ada' }), detached: true });
  t.after(() => process.kill(-(daemon.pid as number), 'SIGKILL'));
  await once(daemon.stderr, 'data');
  const ran = hooked.pushTo(`git://127.0.0.1:${port}/project.git`, ['main']);
  assert.deepEqual([ran.status, ran.stderr], [0, '']);
  const [record] = await hooked.recorded();
  const { host, pusher } = saidBy(record?.environment ?? {});
  assert.deepEqual([host.name, pusher], ['git-daemon', {}]);
});

test('a signed push that git has verified is by its signer', async t => {
  const hooked = new Hooked(t);
  signBySsh(hooked.work, hooked.folder);
  hooked.config('receive.certNonceSeed', 'seed');
  hooked.config('gpg.ssh.allowedSignersFile', join(hooked.folder, 'allowed'));
  const ran = hooked.push(['main'], { GL_USER: 'bot', GL_REPO: 'project' }, ['--signed']);
  assert.deepEqual([ran.status, ran.stderr], [0, '']);
  const [record] = await hooked.recorded();
  const certificate = record?.environment.GIT_PUSH_CERT ?? '';
  const text = execFileSync('git', ['-C', hooked.bare, 'cat-file', 'blob', certificate], {
    encoding: 'utf8',
  });
  assert.match(text, /^certificate version 0\.1\npusher /);
  assert.deepEqual(saidBy(record?.environment ?? {}).pusher, {
    ...{ name: 'ada@example.org', email: 'ada@example.org', signed: true, aliases: ['bot'] },
  });
  // Of a key that is in no list of signers git says that it fits, but not whose it is.
  hooked.config('gpg.ssh.allowedSignersFile', '/dev/null');
  hooked.work.commit();
  hooked.push(['main'], { GL_USER: 'bot', GL_REPO: 'project' }, ['--signed']);
  const last = (await hooked.recorded()).find(({ environment }) => environment.GIT_PUSH_CERT !== certificate);
  assert.equal(last?.environment.GIT_PUSH_CERT_NONCE_STATUS, 'OK');
  assert.deepEqual(saidBy(last?.environment ?? {}).pusher, { name: 'bot' });
});
