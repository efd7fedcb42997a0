import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shares } from '../../src/model/cut.ts';

const CASES: readonly [what: string, sizes: number[], room: number, expected: number[]][] = [
  ['what fits is whole', [100, 200], 300, [100, 200]],
  ['a large one first leaves the small one its room', [100_000, 50], 5000, [4950, 50]],
  ['a large one in between', [50, 100_000, 50], 5000, [50, 4900, 50]],
  ['a large one last', [50, 100_000], 5000, [50, 4950]],
  ['large ones get the same', [9000, 20_000, 7000], 6000, [2000, 2000, 2000]],
  ['what one does not need the others get', [9000, 1000, 7000], 6000, [2500, 1000, 2500]],
  [
    'where each would get too little, the first ones get what is of use',
    Array(5).fill(9000),
    1200,
    [500, 500, 200, 0, 0],
  ],
  ['no room', [1, 2], 0, [0, 0]],
  ['less than none', [1], -5, [0]],
  ['nothing to share', [], 100, []],
];

for (const [what, sizes, room, expected] of CASES) {
  test(`shares: ${what}`, () => assert.deepEqual(shares(sizes, room), expected));
}

test('no share is larger than its text, all together no larger than the room, and with more room none is smaller', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(sizes, fc.nat(200_000), fc.nat(5000), (of, room, more) => {
      const now = shares(of, room);
      const later = shares(of, room + more);
      const sum = now.reduce((total, each) => total + each, 0);
      assert.ok(sum <= room && now.every((share, at) => share <= (of[at] ?? 0)));
      assert.ok(now.every((share, at) => share <= (later[at] ?? 0)));
    }),
    { seed: 1 },
  );
});
