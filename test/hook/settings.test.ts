import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hookSettings } from '../../src/hook/settings.ts';

function read(settings: Readonly<Record<string, string>>) {
  const listed = Object.entries(settings).map(([key, value]) => ({ key, value }));
  return hookSettings(listed, '/srv/git/x.git', '/home/git');
}

test('without settings the spool lies in the repository and the hook starts the worker', () => {
  assert.deepEqual(read({}), {
    spool: '/srv/git/x.git/refpost',
    service: false,
    command: undefined,
    shared: '',
  });
});

test('the last value counts, and an empty one is none', () => {
  const values = ['/a', '/b'].map(value => ({ key: 'refpost.spool', value }));
  assert.equal(hookSettings(values, '/x', undefined).spool, '/b');
  assert.equal(read({ 'refpost.spool': '' }).spool, '/srv/git/x.git/refpost');
  const valueless = [{ key: 'refpost.spool', value: undefined }];
  assert.equal(hookSettings(valueless, '/x', undefined).spool, '/x/refpost');
});

test('~/ is the home directory, and any other relative spool is refused', () => {
  assert.equal(read({ 'refpost.spool': '~/spool' }).spool, '/home/git/spool');
  assert.throws(() => read({ 'refpost.spool': 'spool' }), /spool is not an absolute path/);
});

test('a worker that is a service is not started by hooks', () => {
  assert.equal(read({ 'refpost.worker': 'service' }).service, true);
  assert.equal(read({ 'refpost.worker': 'hook' }).service, false);
});
