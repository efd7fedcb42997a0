import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hunkBetween, undo } from '../../src/install/config-file.ts';

const bytes = fc.array(fc.constantFrom(0x0a, 0x61, 0x62)).map(array => Buffer.from(array));

test('a change is undone to the byte', () => {
  fc.assert(
    fc.property(bytes, bytes, (before, after) => {
      assert.deepEqual(undo(hunkBetween(before, after), after), before);
    }),
  );
});

test('a hunk holds nothing of the file but what was changed', () => {
  const before = Buffer.from('[core]\n\tbare = true\n[secret]\n\tpassword = x\n');
  const after = Buffer.concat([before, Buffer.from('[refpost]\n')]);
  const { removed, offset, length } = hunkBetween(before, after);
  assert.deepEqual({ removed, offset, length }, { removed: '', offset: before.length, length: 10 });
});

test('a file that was changed since is left alone', () => {
  const [before, after] = [Buffer.from('a'), Buffer.from('ab')];
  assert.equal(undo(hunkBetween(before, after), Buffer.from('abc')), undefined);
});
