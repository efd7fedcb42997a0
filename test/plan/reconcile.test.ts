import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reconcile } from '../../src/plan/reconcile.ts';
import { updateOf, ZERO } from '../fixtures/nouns.ts';

interface Case {
  readonly title: string;
  readonly update: string;
  /** Last announced value of refs/heads/main. */
  readonly ledger?: string;
  /** Its value in the repository now. */
  readonly present?: string;
  readonly news?: readonly string[];
  readonly announced: readonly string[];
  /** The ledger's new value; undefined where it stays. */
  readonly moved?: string | null;
}

const MAIN = 'refs/heads/main';

const CASES: readonly Case[] = [
  {
    title: 'an update that follows moves the ref',
    ledger: 'a',
    update: 'a b',
    news: ['b'],
    announced: ['a b'],
    moved: 'b',
  },
  {
    title: 'a creation of a ref not in the ledger',
    update: `${ZERO} b`,
    news: ['b'],
    announced: [`${ZERO} b`],
    moved: 'b',
  },
  {
    title: 'a deletion takes the ref out',
    ledger: 'a',
    update: `a ${ZERO}`,
    announced: [`a ${ZERO}`],
    moved: null,
  },
  { title: 'a rewind that follows is announced', ledger: 'b', update: 'b a', announced: ['b a'], moved: 'a' },
  {
    title: 'a push after one whose hook never ran catches up from the ledger',
    ledger: 'a',
    update: 'b c',
    present: 'c',
    news: ['c'],
    announced: ['a c'],
    moved: 'c',
  },
  {
    title: 'a record that comes late, after a later push was announced, changes nothing',
    ledger: 'c',
    update: 'a b',
    present: 'c',
    announced: [],
  },
  {
    title: 'a late record does not set the ledger back while the ref moves on',
    ledger: 'c',
    update: 'a b',
    present: 'd',
    announced: [],
  },
  {
    title: 'a late record that brings something after all is announced, and the ledger stays',
    ledger: 'c',
    update: `${ZERO} b`,
    present: 'c',
    news: ['b'],
    announced: [`${ZERO} b`],
  },
  {
    title: 'a late deletion of a ref that exists again',
    ledger: 'c',
    update: `b ${ZERO}`,
    present: 'c',
    announced: [],
  },
  {
    title: 'a deletion after a missed push is announced from the ledger',
    ledger: 'a',
    update: `b ${ZERO}`,
    announced: [`a ${ZERO}`],
    moved: null,
  },
  { title: 'a ref made and deleted before anyone looked', update: `b ${ZERO}`, announced: [] },
  {
    title: 'a forced push after a missed rewind',
    ledger: 'c',
    update: 'a d',
    present: 'd',
    news: ['d'],
    announced: ['c d'],
    moved: 'd',
  },
];

/** Letters stand for object names. */
const full = (id: string) => (id === ZERO ? id : id.repeat(40));
const short = (id: string) => (id === ZERO ? id : id[0]);

for (const each of CASES) {
  test(each.title, () => {
    const [old, fresh] = each.update.split(' ').map(full);
    const settled = reconcile(
      [updateOf(`${old} ${fresh} ${MAIN}`)],
      { refs: new Map(each.ledger === undefined ? [] : [[MAIN, full(each.ledger)]]) },
      {
        isNew: id => each.news?.includes(id[0] ?? '') ?? false,
        refsNow: new Map(each.present === undefined ? [] : [[MAIN, full(each.present)]]),
      },
    );
    assert.deepEqual(
      settled.updates.map(update => `${short(update.old)} ${short(update.new)}`),
      each.announced,
    );
    const moved = each.moved && full(each.moved);
    assert.deepEqual(settled.move.refs, moved === undefined ? {} : { [MAIN]: moved });
  });
}
