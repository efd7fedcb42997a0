import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { subjectsOf } from '../fixtures/read-mails.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

const REFTABLE = '--ref-format=reftable';

test('a repository whose refs are in a reftable is announced like any other', async t => {
  const tried = spawnSync('git', ['init', '-q', REFTABLE, temporaryFolder(t)], { env: gitEnvironment() });
  if (tried.status !== 0) return t.skip('git here has no reftable');
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port, init: [REFTABLE] });
  const { clone } = server;
  for (const message of ['One', 'Two', 'Three']) clone.commit({ message });
  clone.git('tag', '-a', '-m', 'The first', 'v1');
  await server.push(['main', 'v1', 'main:side']);
  await server.arrived(4, inbox);
  clone.git('reset', '-q', '--hard', 'HEAD~1');
  clone.commit({ message: 'Three, better' });
  await server.push(['+main', ':side']);
  const mails = await server.arrived(6, inbox);
  assert.ok(existsSync(join(server.bare, 'reftable')));
  assert.deepEqual(await subjectsOf(mails), [
    '[1/4] project git commit: One',
    '[2/4] project git commit: Two',
    '[3/4] project git commit: Three',
    '[4/4] project git push: 2 refs changed: branch side created, tag v1 created',
    '[1/2] project git commit: Three, better [Forced Update!]',
    '[2/2] project git push: 2 refs changed: branch main forced (1 commit lost), branch side deleted [Forced Update!]',
  ]);
});
