import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeTransport, resolveTransport } from '../../src/delivery/transport.ts';

test('without a setting it is the local sendmail, else the mail server of this machine', () => {
  const either = (...there: string[]) => resolveTransport(undefined, path => there.includes(path));
  assert.deepEqual(either('/usr/sbin/sendmail', '/usr/lib/sendmail'), {
    kind: 'sendmail',
    path: '/usr/sbin/sendmail',
  });
  assert.deepEqual(either('/usr/lib/sendmail'), { kind: 'sendmail', path: '/usr/lib/sendmail' });
  assert.deepEqual(either(), { kind: 'smtp', host: 'localhost', port: 25 });
});

test('a setting is followed, whatever this machine has', () => {
  const configured = { kind: 'lmtp', host: 'mail.example.org', port: 24 } as const;
  assert.equal(
    resolveTransport(configured, () => true),
    configured,
  );
});

test('a transport reads as it is written in the settings', () => {
  assert.equal(
    describeTransport({ kind: 'smtp', host: 'mail.example.org', port: 25 }),
    'smtp://mail.example.org:25',
  );
  assert.equal(describeTransport({ kind: 'smtps', host: '::1', port: 465 }), 'smtps://[::1]:465');
  assert.equal(
    describeTransport({ kind: 'sendmail', path: '/usr/sbin/sendmail' }),
    'sendmail:/usr/sbin/sendmail',
  );
  assert.equal(
    describeTransport({ kind: 'sendmail', path: '/usr/bin/msmtp', options: ['-a', 'list'] }),
    'sendmail:/usr/bin/msmtp -a list',
  );
  assert.equal(describeTransport({ kind: 'lmtp', socket: '/run/lmtp' }), 'lmtp:unix:/run/lmtp');
});
