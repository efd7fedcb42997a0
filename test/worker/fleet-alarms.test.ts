import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { manyCommits } from '../fixtures/many-commits.ts';
import { cannotStartPostgres, startPostgres } from '../fixtures/postgres.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startScripted } from '../fixtures/smtp-script.ts';
import { testWorld } from '../fixtures/world.ts';

/* What the administrator of a fleet is told: each thing once, however many senders there are. */

const skip = cannotStartPostgres();
const postgres = skip ? undefined : await startPostgres({ after });

test('of mails that wait for too long, and of those that were given up, one alarm is made for the fleet', {
  skip,
}, async t => {
  assert.ok(postgres);
  const inbox = await startScripted(t, [{ at: 'RCPT', reply: '550 5.1.1 no such user' }]);
  const url = postgres.url(await postgres.database());
  const folder = temporaryFolder(t);
  const config = join(folder, 'gitconfig');
  const settings = (port: number) =>
    writeFileSync(
      config,
      `[refpost]\n outbox = ${url}\n transport = smtp://127.0.0.1:${port}\n administrator = root@example.org\n from = git@example.org\n`,
    );
  const run = async (words: readonly string[], later: number, cwd = folder) => {
    const env = gitEnvironment({ GIT_CONFIG_GLOBAL: config });
    const world = testWorld({ argv: words, cwd, env, now: () => Date.now() + later });
    await main(world, new AbortController().signal);
    return world;
  };
  const alarms = async () => {
    const rows = JSON.parse((await run(['outbox', 'list', '--all', '--json'], 0)).out().toString());
    return rows.flatMap(({ push, subject }: { push: string; subject: string }) =>
      push.startsWith('alarm') ? [subject] : [],
    );
  };
  settings(1);
  await run(['fleet', 'init'], 0);
  const server = await serverRepository(t, {
    port: 1,
    settings: { 'refpost.outbox': url, 'refpost.server': 'git1', 'refpost.worker': 'service' },
  });
  manyCommits({ clone: server.clone, count: 2, title: 'One' });
  await server.push();
  await run(['work', '--intake', '--once'], 0, server.bare);
  const HOURS = 5 * 3_600_000;
  for (let sender = 0; sender < 3; sender++) await run(['work', '--sender', '--once'], HOURS);
  assert.deepEqual(await alarms(), [`refpost: pushes wait on ${testWorld().host}`]);
  settings(inbox.port);
  for (let sender = 0; sender < 3; sender++) await run(['work', '--sender', '--once'], 2 * HOURS);
  assert.deepEqual((await alarms()).slice(1), ['refpost: mails about project were given up']);
});
