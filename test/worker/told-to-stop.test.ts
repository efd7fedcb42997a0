import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { heldBy, leftBehind } from '../fixtures/left-behind.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { recorded } from '../fixtures/recorded.ts';
import type { Point } from '../fixtures/smtp-script.ts';
import { testWorld } from '../fixtures/world.ts';
import { hangingBesideLive } from './hanging-server.ts';

/* These workers run in this process, one after the other, so that all that they leave open is seen. */

for (const at of ['GREETING', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'DOT'] as const satisfies readonly Point[]) {
  test(`told to stop while a server says nothing at ${at}, a worker ends, leaves nothing open, and sends no mail twice`, async t => {
    const { hangs, inbox, stuck, live } = await hangingBesideLive(t, [{ at, next: 'hang' }]);
    await recorded(stuck, 'Stuck', 2);
    await recorded(live, 'Live', 2);
    const before = heldBy(process.pid);
    const stop = new AbortController();
    const { bare: cwd, env } = live;
    const ended = main(testWorld({ argv: ['work'], cwd, env, now: Date.now }), stop.signal);
    const last = at === 'DOT' ? 'DATA' : at;
    await waitUntil('the server hangs', () =>
      at === 'GREETING' ? hangs.connections > 0 : hangs.commands.some(command => command.startsWith(last)),
    );
    await inbox.waitFor(2);
    stop.abort();
    assert.equal(await ended, 0);
    assert.doesNotMatch(live.log(), / (unreached|deferred) /);
    assert.deepEqual(await leftBehind(before, { sockets: false }), { children: [], descriptors: [] });
    hangs.play();
    assert.equal((await live.refpost('work', '--once')).code, 0);
    assert.equal(hangs.received.length, 2);
    assert.equal(inbox.received.length, 2);
  });
}
