import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import DataStream from 'nodemailer/lib/smtp-connection/data-stream';
import { toWire } from '../../src/delivery/smtp-transaction.ts';
import type { Attempt, OutgoingMail, Sender } from '../../src/model/mail.ts';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { ENVELOPE, startExpecting, TEXT, TEXT_AND_ENVELOPE } from '../fixtures/smtp-expecting.ts';
import { type Fault, type Point, type ScriptOptions, startScripted } from '../fixtures/smtp-script.ts';
import { SENT, THREE } from './fault-case.ts';

const PIPELINING: ScriptOptions = { extensions: ['PIPELINING'] };

/** Mails in a row, each with the one that is offered after it if nobody has to wait: as the worker offers those of a push. */
function row(count: number, to?: readonly string[], number = 1): OutgoingMail {
  const isDeferred = (attempt: Attempt) =>
    attempt.outcome !== 'answered' || attempt.results.some(({ verdict }) => verdict === 'deferred');
  const next = async (attempt: Attempt) =>
    number < count && !isDeferred(attempt) ? row(count, to, number + 1) : undefined;
  return { ...outgoingMail(number, to), next };
}

async function sendRow(sender: Sender, count: number, to?: readonly string[]): Promise<string[]> {
  const attempts: string[] = [];
  for (let number = 1; number <= count; number++) {
    attempts.push(inShort(await sender.send(row(count, to, number))));
  }
  return attempts;
}

test('the end of a text and the next envelope go together: a mail a round trip', {
  timeout: 60_000,
}, async t => {
  const { got, port } = await startExpecting(t, [ENVELOPE, TEXT_AND_ENVELOPE, TEXT_AND_ENVELOPE, TEXT]);
  const sender = senderTo(t, port);
  const sent = 'one sent: 250 ok';
  assert.deepEqual(await sendRow(sender, 3), [sent, sent, sent]);
  assert.equal(got.length, 5);
});

test('no text goes before the mail is recorded, and none if that fails', async t => {
  const server = await startScripted(t, [], PIPELINING);
  const sender = senderTo(t, server.port);
  assert.equal(inShort(await sender.send(row(2))), SENT);
  const recorded = Promise.reject(new Error('disk full'));
  recorded.catch(() => {});
  assert.equal(
    inShort(await sender.send({ ...row(2, undefined, 2), recorded: () => recorded })),
    'lost: disk full',
  );
  assert.equal(server.received.length, 1);
});

test('a server that takes PIPELINING back after STARTTLS gets one command after the other', async t => {
  const server = await startScripted(t, [], {
    extensions: ['PIPELINING', 'STARTTLS'],
    secured: ['8BITMIME'],
    replies: 'together',
  });
  const sender = senderTo(t, server.port, { tls: 'opportunistic' });
  assert.deepEqual(await sendRow(sender, 3), [SENT, SENT, SENT]);
  assert.ok(server.commands.includes('STARTTLS'));
  assert.equal(server.mostAtOnce, 1);
});

test('another mail than the one announced goes over a connection of its own', async t => {
  const server = await startScripted(t, [{ at: 'DOT', nth: 1, reply: '451 later' }], PIPELINING);
  const sender = senderTo(t, server.port);
  assert.equal(inShort(await sender.send(row(2))), 'one deferred: 451 later');
  assert.equal(inShort(await sender.send(outgoingMail(3, undefined, 'Something else.\n'))), SENT);
  assert.equal(server.connections, 2);
  assert.deepEqual(
    server.received.map(({ messageId }) => messageId),
    ['<3.test@example.org>'],
  );
});

test('a sender that is closed leaves the mail that it has announced, without a word', async t => {
  const server = await startScripted(t, [], PIPELINING);
  const sender = senderTo(t, server.port);
  assert.equal(inShort(await sender.send(row(2))), SENT);
  await sender.close();
  assert.equal(server.received.length, 1);
  assert.ok(!server.commands.includes('QUIT'));
});

test('a server that forgets what came with a text is not sent it again', async t => {
  const server = await startScripted(t, [], { ...PIPELINING, isForgetful: true });
  const sender = senderTo(t, server.port, { timeouts: { socket: 300 } });
  assert.deepEqual(await sendRow(sender, 4), [SENT, SENT, SENT, SENT]);
  assert.equal(server.received.length, 4);
  assert.equal(server.connections, 2);
});

test('whatever packets the replies come in, they mean the same', async t => {
  for (const replies of ['in pieces', 'together'] as const) {
    const faults: Fault[] = [
      { at: 'RCPT', nth: 2, reply: '550-5.1.1 no such\r\n550 5.1.1 user' },
      { at: 'RCPT', nth: 5, reply: '550-5.1.1 no such\r\n550 5.1.1 user' },
    ];
    const server = await startScripted(t, faults, { ...PIPELINING, replies });
    const comes = 'one sent: 250 queued, two rejected: 550 5.1.1 no such 5.1.1 user, three sent: 250 queued';
    assert.deepEqual(await sendRow(senderTo(t, server.port), 2, THREE), [comes, comes]);
    assert.equal(server.connections, 1);
  }
});

test('by LMTP, who has the mail is known although the connection breaks before the others have', async t => {
  const faults: Fault[] = [{ at: 'DOT', nth: 5, take: true, next: 'drop' }];
  const server = await startScripted(t, faults, { ...PIPELINING, lmtp: true });
  const sender = senderTo(t, server.port, { kind: 'lmtp' });
  const [first, second] = await sendRow(sender, 2, THREE);
  assert.match(first ?? '', /^one sent: .*, two sent: .*, three sent: /);
  assert.match(second ?? '', /^one sent: 250 queued, two deferred: .*closed.*, three deferred: /);
});

/** Where a dialogue of three mails to three recipients may go wrong once. */
const FAULTS = fc
  .record({
    at: fc.constantFrom<Point>('MAIL', 'RCPT', 'DATA', 'DOT', 'RSET'),
    nth: fc.integer({ min: 1, max: 9 }),
    reply: fc.constantFrom(
      '421 bye',
      '450 later',
      '451 4.7.1 no',
      '550 no',
      '552 full',
      '554 5.7.1 no',
      'huh?',
    ),
  })
  .map((fault): Fault => (fault.reply.startsWith('421') ? { ...fault, next: 'drop' } : fault));

test('each mail comes to the same with PIPELINING and without, by SMTP and by LMTP', async t => {
  const run = async (faults: readonly Fault[], lmtp: boolean, extensions: string[]) => {
    const server = await startScripted(t, faults, { lmtp, extensions });
    const sender = senderTo(t, server.port, { kind: lmtp ? 'lmtp' : 'smtp' });
    const attempts = await sendRow(sender, 3, THREE);
    await sender.close();
    await server.stop();
    return { attempts, received: server.received.map(({ messageId, to }) => [messageId, ...to]) };
  };
  await fc.assert(
    fc.asyncProperty(fc.array(FAULTS, { maxLength: 3 }), fc.boolean(), async (faults, lmtp) => {
      assert.deepEqual(await run(faults, lmtp, ['PIPELINING']), await run(faults, lmtp, []));
    }),
    { numRuns: 60 },
  );
});

test('a message goes as nodemailer would send it', async () => {
  const line = fc.constantFrom('.', '..', '\r', '\n', '\r\n', '.\r', 'a', 'ä', 'text', '\r\n.\r\n');
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1 }), async pieces => {
      const bytes = Buffer.from(pieces.join(''));
      const expected = await buffer(Readable.from([bytes]).pipe(new DataStream()));
      assert.deepEqual(toWire(bytes).toString('latin1'), expected.toString('latin1'));
    }),
  );
});
