import { CLOSED, SENT, THREE, testFaults } from './fault-case.ts';

/** No working connection: it concerns the whole queue, and says nothing about the mail. */
testFaults([
  {
    title: 'greeting 554',
    faults: [{ at: 'GREETING', reply: '554 go away' }],
    comes: 'unreachable, lasting: U: 554 go away',
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
    comes: 'unreachable, lasting: 530 5.7.0 login first',
  },
  {
    title: 'RCPT wants a login',
    faults: [{ at: 'RCPT', reply: '530 5.7.0 login first' }],
    comes: 'unreachable, lasting: 530 5.7.0 login first',
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
]);
