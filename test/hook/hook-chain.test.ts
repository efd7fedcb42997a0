import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Hooked, LINE } from './hooked.ts';

test('the earlier hook gets input, environment, folder, umask and streams as git made them', async t => {
  const hooked = new Hooked(t);
  hooked.keepBefore('{ cat; umask; pwd; echo "$LC_ALL $GIT_DIR"; } >seen', 'echo told', 'echo warned >&2');
  const input = `${LINE}${LINE.replace('main', 'größe')}`;
  const ran = hooked.run(['sh', '-c', 'umask 027; exec sh "$0"'], input, { LC_ALL: 'C.UTF-8' });
  assert.deepEqual([ran.status, ran.stdout, ran.stderr], [0, 'told\n', 'warned\n']);
  assert.equal(readFileSync(join(hooked.bare, 'seen'), 'utf8'), `${input}0027\n${hooked.bare}\nC.UTF-8 .\n`);
  assert.equal((await hooked.recorded()).length, 1);
});

test('its exit code is passed on', t => {
  const hooked = new Hooked(t);
  hooked.keepBefore('exit 3');
  assert.equal(hooked.run(['sh'], LINE).status, 3);
});

test('it runs also when the push cannot be recorded', t => {
  const hooked = new Hooked(t);
  writeFileSync(hooked.layout.root, '');
  hooked.keepBefore('cat >seen');
  assert.match(hooked.push().stderr, /not recorded/);
  assert.match(readFileSync(join(hooked.bare, 'seen'), 'utf8'), /^0{40} [0-9a-f]{40} refs\/heads\/main\n$/);
});

test('one that reads no input disturbs nothing', t => {
  const hooked = new Hooked(t);
  hooked.keepBefore('exit 0');
  const ran = hooked.run(['sh'], LINE.repeat(20_000));
  assert.deepEqual([ran.status, ran.stderr], [0, '']);
});

test('one that may not be executed is passed over, as git does', t => {
  const hooked = new Hooked(t);
  hooked.keepBefore('exit 3');
  chmodSync(join(hooked.bare, 'hooks', 'post-receive.before-refpost'), 0o644);
  assert.equal(hooked.run(['sh'], LINE).status, 0);
});
