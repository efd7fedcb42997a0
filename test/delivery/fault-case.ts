import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutgoingMail } from '../../src/model/mail.ts';
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
  /** What differs where each envelope goes with the text before it. */
  readonly early?: Partial<Pick<FaultCase, 'comes' | 'taken' | 'connections'>>;
  readonly to?: readonly string[];
}

/** How much goes to the server before it has answered. */
const MANNERS = {
  'without PIPELINING': { extensions: [], isEarly: false },
  'with PIPELINING': { extensions: ['PIPELINING'], isEarly: false },
  'with PIPELINING, told of each mail with the text before it': { extensions: ['PIPELINING'], isEarly: true },
};

type Manner = (typeof MANNERS)[keyof typeof MANNERS];

/** Plays each case against a server in each manner. */
export function testFaults(cases: readonly FaultCase[]): void {
  for (const [name, manner] of Object.entries(MANNERS)) {
    test(`each fault of a server ${name}`, { concurrency: 8 }, async t => {
      await Promise.all(cases.map(one => t.test(one.title, t => check(t, one, manner))));
    });
  }
}

async function check(
  t: { after(fn: () => unknown): void },
  given: FaultCase,
  { extensions, isEarly }: Manner,
): Promise<void> {
  const one = { ...given, ...(isEarly && given.early) };
  const server = await startScripted(t, one.faults, { extensions });
  const hangs = one.faults.some(fault => fault.next === 'hang');
  const sender = senderTo(t, server.port, hangs ? { timeouts: IMPATIENT } : {});
  const expected = typeof one.comes === 'string' ? [one.comes] : one.comes;
  const mail = (number: number): OutgoingMail => {
    const next = async () => (number < expected.length ? mail(number + 1) : undefined);
    return { ...outgoingMail(number, one.to), ...(isEarly && { next }) };
  };
  for (const [i, comes] of expected.entries()) {
    const attempt = inShort(await sender.send(mail(i + 1)));
    if (comes.endsWith('*')) assert.ok(attempt.startsWith(comes.slice(0, -1)), attempt);
    else assert.equal(attempt, comes.replace('U:', `smtp://127.0.0.1:${server.port}:`));
  }
  assert.equal(server.received.length, one.taken ?? 0);
  if (one.connections !== undefined) assert.equal(server.connections, one.connections);
}
