import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { composeForWire } from '../../src/delivery/compose.ts';
import { createSpool } from '../../src/disk/create-spool.ts';
import type { ComposedMail, Mail } from '../../src/model/mail.ts';
import { PLAIN } from '../delivery/sample-mail.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { type TestWorld, testWorld } from '../fixtures/world.ts';
import { NOON, reopen, stream, testPush } from '../outbox/spool-fixture.ts';

const ODD: Mail = {
  ...PLAIN,
  subject: 'Größer als \u001b[31mrot 你好',
  text: `Grüße\n\u001b[2J${'long '.repeat(300)}\n+\tint x = 1;\n`,
};

/** A repository in whose outbox push 1 has one mail. */
async function queued(t: TestContext, mail: Mail): Promise<{ folder: string; composed: ComposedMail }> {
  const { folder } = new TestRepository(join(temporaryFolder(t), 'r.git'), '--bare');
  const root = join(folder, 'refpost');
  await createSpool(root, 'umask');
  const composed = await composeForWire(mail);
  await (await reopen({ root })).add(testPush('push-1'), stream(composed), { now: NOON });
  return { folder, composed };
}

async function refpost(cwd: string, ...argv: string[]): Promise<{ code: number; world: TestWorld }> {
  const world = testWorld({ argv, cwd });
  return { code: await main(world, new AbortController().signal), world };
}

test('a mail is shown as its reader would see it, and a terminal obeys nothing in it', async t => {
  const { folder } = await queued(t, ODD);
  const { code, world } = await refpost(folder, 'outbox', 'show', '1', '1');
  assert.equal(code, 0);
  const text = world.out().toString();
  assert.match(text, /^Subject: Größer als \[31mrot 你好$/m);
  assert.match(text, /^Grüße\n<U\+001B>\[2Jlong long .{1000,}\n\+\tint x = 1;\n$/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f]/);
});

test('--raw gives the bytes that are sent', async t => {
  const { folder, composed } = await queued(t, ODD);
  const { world } = await refpost(folder, 'outbox', 'show', 'push-1', '1', '--raw');
  assert.deepEqual(world.out(), composed.bytes);
});

test('a mail that the push does not have is told with those that it has', async t => {
  const { folder } = await queued(t, PLAIN);
  for (const wanted of ['2', '0', 'x']) {
    const { code, world } = await refpost(folder, 'outbox', 'show', '1', wanted);
    assert.equal(code, 66);
    assert.equal(world.err(), `refpost: push 1 has no mail ${wanted}\n  it has one mail\n`);
  }
});
