import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Push } from '../../src/model/push.ts';
import { pushOf } from '../fixtures/nouns.ts';
import { type Corridor, openCorridor } from './corridor.ts';
import { type Deed, openHistory } from './history.ts';
import { runs } from './runs.ts';

/*
 * Random pushes on a real repository, against the model: a commit is announced when a push brings it to the announced
 * refs, and then once. What git knows is not asked for the model.
 */

/** One push, and how many more pushes run before its hook does. */
interface Act {
  readonly deeds: readonly Deed[];
  readonly late: number;
  /** Milliseconds until the next push. */
  readonly pause: number;
  /** Whether the worker looks before the next push. */
  readonly work: boolean;
  /** True for a push whose hook never runs. */
  readonly unhooked: boolean;
}

const ref = fc.nat(4);
const pick = fc.nat(1000);
/** Deeds after which a ref still has all that it had. */
const forward = fc.record<Deed>({ how: fc.constantFrom('commit', 'merge', 'annotate'), ref, pick });
const deed = fc.oneof(
  { weight: 5, arbitrary: forward },
  {
    weight: 4,
    arbitrary: fc.record<Deed>({ how: fc.constantFrom('rebase', 'rewind', 'move', 'delete'), ref, pick }),
  },
);

function acts(
  deed: fc.Arbitrary<Deed>,
  parts: { late?: number; pause?: number; unhooked?: boolean } = {},
): fc.Arbitrary<Act[]> {
  const act = fc.record<Act>({
    deeds: fc.array(deed, { minLength: 1, maxLength: 3 }),
    late: fc.nat(parts.late ?? 0),
    pause: fc.nat(parts.pause ?? 0),
    work: fc.boolean(),
    unhooked: parts.unhooked ? fc.nat(5).map(n => n === 0) : fc.constant(false),
  });
  return fc.array(act, { minLength: 2, maxLength: 8 });
}

test('pushes of every kind, hooks in their order: each announces what it brings, once, parents first', async () => {
  await fc.assert(
    fc.asyncProperty(acts(deed), async all => {
      const { brought, announced, parentsOf } = await play(all);
      for (const [push, ids] of brought) assert.deepEqual(sorted(announced, push), [...ids].sort(), push);
      const told = new Set<string>();
      for (const { commit } of announced) {
        for (const parent of parentsOf(commit)) assert.ok(told.has(parent), 'a commit before its parent');
        told.add(commit);
      }
    }),
    runs(4),
  );
});

test('clocks that are years behind or ahead: each push announces what it brings, once, parents first', async () => {
  const clock = fc.constantFrom(0, 0, 0, -900_000_000, -40_000_000, 70_000_000, 900_000_000);
  const forward = fc.record<Deed>({
    how: fc.constantFrom('commit', 'commit', 'merge', 'rebase', 'move'),
    ref,
    pick,
    clock,
  });
  const few = fc.array(
    fc.record<Act>({
      deeds: fc.array(forward, { minLength: 1, maxLength: 2 }),
      late: fc.constant(0),
      // A file system may give the records of some milliseconds one time.
      pause: fc.constant(1000),
      work: fc.boolean(),
      unhooked: fc.constant(false),
    }),
    { minLength: 3, maxLength: 9 },
  );
  await fc.assert(
    fc.asyncProperty(few, async all => {
      const { brought, announced, parentsOf } = await play(all);
      for (const [push, ids] of brought) assert.deepEqual(sorted(announced, push), [...ids].sort(), push);
      const told = new Set<string>();
      for (const { commit } of announced) {
        for (const parent of parentsOf(commit)) assert.ok(told.has(parent), 'a commit before its parent');
        told.add(commit);
      }
    }),
    runs(4),
  );
});

test('hooks that overtake each other by moments: while refs lose nothing, each commit is told once', async () => {
  await fc.assert(
    fc.asyncProperty(acts(forward, { late: 3 }), async all => {
      const { brought, announced } = await play(all);
      const told = announced.map(({ commit }) => commit).sort();
      assert.deepEqual(told, [...brought.values()].flat().sort());
    }),
    runs(4),
  );
});

test('hooks that overtake each other by moments: nothing is lost, whatever becomes of refs', async () => {
  await fc.assert(
    fc.asyncProperty(acts(deed, { late: 3 }), async all => {
      const { brought, announced } = await play(all);
      const told = new Set(announced.map(({ commit }) => commit));
      for (const commit of [...brought.values()].flat()) assert.ok(told.has(commit), `${commit} is lost`);
    }),
    runs(4),
  );
});

test('hooks that come late by seconds or never: nothing is lost that a ref still has when it is pushed again', async () => {
  await fc.assert(
    fc.asyncProperty(acts(deed, { late: 3, pause: 6000, unhooked: true }), async all => {
      const closing = [0, 1, 2, 3, 4].map(ref => ({ how: 'commit' as const, ref, pick: 0 }));
      const last = { deeds: closing, late: 0, pause: 0, work: true, unhooked: false };
      const { announced, reached } = await play([...all, last]);
      const told = new Set(announced.map(({ commit }) => commit));
      for (const commit of reached) assert.ok(told.has(commit), `${commit} is lost`);
    }),
    runs(4),
  );
});

interface Played {
  /** The commits that each push brought, by push. */
  readonly brought: ReadonlyMap<string, readonly string[]>;
  readonly announced: readonly { readonly push: string; readonly commit: string }[];
  /** What the refs reach in the end. */
  readonly reached: ReadonlySet<string>;
  readonly parentsOf: (id: string) => readonly string[];
}

async function play(acts: readonly Act[]): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'refpost-test-'));
  try {
    const history = openHistory(join(folder, 'project.git'));
    const corridor = await openCorridor(join(folder, 'project.git'));
    const brought = new Map<string, readonly string[]>();
    let waiting: { readonly push: Push; readonly at: number }[] = [];
    const runHooks = async (upTo: number) => {
      for (const { push, at } of waiting) if (at <= upTo) await corridor.record(push);
      waiting = waiting.filter(({ at }) => at > upTo);
    };
    for (const [number, { deeds, late, pause, work, unhooked }] of acts.entries()) {
      const { lines, brought: ids } = history.push(deeds);
      // The hexadecimal digits are random in life: they do not tell which push was the first.
      const id = `20240601T120000-${((number * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')}`;
      const push = { ...pushOf(id, corridor.now(), ...lines), repository: join(folder, 'project.git') };
      brought.set(id, ids);
      if (lines.length > 0 && !unhooked) waiting.push({ push, at: number + late });
      await runHooks(number);
      if (work) await corridor.pickUp();
      corridor.wait(pause);
    }
    await runHooks(Number.POSITIVE_INFINITY);
    await corridor.finish();
    assert.deepEqual(corridor.complaints, []);
    return {
      brought,
      announced: await told(corridor),
      reached: history.reached(),
      parentsOf: history.parentsOf,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function told(corridor: Corridor): Promise<Played['announced']> {
  return (await corridor.mails()).flatMap(({ push, bytes }) => {
    const commit = /^Commit: ([0-9a-f]{40})$/m.exec(bytes.toString('latin1'))?.[1];
    return commit === undefined ? [] : [{ push, commit }];
  });
}

function sorted(announced: Played['announced'], push: string): string[] {
  return announced
    .filter(each => each.push === push)
    .map(({ commit }) => commit)
    .sort();
}
