import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { openObjects } from '../../src/git/conversation.ts';
import { openGit } from '../../src/git/git.ts';
import { readHistory, readSkews, relationTo } from '../../src/git/history.ts';
import { readRewrites } from '../../src/git/read-rewrites.ts';
import { submoduleLog } from '../../src/git/submodule-log.ts';
import { mergedSkews, outsideSkews } from '../../src/model/history.ts';
import { openScene } from '../corpus/scene.ts';
import { gitEnvironment } from '../fixtures/repository.ts';
import { runs } from '../properties/runs.ts';

/*
 * git trusts the clocks of committers where it is asked for a range. These histories have clocks that are years behind or ahead on any
 * branch, and what refpost makes of git's answers is compared with a model that knows parents alone.
 */

const YEAR = 31_557_600;

/** Commits in a row that one clock dates. Numbers choose among what there is. */
interface Stretch {
  readonly length: number;
  readonly from: number;
  /** Also a parent of the first one; most stretches begin with no merge. */
  readonly merges: number | undefined;
  /** Seconds by which the clock is wrong, or a date that it stands still at. */
  readonly clock: { readonly wrong: number } | { readonly at: number };
}

const clock = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ wrong: 0 }) },
  { weight: 4, arbitrary: fc.integer({ min: -30 * YEAR, max: 60 * YEAR }).map(wrong => ({ wrong })) },
  { weight: 1, arbitrary: fc.constantFrom(-86_400, 0, 1, 2 ** 31, 2 ** 33 + 5, 2 ** 40).map(at => ({ at })) },
);

const stretches = fc.array(
  fc.record<Stretch>({
    length: fc.integer({ min: 1, max: 12 }),
    from: fc.nat(999),
    merges: fc.option(fc.nat(999), { nil: undefined, freq: 3 }),
    clock,
  }),
  { minLength: 2, maxLength: 9 },
);
const names = fc.array(fc.nat(999), { minLength: 1, maxLength: 4 });
const question = fc.record({ tips: names, seen: names });

function makeHistory(folder: string, all: readonly Stretch[]) {
  const scene = openScene(folder);
  const parents = new Map<string, readonly string[]>();
  const ids: string[] = [];
  const any = (pick: number) => ids[pick % ids.length];
  for (const { length, from, merges, clock } of all) {
    let last = [any(from), merges === undefined ? undefined : any(merges)].filter(id => id !== undefined);
    for (let left = length; left > 0; left--) {
      const seconds = 'at' in clock ? clock.at : 1_600_000_000 + 1000 * ids.length + clock.wrong;
      const parts = { parents: [...new Set(last)], committed: `${seconds} +0000` };
      const id = scene.commit(`Commit ${ids.length}`, { a: `${ids.length}\n` }, parts);
      parents.set(id, parts.parents);
      ids.push(id);
      last = [id];
    }
  }
  const reach = (tips: readonly string[]) => {
    const reached = new Set(tips);
    for (const id of reached) for (const parent of parents.get(id) ?? []) reached.add(parent);
    return reached;
  };
  return { ids, parents, any: (picks: readonly number[]) => picks.map(pick => any(pick) as string), reach };
}

async function inHistory(
  all: readonly Stretch[],
  task: (git: ReturnType<typeof openGit>, history: ReturnType<typeof makeHistory>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'refpost-test-'));
  const stop = new AbortController();
  try {
    await task(openGit(folder, gitEnvironment(), { signal: stop.signal }), makeHistory(folder, all));
  } finally {
    stop.abort();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('a range is what its tips reach and its other end does not, each commit behind its parents, whatever the clocks say', async () => {
  const asked = fc.array(question, { minLength: 4, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(stretches, asked, fc.boolean(), async (all, questions, known) => {
      await inHistory(all, async (git, { any, reach, parents }) => {
        for (const { tips, seen } of questions) {
          const past = reach(any(seen));
          const expected = [...reach(any(tips))].filter(id => !past.has(id));
          const skews = known ? await readSkews(git, any(seen)) : undefined;
          const found = (await readHistory(git, any(tips), any(seen), skews)).commits.map(({ id }) => id);
          assert.deepEqual([...found].sort(), expected.sort());
          for (const [at, id] of found.entries()) {
            for (const parent of parents.get(id) ?? []) assert.ok(found.indexOf(parent) < at);
          }
        }
      });
    }),
    runs(25),
  );
});

test('one commit is after, before or beside another, whatever the clocks say', async () => {
  const pairs = fc.array(fc.tuple(fc.nat(999), fc.nat(999)), { minLength: 4, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(stretches, pairs, async (all, picks) => {
      await inHistory(all, async (git, { any, reach }) => {
        for (const pair of picks) {
          const [one, other] = any(pair) as [string, string];
          const expected = reach([other]).has(one) ? 'after' : reach([one]).has(other) ? 'before' : 'beside';
          assert.equal(await relationTo(git, one, other), expected);
        }
      });
    }),
    runs(10),
  );
});

test('of a forced ref no commit is compared that both values reach, whatever the clocks say', async () => {
  await fc.assert(
    fc.asyncProperty(stretches, fc.nat(999), fc.nat(999), async (all, one, other) => {
      await inHistory(all, async (git, { any, reach }) => {
        const [old, fresh] = any([one, other]) as [string, string];
        const [had, has] = [reach([old]), reach([fresh])];
        const forked = new Set(
          [...had].filter(id => !has.has(id)).concat([...has].filter(id => !had.has(id))),
        );
        for (const { old: gone, new: made } of await readRewrites(git, { old, new: fresh }, forked)) {
          assert.ok(gone === undefined || (had.has(gone) && !has.has(gone)));
          assert.ok(made === undefined || (has.has(made) && !had.has(made)));
        }
      });
    }),
    runs(10),
  );
});

test('stretches of wrong clocks that meet are one, and there are never more than can be kept', () => {
  assert.deepEqual(
    mergedSkews([
      [8, 9],
      [1, 3],
      [2, 5],
      [5, 6],
    ]),
    [
      [1, 6],
      [8, 9],
    ],
  );
  const many = Array.from({ length: 5000 }, (_, at) => [1000 * at, 1000 * at + 10] as const);
  const kept = mergedSkews(many);
  assert.ok(kept.length <= 500);
  for (const [start, end] of many) assert.ok(kept.some(([from, to]) => from <= start && end <= to));
  assert.deepEqual(
    [7, 6, 0, 12].map(time =>
      outsideSkews(time, [
        [1, 6],
        [7, 9],
      ]),
    ),
    [0, 0, 0, 12],
  );
});

test('a submodule that moves brings the first parents that only its new end reaches, whatever the clocks say', async () => {
  await fc.assert(
    fc.asyncProperty(stretches, fc.nat(999), fc.nat(999), async (all, one, other) => {
      await inHistory(all, async (git, { any, parents, reach }) => {
        const [old, fresh] = any([one, other]) as [string, string];
        if (old === fresh) return;
        const known = reach([old]);
        let expected = 0;
        for (let id: string | undefined = fresh; id && !known.has(id); id = parents.get(id)?.[0]) expected++;
        const move = await submoduleLog(openObjects(git), { old, new: fresh });
        const added = move?.commits.filter(({ change }) => change === 'added').length ?? 0;
        assert.equal(added, Math.min(expected, 10));
      });
    }),
    runs(10),
  );
});
