import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHere } from '../fixtures/run-here.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startScripted } from '../fixtures/smtp-script.ts';

const SIZE = 12_000;

for (const oversize of ['truncate', 'split', 'stat', 'attach']) {
  test(`mails are made no larger than the server takes: oversize = ${oversize}`, async t => {
    const server = await startScripted(t, [], { extensions: [`SIZE ${SIZE}`] });
    const settings = { 'refpost.worker': 'service', 'refpost.oversize': oversize };
    const repository = await serverRepository(t, { port: server.port, settings });
    const text = (name: string) =>
      Array.from({ length: 400 }, (_, line) => `${name} ${line} of many\n`).join('');
    const files = Object.fromEntries(['a', 'b', 'c'].map(name => [name, text(name)]));
    repository.clone.commit({ message: 'Large', files });
    await repository.push();
    assert.equal((await runHere(['work', '--once'], repository.bare, repository.env)).code, 0);
    assert.ok(server.received.length > 0);
    for (const { bytes } of server.received) {
      assert.ok(bytes.length <= SIZE, `${bytes.length} bytes`);
      assert.doesNotMatch(String(bytes), /The rest is left out/);
    }
    if (oversize === 'split') assert.ok(server.received.length > 2);
    assert.equal(server.connections, 1);
  });
}
