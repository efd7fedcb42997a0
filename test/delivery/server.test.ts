import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../src/delivery/server.ts';

test('loopback is known by its looks alone', () => {
  for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.255.3.4', '::1'])
    assert.ok(isLoopback(host), host);
});

test('any other name may lead anywhere', () => {
  const hosts = [
    '127.example.org',
    '127.0.0.1.example.org',
    'localhost.example.org',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    '',
  ];
  for (const host of hosts) assert.equal(isLoopback(host), false, host);
});
