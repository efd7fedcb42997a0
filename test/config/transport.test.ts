import { test } from 'node:test';
import { transport } from '../../src/config/transport.ts';
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
      ['smtp://j\u00f5geva.ee:25', { kind: 'smtp', host: 'xn--jgeva-dua.ee', port: 25 }],
      ['lmtp://[192.0.2.1]:24', { kind: 'lmtp', host: '192.0.2.1', port: 24 }],
      ['lmtp:mail.example.org', { kind: 'lmtp', host: 'mail.example.org', port: 24 }],
      ['lmtp:mail.example.org:2003', { kind: 'lmtp', host: 'mail.example.org', port: 2003 }],
      ['lmtp:[mail.example.org]:2003', { kind: 'lmtp', host: 'mail.example.org', port: 2003 }],
      ['lmtp:[::1]:2003', { kind: 'lmtp', host: '::1', port: 2003 }],
      ['lmtp:inet:mail.example.org', { kind: 'lmtp', host: 'mail.example.org', port: 24 }],
      ['lmtp:inet:127.0.0.1:24', { kind: 'lmtp', host: '127.0.0.1', port: 24 }],
      ['LMTP:INET:[127.0.0.1]:24', { kind: 'lmtp', host: '127.0.0.1', port: 24 }],
      ...[
        'lmtp:unix:/run/dovecot/lmtp',
        'lmtp:/run/dovecot/lmtp',
        'lmtp:///run/dovecot/lmtp',
        'lmtp://unix:/run/dovecot/lmtp',
        'unix:/run/dovecot/lmtp',
        'lmtp:unix://run//dovecot/./lmtp',
      ].map(text => [text, { kind: 'lmtp', socket: '/run/dovecot/lmtp' }] as const),
      ['unix:/var/spool/with blank', { kind: 'lmtp', socket: '/var/spool/with blank' }],
      ['sendmail:/usr/sbin/sendmail', { kind: 'sendmail', path: '/usr/sbin/sendmail' }],
      [
        'sendmail:/usr/bin/msmtp -a list',
        { kind: 'sendmail', path: '/usr/bin/msmtp', options: ['-a', 'list'] },
      ],
      [
        String.raw`sendmail:"/opt/my mailer/run"  -C '/etc/a b' --x="\"1\" $HOME" c\ d '' e`,
        {
          kind: 'sendmail',
          path: '/opt/my mailer/run',
          options: ['-C', '/etc/a b', '--x="1" $HOME', 'c d', '', 'e'],
        },
      ],
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
      ["sendmail:/usr/bin/msmtp -a 'list", /quotation mark or a backslash/],
      ['sendmail:/usr/bin/msmtp \\', /quotation mark or a backslash/],
      ['sendmail:/usr/bin/msmtp\n-a list', /line end/],
      ['sendmail:/usr/bin/msmtp -t', /has -t among the options/],
      ['sendmail:/usr/sbin/sendmail -bs', /has -bs among the options/],
      ['sendmail:/usr/sbin/sendmail -fme', /has -fme among the options/],
      ['lmtp:unix:private/dovecot-lmtp', /absolute path/],
      ['unix:private/dovecot-lmtp', /absolute path/],
      [`unix:/${'x'.repeat(107)}`, /longer than 107 bytes/],
      ['lmtp:', /of the form lmtp:/],
      ['lmtp:host:24:25', /of the form lmtp:/],
      ['lmtp:inet:', /of the form lmtp:/],
    ],
  },
});

test('a transport that may hold a password is not repeated', () => {
  for (const text of ['smtp://ada:hunter2@host', 'stmp://ada:hunter2@host', 'sendmail:ada:hunter2@host']) {
    assertSecret(transport, text);
  }
});
