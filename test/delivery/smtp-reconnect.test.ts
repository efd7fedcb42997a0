import { SENT, testFaults } from './fault-case.ts';

/** The server ends the connection between two mails: there is a new one at once, and nobody sees it. */
testFaults([
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
]);
