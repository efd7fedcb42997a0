import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runHere } from '../fixtures/run-here.ts';
import { Hooked } from '../hook/hooked.ts';

/** A repository with recipients, and what doctor, status and explain say of its host. */
function site(t: TestContext) {
  const hooked = new Hooked(t);
  hooked.config('refpost.to', 'list@example.org');
  hooked.config('refpost.from', 'commits@example.org');
  hooked.config('refpost.transport', 'smtp://127.0.0.1:9');
  const refpost = async (...words: string[]) => (await runHere(words, hooked.bare)).stdout;
  const doctor = async () =>
    (await refpost('doctor')).split(/^(?=\S)/m).filter(finding => /^\S+ +host:/.test(finding));
  return { hooked, refpost, doctor };
}

test('what runs the hook is known from its pushes, and doctor, status and explain say what its hook does not see', async t => {
  const { hooked, refpost, doctor } = site(t);
  hooked.push(['main']);
  await refpost('work', '--once');
  assert.deepEqual(await doctor(), []);
  assert.doesNotMatch(await refpost('status'), /^host/m);
  hooked.work.commit();
  hooked.push(['main'], { GL_ID: 'user-7', GL_USERNAME: 'ada', GL_PROJECT_PATH: 'group/project' });
  await refpost('work', '--once');
  const [found = ''] = await doctor();
  assert.match(
    found,
    /^ok {4}host: GitLab\. What its hook does not see:\n {6}- Each ref that is moved on the web/,
  );
  assert.match(await refpost('status'), /^host: {7}GitLab$/m);
  assert.equal(JSON.parse(await refpost('status', '--json')).host, 'GitLab');
  assert.match(await refpost('explain', 'main'), /\nHost: GitLab\. What its hook does not see:\n- Each ref/);
  assert.equal(JSON.parse(await refpost('explain', 'main', '--json')).host.name, 'gitlab');
  // A push on the server itself, past the host, does not make it another one.
  hooked.work.commit();
  hooked.push(['main']);
  await refpost('work', '--once');
  assert.equal((await doctor()).length, 1);
});

test('before the first push a host is known by its files', async t => {
  const { hooked, doctor } = site(t);
  mkdirSync(join(hooked.bare, 'hooks/post-receive.d'));
  writeFileSync(join(hooked.bare, 'hooks/post-receive.d/gitea'), '');
  assert.match((await doctor()).join(''), /Gitea or Forgejo/);
});

test('a file of pushers that cannot be read is a fault that doctor names, and keeps no mail', async t => {
  const { hooked, refpost, doctor } = site(t);
  hooked.config('refpost.pusherMap', join(hooked.folder, 'pushers'));
  assert.match(
    (await doctor()).join(''),
    /^FAIL {2}host: refpost\.pusherMap names .*pushers, which this user cannot read/,
  );
  hooked.push(['main'], { GL_USER: 'ada', GL_REPO: 'project' });
  await refpost('work', '--once');
  assert.match(await refpost('outbox', 'show', '1', '1', '--raw'), /^X-Git-Pusher: ada$/m);
  writeFileSync(join(hooked.folder, 'pushers'), 'ada Ada Lovelace <ada@example.org>\n');
  hooked.work.commit();
  hooked.push(['main'], { GL_USER: 'ada', GL_REPO: 'project' });
  await refpost('work', '--once');
  assert.match(
    await refpost('outbox', 'show', '2', '1', '--raw'),
    /^X-Git-Pusher: Ada Lovelace <ada@example\.org>$/m,
  );
});

test('a copy of a mirror moves its ledger and mails nothing, and the log says why', async t => {
  const { hooked, refpost } = site(t);
  writeFileSync(join(hooked.bare, 'gl-conf'), '');
  hooked.push(['main'], { GL_USER: 'server-frodo', GL_REPO: 'project', GL_BYPASS_ACCESS_CHECKS: '1' });
  await refpost('work', '--once');
  const log = () => readFileSync(join(hooked.bare, 'refpost/refpost.log'), 'utf8');
  assert.match(log(), /mails=0 .*passed-over="?a mirror's copy, pushed by server-frodo/);
  // It is the master now.
  hooked.work.commit();
  hooked.push(['main'], { GL_USER: 'ada', GL_REPO: 'project' });
  await refpost('work', '--once');
  assert.match(log(), /refs=1 mails=1/);
});
