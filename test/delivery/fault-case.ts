import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { type Fault, startScripted } from '../fixtures/smtp-script.ts';

export const THREE = ['one@example.org', 'two@example.org', 'three@example.org'];
export const SENT = 'one sent: 250 queued';
export const CLOSED = 'Connection closed unexpectedly';

/** For servers that fall silent. */
const IMPATIENT = { connection: 1500, greeting: 1000, socket: 1500 };

export interface FaultCase {
  readonly title: string;
  readonly faults: readonly Fault[];
  /** What each mail comes to, offered one after the other: one, or one for each mail. `U:` stands for the server. */
  readonly comes: string | readonly string[];
  /** How many messages the server has taken in the end; 0 if not given. */
  readonly taken?: number;
  readonly connections?: number;
  readonly to?: readonly string[];
}

/** Plays each case against a server with PIPELINING and against one without. */
export function testFaults(cases: readonly FaultCase[]): void {
  for (const pipelining of [true, false]) {
    const title = `each fault of a server ${pipelining ? 'with' : 'without'} PIPELINING`;
    test(title, { concurrency: 8 }, async t => {
      await Promise.all(cases.map(one => t.test(one.title, t => check(t, one, pipelining))));
    });
  }
}

async function check(
  t: { after(fn: () => unknown): void },
  one: FaultCase,
  pipelining: boolean,
): Promise<void> {
  const server = await startScripted(t, one.faults, { extensions: pipelining ? ['PIPELINING'] : [] });
  const hangs = one.faults.some(fault => fault.next === 'hang');
  const sender = senderTo(t, server.port, hangs ? { timeouts: IMPATIENT } : {});
  const expected = typeof one.comes === 'string' ? [one.comes] : one.comes;
  for (const [i, comes] of expected.entries()) {
    const attempt = inShort(await sender.send(outgoingMail(i + 1, one.to)));
    if (comes.endsWith('*')) assert.ok(attempt.startsWith(comes.slice(0, -1)), attempt);
    else assert.equal(attempt, comes.replace('U:', `smtp://127.0.0.1:${server.port}:`));
  }
  assert.equal(server.received.length, one.taken ?? 0);
  if (one.connections !== undefined) assert.equal(server.connections, one.connections);
}
