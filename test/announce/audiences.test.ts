import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { announce } from '../../src/announce/announce.ts';
import { renderContexts } from '../../src/announce/render-context.ts';
import { openGit } from '../../src/git/git.ts';
import type { Audience } from '../../src/model/config.ts';
import { noticeName } from '../../src/model/edition.ts';
import { type Ledger, moved } from '../../src/model/ledger.ts';
import type { PushPlan } from '../../src/model/push-plan.ts';
import { read } from '../config/reading.ts';
import { openScene } from '../corpus/scene.ts';
import { pushOf } from '../fixtures/nouns.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { testWorld } from '../fixtures/world.ts';

type Branch = 'main' | 'stable' | 'closed';
const BRANCHES: readonly Branch[] = ['main', 'stable', 'closed'];
const refOf = (branch: Branch) => `refs/heads/${branch}`;

/** A commit on a branch, which may merge another one. */
interface Step {
  readonly on: Branch;
  readonly merged: Branch | undefined;
}

const anyPushes = fc.array(
  fc.array(
    fc.record({
      on: fc.constantFrom(...BRANCHES),
      merged: fc.option(fc.constantFrom(...BRANCHES), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  { minLength: 1, maxLength: 5 },
);

const anyScopes = fc.array(fc.uniqueArray(fc.constantFrom(...BRANCHES), { minLength: 1 }), {
  minLength: 1,
  maxLength: 3,
});

test('whatever is pushed, each audience hears of each commit on its refs once, in numbers of its own, and who is in all of them gets it once', async t => {
  let run = 0;
  const folder = temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(anyPushes, anyScopes, async (pushes, scopes) => {
      const scene = openScene(join(folder, `${run++}.git`));
      const root = scene.commit('Start', { file: '0' }, { parents: [] });
      const tips = new Map<Branch, string>(BRANCHES.map(branch => [branch, root]));
      const parents = new Map<string, readonly string[]>([[root, []]]);
      for (const branch of BRANCHES) scene.stands(refOf(branch), root);
      const audiences = audiencesOf(scopes);
      const contexts = await renderContexts(testWorld(), {
        git: { gitDir: scene.folder } as never,
        audiences,
      });
      const git = openGit(scene.folder, gitEnvironment());
      let ledger: Ledger = {
        refs: new Map(BRANCHES.map(branch => [refOf(branch), root])),
        outside: [],
        skews: [],
      };
      const got = new Map<string, string[]>();
      for (const [at, steps] of pushes.entries()) {
        const before = new Map(tips);
        for (const [nth, step] of steps.entries()) commitStep(step, `${at}.${nth}`, scene, tips, parents);
        const updates = BRANCHES.filter(branch => before.get(branch) !== tips.get(branch)).map(
          branch => `${before.get(branch)} ${tips.get(branch)} ${refOf(branch)}`,
        );
        for (const branch of BRANCHES) scene.stands(refOf(branch), tips.get(branch) as string);
        const { editions, move } = await announce(
          git,
          pushOf(`p${at}`, 1_700_000_000_000, ...updates),
          ledger,
          contexts,
        );
        ledger = moved(ledger, move as NonNullable<typeof move>);
        for (const { plan } of editions) assertThreads(plan);
        for (const { plan, recipients } of editions)
          for (const who of recipients.to) got.set(who, [...(got.get(who) ?? []), ...plan.told]);
      }
      const reached = (branches: readonly Branch[]) =>
        reachable(
          branches.map(branch => tips.get(branch) as string),
          parents,
          root,
        );
      for (const [at, scope] of scopes.entries())
        assert.deepEqual((got.get(`a${at}@example.org`) ?? []).toSorted(), reached(scope), `audience ${at}`);
      assert.deepEqual(
        (got.get('all@example.org') ?? []).toSorted(),
        reached(scopes.flat()),
        'who is in all',
      );
    }),
    { numRuns: 15 },
  );
});

function audiencesOf(scopes: readonly (readonly Branch[])[]): readonly Audience[] {
  const lines = scopes.flatMap((scope, at) => [
    { key: `refpost.x${at}.to`, value: `a${at}@example.org all@example.org` },
    { key: `refpost.x${at}.refs`, value: scope.map(refOf).join(' ') },
    ...(at % 2 === 0 ? [] : [{ key: `refpost.x${at}.summary`, value: 'first' }]),
  ]);
  const { audiences, faults } = read(lines);
  assert.deepEqual(faults, []);
  return audiences;
}

/** Each commit that is told has a mail; where refs have threads of their own, after that which starts it, in numbers without a gap. */
function assertThreads({ notices, told }: PushPlan): void {
  const commits = notices.flatMap(notice => (notice.kind === 'commit' ? [notice] : []));
  assert.deepEqual(commits.map(({ commit }) => commit).toSorted(), [...told].toSorted());
  const names = notices.map(noticeName);
  assert.equal(new Set(names).size, names.length);
  for (const { commit, change, place } of commits) {
    if (!place) continue;
    const own = commits.filter(one => one.place && one.change.ref === change.ref);
    assert.deepEqual([own[place.number - 1]?.commit, own.length], [commit, place.total]);
    assert.ok(names.indexOf(place.thread) <= names.indexOf(commit));
  }
}

function commitStep(
  { on, merged }: Step,
  name: string,
  scene: ReturnType<typeof openScene>,
  tips: Map<Branch, string>,
  parents: Map<string, readonly string[]>,
): void {
  const own = tips.get(on) as string;
  const other = merged && tips.get(merged);
  const all = other && other !== own ? [own, other] : [own];
  const id = scene.commit(`Step ${name}`, { [on]: name }, { parents: all });
  parents.set(id, all);
  tips.set(on, id);
}

/** All that these reach, but for the root. */
function reachable(
  tips: readonly string[],
  parents: ReadonlyMap<string, readonly string[]>,
  root: string,
): string[] {
  const found = new Set(tips);
  for (const id of found) for (const parent of parents.get(id) ?? []) found.add(parent);
  found.delete(root);
  return [...found].sort();
}
