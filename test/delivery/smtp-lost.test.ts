import { CLOSED, SENT, THREE, testFaults } from './fault-case.ts';

/** The connection breaks or falls silent in the middle of a mail. */
testFaults([
  { title: 'MAIL hangs', faults: [{ at: 'MAIL', next: 'hang' }], comes: 'lost: Timeout', connections: 1 },
  { title: 'MAIL drops', faults: [{ at: 'MAIL', next: 'drop' }], comes: `lost: ${CLOSED}`, connections: 1 },
  { title: 'RCPT hangs', faults: [{ at: 'RCPT', nth: 2, next: 'hang' }], to: THREE, comes: 'lost: Timeout' },
  {
    title: 'RCPT drops',
    faults: [{ at: 'RCPT', nth: 2, next: 'drop' }],
    to: THREE,
    comes: `lost: ${CLOSED}`,
  },
  {
    title: 'RCPT refuses and drops, as msmtpd does',
    faults: [{ at: 'RCPT', nth: 2, reply: '501 Invalid address', next: 'drop' }],
    to: THREE,
    comes: `one deferred: ${CLOSED}, two rejected: 501 Invalid address, three deferred: ${CLOSED}`,
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
    // It is offered once more by itself: the server may have lost what came too early for it.
    early: { comes: [SENT, SENT, SENT], taken: 3 },
  },
  {
    title: 'nonsense for an answer',
    faults: [{ at: 'DOT', nth: 1, reply: 'hello?' }],
    comes: ['one deferred: hello?', SENT],
    taken: 1,
  },
]);
