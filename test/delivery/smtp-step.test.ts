import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { step } from '../../src/delivery/smtp-step.ts';

test('an exchange that may take longer than the longest timer is waited for', async () => {
  const connection = Object.assign(new EventEmitter(), { close: () => {} }) as unknown as SMTPConnection;
  // A mail to 10,000 recipients.
  const answered = await step<string>(connection, 10_000 * 600_000, done =>
    setTimeout(done, 20, null, '250 Ok'),
  );
  assert.deepEqual(answered, { value: '250 Ok' });
});
