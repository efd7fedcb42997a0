import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRounds } from '../../src/poll/rounds.ts';

const PACE = { every: 40, longest: 400, gap: 60, soon: 10, jobs: 2 };

/** Rounds that note their looks. */
function noting(pace: typeof PACE, look: (key: string) => Promise<boolean | 'soon'>) {
  const looks: string[] = [];
  const stop = new AbortController();
  const noted = async (key: string) => {
    looks.push(key);
    return look(key);
  };
  return { looks, stop, rounds: openRounds(pace, noted, stop.signal, { random: () => 0.5 }) };
}

test('each is looked at again and again, and no more at once than there may be', async () => {
  let [running, most] = [0, 0];
  const { looks, stop, rounds } = noting(PACE, async () => {
    running++;
    most = Math.max(most, running);
    await sleep(10);
    running--;
    return true;
  });
  const stayed = rounds.stay(() => ['a', 'b', 'c', 'd']);
  while (looks.filter(key => key === 'd').length < 3) await sleep(5);
  stop.abort();
  await stayed;
  assert.equal(most, 2);
  assert.equal(running, 0);
});

test('what fails is looked at more and more rarely, and the others as before', async () => {
  const { looks, stop, rounds } = noting({ ...PACE, every: 20 }, async key => key === 'good');
  const stayed = rounds.stay(() => ['good', 'bad']);
  while (looks.filter(key => key === 'good').length < 12) await sleep(5);
  stop.abort();
  await stayed;
  assert.ok(looks.filter(key => key === 'bad').length <= 5, looks.join(' '));
});

test('a thousand rings while one is looked at cost one more look', async () => {
  const { looks, stop, rounds } = noting({ ...PACE, every: 100_000 }, async () => {
    await sleep(20);
    return true;
  });
  const stayed = rounds.stay(() => ['a']);
  await sleep(5);
  for (let ring = 0; ring < 1000; ring++) rounds.ring('a');
  while (looks.length < 2) await sleep(5);
  await sleep(150);
  assert.deepEqual(looks, ['a', 'a']);
  rounds.ring('nobody');
  stop.abort();
  await stayed;
});

test('once is once, whatever fails', async () => {
  const { looks, rounds } = noting(PACE, async key => key !== 'b');
  assert.equal(await rounds.once(['a', 'b', 'c']), false);
  assert.deepEqual(looks.toSorted(), ['a', 'b', 'c']);
});

test('what should be there and is not is looked for again soon', async () => {
  const { looks, stop, rounds } = noting({ ...PACE, every: 100_000 }, async () =>
    looks.length < 3 ? 'soon' : true,
  );
  const stayed = rounds.stay(() => ['a']);
  while (looks.length < 3) await sleep(5);
  await sleep(50);
  stop.abort();
  await stayed;
  assert.equal(looks.length, 3);
});
