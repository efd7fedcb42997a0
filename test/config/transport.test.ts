import { test } from 'node:test';
import { transport } from '../../src/config/addresses.ts';
import { assertSecret, testReadings } from './readings.ts';

testReadings({
  transport: {
    type: transport,
    good: [
      ['smtp://mail.example.org', { kind: 'smtp', host: 'mail.example.org', port: 25 }],
      ['smtp://mail.example.org:587/', { kind: 'smtp', host: 'mail.example.org', port: 587 }],
      ['SMTPS://mail.example.org', { kind: 'smtps', host: 'mail.example.org', port: 465 }],
      ['lmtp://localhost', { kind: 'lmtp', host: 'localhost', port: 24 }],
      ['smtp://[::1]', { kind: 'smtp', host: '::1', port: 25 }],
      ['smtp://[2001:db8::25]:2525', { kind: 'smtp', host: '2001:db8::25', port: 2525 }],
      ['smtp://192.0.2.1:25', { kind: 'smtp', host: '192.0.2.1', port: 25 }],
      ['sendmail:/usr/sbin/sendmail', { kind: 'sendmail', path: '/usr/sbin/sendmail' }],
    ],
    bad: [
      ['mail.example.org', /does not start with/],
      ['mail.example.org:25', /does not start with/],
      ['http://mail.example.org', /does not start with/],
      ['smtp:mail.example.org', /of the form smtp:\/\/host/],
      ['smtp://', /of the form/],
      ['smtp://:25', /of the form/],
      ['smtp://mail example.org', /of the form/],
      ['smtp://mail.example.org/path', /of the form/],
      ['smtp://::1:25', /of the form/],
      ['smtp://[::g]:25', /of the form/],
      ['smtp://host:0', /between 1 and 65535/],
      ['smtp://host:65536', /between 1 and 65535/],
      ['smtp://host:port', /of the form/],
      ['smtp://host\nRCPT', /of the form/],
      ['smtp://ada:hunter2@host', /user name or password/],
      ['smtp://ada@host', /user name or password/],
      ['stmp://ada:hunter2@host', /does not start with/],
      ['sendmail:sendmail', /absolute path/],
      ['sendmail:///usr/sbin/sendmail', /absolute path/],
      ['sendmail:/usr/sbin/sendmail -oi', /blank/],
    ],
  },
});

test('a transport that may hold a password is not repeated', () => {
  for (const text of ['smtp://ada:hunter2@host', 'stmp://ada:hunter2@host', 'sendmail:ada:hunter2@host']) {
    assertSecret(transport, text);
  }
});
