import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Concern, concernOf } from '../../src/delivery/classify.ts';

/** Replies of servers, as they stand in their logs. */
const REPLIES: readonly [command: string, reply: string, concern: Concern][] = [
  ['MAIL FROM', '550 5.7.1 Sender address rejected', 'sender'],
  ['MAIL FROM', '553 5.1.8 <a@b>: Domain of sender address does not exist', 'sender'],
  ['MAIL FROM', '501 5.1.7 Bad sender address syntax', 'sender'],
  ['MAIL FROM', '554 5.7.1 no', 'sender'],
  ['MAIL FROM', '554 5.7.1 <h[192.0.2.1]>: Client host rejected: Access denied', 'transport'],
  ['MAIL FROM', '550 5.7.1 <x>: Helo command rejected: Access denied', 'transport'],
  ['MAIL FROM', '530 5.7.0 Authentication required', 'transport'],
  ['MAIL FROM', '552 5.3.4 Message size exceeds fixed limit', 'mail'],
  ['MAIL FROM', '552 too much', 'mail'],
  ['MAIL FROM', '451 4.7.1 Greylisted', 'mail'],
  ['MAIL FROM', '503 5.5.1 Error: nested MAIL command', 'mail'],
  ['RCPT TO', '504 5.5.2 <15b0717dc4c2>: Helo command rejected: need fully-qualified hostname', 'transport'],
  ['RCPT TO', '501 5.5.2 <x>: Helo command rejected: Invalid name', 'transport'],
  ['RCPT TO', '550 Bad HELO', 'transport'],
  [
    'RCPT TO',
    '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.example.org',
    'transport',
  ],
  ['RCPT TO', '550 5.7.25 reverse DNS validation failed', 'transport'],
  ['RCPT TO', '502 5.5.1 Unimplemented', 'transport'],
  ['RCPT TO', '504 5.5.2 <git@box>: Sender address rejected: need fully-qualified address', 'sender'],
  ['RCPT TO', '553 5.7.1 <a@b>: Sender address rejected: not owned by user bob', 'sender'],
  ['RCPT TO', '550 5.1.8 <a@b>: Domain not found', 'sender'],
  ['RCPT TO', '550-Verification failed for <a@b>\r\n550 Sender verify failed', 'sender'],
  ['RCPT TO', '550 5.7.23 SPF validation failed', 'sender'],
  ['RCPT TO', '504 5.5.2 <list>: Recipient address rejected: need fully-qualified address', 'mail'],
  ['RCPT TO', '501 5.5.4 Invalid Address', 'mail'],
  ['RCPT TO', '550 5.5.0 Requested action not taken: mailbox unavailable', 'mail'],
  ['RCPT TO', '550 5.7.1 Relaying denied', 'mail'],
  ['RCPT TO', '550 5.7.1 <helo@example.org>: not authorized to send to this list', 'mail'],
  ['RCPT TO', '550 5.1.1 <ehlo@example.org>: Recipient address rejected: User unknown', 'mail'],
  ['RCPT TO', '552 5.2.2 Over quota', 'mail'],
  ['RCPT TO', '450 4.1.8 <a@b>: Sender address rejected: Domain not found', 'mail'],
];

for (const [command, reply, concern] of REPLIES) {
  test(`${command}: ${reply} is about the ${concern}`, () => {
    assert.equal(concernOf(reply, command), concern);
  });
}
