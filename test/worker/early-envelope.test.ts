import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recorded } from '../fixtures/recorded.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { ENVELOPE, startExpecting, TEXT, TEXT_AND_ENVELOPE } from '../fixtures/smtp-expecting.ts';
import { BY_HAND } from './hanging-server.ts';

test('a mail takes one round trip, also where it is of another push than the one before', {
  timeout: 60_000,
}, async t => {
  const server = await startExpecting(t, [ENVELOPE, TEXT_AND_ENVELOPE, TEXT_AND_ENVELOPE, TEXT]);
  const repository = await serverRepository(t, { port: server.port, settings: BY_HAND });
  await recorded(repository, 'One', 2);
  await recorded(repository, 'Two', 1);
  assert.equal((await repository.refpost('work', '--once')).code, 0);
  assert.equal(server.got.length, 5);
});
