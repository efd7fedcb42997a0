import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { type Fault, startScripted } from '../fixtures/smtp-script.ts';

const THREE = ['one@example.org', 'two@example.org', 'three@example.org'];
/** For servers that fall silent. */
const IMPATIENT = { connection: 700, greeting: 700, socket: 700 };
const CLOSED = 'Connection closed unexpectedly';

interface Case {
  readonly title: string;
  readonly faults: readonly Fault[];
  /** What each mail comes to, offered one after the other: one, or one for each mail. `U:` stands for the server. */
  readonly comes: string | readonly string[];
  /** How many messages the server has taken in the end; 0 if not given. */
  readonly taken?: number;
  readonly connections?: number;
  readonly to?: readonly string[];
}

const SENT = 'one sent: 250 queued';

const CASES: readonly Case[] = [
  // No working connection: it concerns the whole queue.
  {
    title: 'greeting 554',
    faults: [{ at: 'GREETING', reply: '554 go away' }],
    comes: 'unreachable: U: 554 go away',
  },
  {
    title: 'greeting 421',
    faults: [{ at: 'GREETING', reply: '421 busy', next: 'drop' }],
    comes: 'unreachable: U: 421 busy',
  },
  {
    title: 'greeting hangs',
    faults: [{ at: 'GREETING', next: 'hang' }],
    comes: 'unreachable: U: Greeting never received',
  },
  { title: 'greeting drops', faults: [{ at: 'GREETING', next: 'drop' }], comes: `unreachable: U: ${CLOSED}` },
  {
    title: 'EHLO 421',
    faults: [{ at: 'EHLO', reply: '421 busy', next: 'drop' }],
    comes: 'unreachable: U: 421 busy',
  },
  { title: 'EHLO hangs', faults: [{ at: 'EHLO', next: 'hang' }], comes: 'unreachable: U: Timeout' },
  { title: 'EHLO drops', faults: [{ at: 'EHLO', next: 'drop' }], comes: `unreachable: U: ${CLOSED}` },
  {
    title: 'EHLO unknown: HELO is tried',
    faults: [{ at: 'EHLO', reply: '502 what?' }],
    comes: SENT,
    taken: 1,
  },
  {
    title: 'MAIL wants a login',
    faults: [{ at: 'MAIL', reply: '530 5.7.0 login first' }],
    comes: 'unreachable: 530 5.7.0 login first',
  },
  {
    title: 'RCPT wants a login',
    faults: [{ at: 'RCPT', reply: '530 5.7.0 login first' }],
    comes: 'unreachable: 530 5.7.0 login first',
  },
  {
    title: 'MAIL 421 on a fresh connection',
    faults: [{ at: 'MAIL', reply: '421 too many', next: 'drop' }],
    comes: 'unreachable: 421 too many',
    connections: 1,
  },
  {
    title: 'RCPT 421 on a fresh connection',
    faults: [{ at: 'RCPT', nth: 2, reply: '421 too many', next: 'drop' }],
    to: THREE,
    comes: 'unreachable: 421 too many',
  },
  {
    title: 'DATA 421 on a fresh connection',
    faults: [{ at: 'DATA', reply: '421 too many', next: 'drop' }],
    comes: 'unreachable: 421 too many',
  },

  // The server speaks about this mail.
  {
    title: 'MAIL 451',
    faults: [{ at: 'MAIL', nth: 1, reply: '451 later' }],
    comes: ['one deferred: 451 later', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'MAIL 452',
    faults: [{ at: 'MAIL', nth: 1, reply: '452 full' }],
    comes: ['one deferred: 452 full', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'MAIL 503',
    faults: [{ at: 'MAIL', nth: 1, reply: '503 confused' }],
    comes: ['one deferred: 503 confused', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'MAIL 550',
    faults: [{ at: 'MAIL', nth: 1, reply: '550 not you' }],
    comes: ['one rejected: 550 not you', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'RCPT 550',
    faults: [{ at: 'RCPT', nth: 1, reply: '550 unknown' }],
    comes: ['one rejected: 550 unknown', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'RCPT 450',
    faults: [{ at: 'RCPT', nth: 1, reply: '450 grey' }],
    comes: ['one deferred: 450 grey', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'every RCPT refused, each in its own way',
    faults: [
      { at: 'RCPT', nth: 1, reply: '550 unknown' },
      { at: 'RCPT', nth: 2, reply: '450 grey' },
      { at: 'RCPT', nth: 3, reply: '552 full' },
    ],
    to: THREE,
    comes: 'one rejected: 550 unknown, two deferred: 450 grey, three rejected: 552 full',
  },
  {
    title: 'one RCPT of three is refused for good, one for now',
    faults: [
      { at: 'RCPT', nth: 1, reply: '550-5.1.1 no such\r\n550 5.1.1 user' },
      { at: 'RCPT', nth: 3, reply: '451 grey' },
    ],
    to: THREE,
    comes: 'one rejected: 550 5.1.1 no such 5.1.1 user, two sent: 250 queued, three deferred: 451 grey',
    taken: 1,
  },
  {
    title: 'DATA 451',
    faults: [{ at: 'DATA', nth: 1, reply: '451 later' }],
    comes: ['one deferred: 451 later', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'DATA 554',
    faults: [{ at: 'DATA', nth: 1, reply: '554 no' }],
    comes: ['one rejected: 554 no', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'the message is refused for now',
    faults: [{ at: 'DOT', nth: 1, reply: '452 full' }],
    comes: ['one deferred: 452 full', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'the message is refused for good',
    faults: [{ at: 'DOT', nth: 1, reply: '554 spam' }],
    comes: ['one rejected: 554 spam', SENT],
    taken: 1,
    connections: 1,
  },
  {
    title: 'a shutdown after the message is a plain no',
    faults: [{ at: 'DOT', nth: 1, reply: '421 bye', next: 'drop' }],
    comes: ['one deferred: 421 bye', SENT],
    taken: 1,
    connections: 2,
  },
  {
    title: 'refused recipients keep their own answers when the message is refused',
    faults: [
      { at: 'RCPT', nth: 1, reply: '450 grey' },
      { at: 'DOT', reply: '554 spam' },
    ],
    to: THREE,
    comes: 'one deferred: 450 grey, two rejected: 554 spam, three rejected: 554 spam',
  },

  // The connection breaks or falls silent in the middle of a mail.
  { title: 'MAIL hangs', faults: [{ at: 'MAIL', next: 'hang' }], comes: 'lost: Timeout', connections: 1 },
  { title: 'MAIL drops', faults: [{ at: 'MAIL', next: 'drop' }], comes: `lost: ${CLOSED}`, connections: 1 },
  { title: 'RCPT hangs', faults: [{ at: 'RCPT', nth: 2, next: 'hang' }], to: THREE, comes: 'lost: Timeout' },
  {
    title: 'RCPT drops',
    faults: [{ at: 'RCPT', nth: 2, next: 'drop' }],
    to: THREE,
    comes: `lost: ${CLOSED}`,
  },
  { title: 'DATA hangs', faults: [{ at: 'DATA', next: 'hang' }], comes: 'lost: Timeout' },
  { title: 'DATA drops', faults: [{ at: 'DATA', next: 'drop' }], comes: `lost: ${CLOSED}` },
  {
    title: 'drops in the message',
    faults: [{ at: 'BODY', after: 1, next: 'drop' }],
    comes: 'lost, uncertain: *',
  },
  {
    title: 'hangs after the message, which it has not taken',
    faults: [{ at: 'DOT', next: 'hang' }],
    comes: 'lost, uncertain: Timeout',
  },
  {
    title: 'drops after the message, which it has taken',
    faults: [{ at: 'DOT', take: true, next: 'drop' }],
    comes: `lost, uncertain: ${CLOSED}`,
    taken: 1,
  },
  {
    title: 'the second mail hangs',
    faults: [{ at: 'MAIL', nth: 2, next: 'hang' }],
    comes: [SENT, 'lost: Timeout', SENT],
    taken: 2,
    connections: 2,
  },
  {
    title: 'nonsense for an answer',
    faults: [{ at: 'DOT', nth: 1, reply: 'hello?' }],
    comes: ['one deferred: hello?', SENT],
    taken: 1,
  },

  // The server ends the connection between two mails: a new one, at once, and nobody sees it.
  {
    title: 'one mail a connection, said with 421',
    faults: [{ at: 'MAIL', nth: 2, perConnection: true, reply: '421 one each', next: 'drop' }],
    comes: [SENT, SENT, SENT],
    taken: 3,
    connections: 3,
  },
  {
    title: 'one mail a connection, said in the same breath',
    faults: [{ at: 'DOT', reply: '250 queued\r\n421 one each', next: 'drop' }],
    comes: [SENT, SENT, SENT],
    taken: 3,
    connections: 3,
  },
  {
    title: 'one mail a connection, dropped in silence',
    faults: [{ at: 'MAIL', nth: 2, perConnection: true, next: 'drop' }],
    comes: [SENT, SENT],
    taken: 2,
    connections: 2,
  },
  {
    title: 'one mail a connection, closed after it',
    faults: [{ at: 'DOT', reply: '250 queued', next: 'drop' }],
    comes: [SENT, SENT, SENT],
    taken: 3,
    connections: 3,
  },
  {
    title: '421 at the second RCPT of a reused connection',
    faults: [{ at: 'RCPT', nth: 2, perConnection: true, reply: '421 enough', next: 'drop' }],
    comes: [SENT, SENT],
    taken: 2,
    connections: 2,
  },
  {
    title: '421 at the RSET after a refusal',
    faults: [
      { at: 'DATA', nth: 1, reply: '554 no' },
      { at: 'RSET', reply: '421 bye', next: 'drop' },
    ],
    comes: ['one rejected: 554 no', SENT],
    taken: 1,
    connections: 2,
  },
  {
    title: '421 on the fresh connection, too',
    faults: [
      { at: 'MAIL', nth: 2, reply: '421 a', next: 'drop' },
      { at: 'MAIL', nth: 3, reply: '421 b', next: 'drop' },
    ],
    comes: [SENT, 'unreachable: 421 b', SENT],
    taken: 2,
    connections: 3,
  },
  {
    title: 'an answer that cannot be refused: too many on this connection',
    faults: [{ at: 'MAIL', nth: 2, reply: '450 rate' }],
    comes: [SENT, 'one deferred: 450 rate', SENT],
    taken: 2,
    connections: 1,
  },
];

for (const pipelining of [true, false]) {
  test(`each fault of a server, ${pipelining ? 'with' : 'without'} PIPELINING`, {
    concurrency: 8,
  }, async t => {
    await Promise.all(CASES.map(one => t.test(one.title, t => check(t, one, pipelining))));
  });
}

async function check(t: { after(fn: () => unknown): void }, one: Case, pipelining: boolean): Promise<void> {
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
