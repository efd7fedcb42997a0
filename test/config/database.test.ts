import assert from 'node:assert/strict';
import { test } from 'node:test';
import { database, fleetServer } from '../../src/config/database.ts';
import { assertSecret, testReadings } from './readings.ts';

const at = (host: string, port = 5432, user: string | undefined = 'refpost') => ({
  user,
  servers: [{ host, port }],
  database: 'mails',
});

const several = (...servers: readonly (readonly [string, number])[]) => ({
  ...at(''),
  servers: servers.map(([host, port]) => ({ host, port })),
});

testReadings({
  database: {
    type: database,
    good: [
      ['postgres://refpost@db.example.org/mails', at('db.example.org')],
      ['postgresql://refpost@db.example.org:6432/mails', at('db.example.org', 6432)],
      ['POSTGRES://refpost@DB/mails?', at('DB')],
      ['postgres://localhost/mails', { ...at('localhost'), user: undefined }],
      ['postgres://refpost@[2001:db8::1]:5433/mails', at('2001:db8::1', 5433)],
      ['postgres://refpost@10.0.0.1/mails', at('10.0.0.1')],
      ['postgres://refpost@jõgeva.ee/mails', at('xn--jgeva-dua.ee')],
      ['postgres://refpost@/mails?host=/run/postgresql', at('/run/postgresql')],
      ['postgres://refpost@/mails?host=/run/postgresql/&port=5433', at('/run/postgresql', 5433)],
      ['postgres://refpost@%2Frun%2Fpostgresql:5433/mails', at('/run/postgresql', 5433)],
      ['postgres://refpost@%2Frun%2Fpostgresql/mails', at('/run/postgresql')],
      ['postgres:///mails?host=/run/postgresql', { ...at('/run/postgresql'), user: undefined }],
      ['postgres://ann%40example.org@db/mails', at('db', 5432, 'ann@example.org')],
      [
        'postgres://refpost@a,[::1]:5433/mails?target_session_attrs=read-write',
        several(['a', 5432], ['::1', 5433]),
      ],
      ['postgres://refpost@/mails?host=a,/run/b&port=5433', several(['a', 5433], ['/run/b', 5433])],
      ['postgres://refpost@%2Frun%2Fa,b:1/mails?port=2,3', several(['/run/a', 2], ['b', 3])],
      ['postgres://refpost@db/my%20mails', { ...at('db'), database: 'my mails' }],
    ],
    bad: [
      ['/var/spool/refpost', /is a path, which belongs in refpost\.spool/],
      ['db.example.org', /is not of the form/],
      ['mysql://refpost@db/mails', /is not of the form/],
      ['postgres://refpost@db', /names no database/],
      ['postgres://refpost@db/', /names no database/],
      ['postgres://refpost@db/a/b', /more than one name/],
      ['postgres://refpost@/mails', /names no host/],
      ['postgres:///mails', /names no host/],
      ['postgres://refpost@:5432/mails', /names no host/],
      ['postgres://refpost@2001:db8::1/mails', /names no host/],
      ['postgres://refpost@db:0/mails', /between 1 and 65535/],
      ['postgres://refpost@db:x/mails', /names no host|between 1 and 65535/],
      ['postgres://refpost@db/mails?port=70000', /between 1 and 65535/],
      ['postgres://refpost@a,/mails', /names no host/],
      ['postgres://refpost@a,b,c/mails?port=1,2', /has other ports than hosts/],
      ['postgres://refpost@a,b:0/mails', /between 1 and 65535/],
      ['postgres://refpost@db/mails?sslmode=require', /has sslmode in it: refpost\.outboxTls/],
      [
        'postgres://refpost@db/mails?target_session_attrs=any',
        /has target_session_attrs in it, for which refpost knows read-write alone/,
      ],
      ['postgres://refpost@db/100%', /has a % in it/],
      ['postgres://ref post@db/mails', /has a blank/],
      [`postgres://refpost@/mails?host=/${'x'.repeat(100)}`, /longer than 107 bytes/],
      ['postgres://refpost:x@db/mails', /has a password in it, which belongs in refpost\.outboxPasswordFile/],
      ['postgres://refpost@db/mails?password=x', /has a password in it/],
    ],
  },
  server: {
    type: fleetServer,
    good: [
      ['git1', 'git1'],
      ['git1.example.org', 'git1.example.org'],
      ['GIT_2-b', 'GIT_2-b'],
    ],
    bad: [
      ['git 1', /is no name/],
      ['a:b', /is no name/],
      ['-x', /is no name/],
      ['x'.repeat(101), /is no name/],
    ],
  },
});

test('a password in the URL is not repeated, wherever it is', () => {
  for (const url of [
    'postgres://refpost:hunter2@db/mails',
    'postgres://refpost:hun@ter2@db/mails',
    'postgres://refpost:hunter2/@db/mails',
    'postgres://refpost:hunter2@db',
    'postgre://refpost:hunter2@db/mails',
    'refpost:hunter2@db/mails',
    'postgres://refpost@hunter2@db/mails',
    'postgres://refpost@db/mails?password=hunter2',
    'postgres://refpost@db/mails?passfile=/hunter2',
  ])
    assertSecret(database, url);
  assert.ok(!('secret' in database.read('postgres://refpost@db:5432x/mails', undefined)));
});
