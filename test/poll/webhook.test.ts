import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ToldUpdate } from '../../src/poll/changes.ts';
import { listen } from '../../src/poll/webhook.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { testWorld } from '../fixtures/world.ts';

const SECRET = 'long and random';
const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const PUSH = {
  ref: 'refs/heads/main',
  before: A,
  after: B,
  pusher: { name: 'ada' },
  repository: { full_name: 'team/mig', clone_url: 'https://git.example.org/team/mig.git' },
};

async function door(t: TestContext, place = '127.0.0.1:0') {
  const folder = temporaryFolder(t);
  const secret = join(folder, 'secret');
  writeFileSync(secret, `${SECRET}\n`);
  chmodSync(secret, 0o600);
  const told: [string, readonly ToldUpdate[]][] = [];
  const known = new Map([['git.example.org/team/mig', '/mirrors/mig.git']]);
  const at = place.replace('FOLDER', folder);
  const tell = (mirror: string, updates: readonly ToldUpdate[]) => void told.push([mirror, updates]);
  const served = await listen(testWorld(), at, secret, { known, tell });
  t.after(() => served.close());
  return { ...served, told, folder, secret, known, tell };
}

const signed = (body: string) => ({
  'X-Hub-Signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
});

async function send(
  address: string,
  body: string,
  options: { method?: string; headers?: Record<string, string> } = {},
) {
  const { method = 'POST', headers = signed(body) } = options;
  const response = await fetch(address, { method, headers, ...(method === 'POST' ? { body } : {}) });
  return [response.status, await response.text()] as const;
}

test('a webhook is answered by what it is, and only a right one has its repository looked at', async t => {
  const { address, told } = await door(t);
  const body = JSON.stringify(PUSH);
  const of = (change: object) => JSON.stringify({ ...PUSH, ...change });
  assert.equal((await send(address, body, { headers: signed('another') }))[0], 403);
  assert.equal((await send(address, body, { headers: {} }))[0], 403);
  assert.equal((await send(address, '', { method: 'GET', headers: {} }))[0], 405);
  assert.equal((await send(address, 'x'.repeat((1 << 20) + 1), { headers: {} }))[0], 413);
  assert.equal((await send(address, '{'))[0], 400);
  const others = of({
    repository: { clone_url: 'https://git.example.org/team/other.git', full_name: 'team/mig' },
  });
  assert.equal((await send(address, others))[0], 404);
  const hostile = of({ repository: { clone_url: 'ext::sh -c true', full_name: '../../etc' } });
  assert.equal((await send(address, hostile))[0], 404);
  assert.equal(
    (
      await send(address, '{"zen":"Keep it logically awesome."}', {
        headers: { ...signed('{"zen":"Keep it logically awesome."}'), 'X-GitHub-Event': 'ping' },
      })
    )[0],
    200,
  );
  assert.deepEqual(told, []);

  assert.deepEqual(await send(address, body), [202, 'The repository is looked at.\n']);
  assert.deepEqual(told, [['/mirrors/mig.git', [{ ref: 'refs/heads/main', old: A, new: B, pusher: 'ada' }]]]);
  // Again, and by another delivery: the same body is the same push.
  assert.deepEqual(await send(address, body), [200, 'This came before.\n']);
  assert.equal(
    (await send(address, body, { headers: { ...signed(body), 'X-GitHub-Delivery': 'new' } }))[0],
    200,
  );
  // A name does where there is no address.
  assert.equal((await send(address, of({ repository: { full_name: 'team/mig' } })))[0], 202);
  assert.equal(told.length, 2);
});

test('a body of unknown length is cut off where it is too large', async t => {
  const { address, told } = await door(t);
  const status = await new Promise((resolve, reject) => {
    const sent = request(address, { method: 'POST' }, response => resolve(response.statusCode));
    sent.on('error', reject);
    const more = (): void => {
      while (!sent.destroyed && sent.write(Buffer.alloc(1 << 16)));
    };
    sent.on('drain', more).on('response', () => sent.destroy());
    more();
  });
  assert.equal(status, 413);
  assert.deepEqual(told, []);
});

test('who sends a header and then nothing is cut off, and the others are served meanwhile', async t => {
  const { address } = await door(t);
  const { port } = new URL(address);
  const slow = connect(Number(port), '127.0.0.1');
  const ended = new Promise<string>(resolve => {
    let answer = '';
    slow.on('data', bytes => (answer += bytes)).on('close', () => resolve(answer));
  });
  slow.write('POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  assert.equal((await send(address, JSON.stringify(PUSH)))[0], 202);
  assert.match(await ended, /^HTTP\/1\.1 408 /);
});

test('hundreds of webhooks in a burst are all answered', async t => {
  const { address, told } = await door(t);
  const bodies = Array.from({ length: 300 }, (_, at) => JSON.stringify({ ...PUSH, at }));
  const statuses = await Promise.all(bodies.map(body => send(address, body)));
  assert.deepEqual([...new Set(statuses.map(([status]) => status))], [202]);
  assert.equal(told.length, 300);
});

test('it listens to this machine alone, and takes the place of a socket that nobody listens at', async t => {
  for (const place of ['0.0.0.0:80', '192.0.2.1:80', 'localhost', 'relative', '[::]:80'])
    await assert.rejects(door(t, place), { exitCode: 64 });
  const { folder, secret, known, tell, address } = await door(t, 'FOLDER/socket');
  assert.equal(address, join(folder, 'socket'));
  await assert.rejects(listen(testWorld(), address, secret, { known, tell }), /EADDRINUSE/);
  assert.ok(existsSync(address));
  await assert.rejects(
    listen(testWorld(), '127.0.0.1:0', undefined, { known, tell }),
    /webhookSecretFile is not set/,
  );
  chmodSync(secret, 0o644);
  await assert.rejects(
    listen(testWorld(), '127.0.0.1:0', secret, { known, tell }),
    /can be read by every user/,
  );
});
