import { SENT, THREE, testFaults } from './fault-case.ts';

/** The server speaks about this mail, recipient by recipient. */
testFaults([
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
]);
