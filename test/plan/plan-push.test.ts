import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryCommit } from '../../src/model/history-commit.ts';
import type { RefChange } from '../../src/model/ref-change.ts';
import { planPush } from '../../src/plan/plan-push.ts';
import { changeOf, pushOf, ZERO } from '../fixtures/nouns.ts';

/** `a b<a c<a d<b,c`: a commit and its parents. */
function historyOf(text: string): HistoryCommit[] {
  return text.split(' ').map(word => {
    const [id = '', parents = ''] = word.split('<');
    return { id, parents: parents.split(',').filter(Boolean) };
  });
}

function plan(history: string, changes: readonly RefChange[], maxMails = 50, lost = '') {
  return planPush(
    {
      push: pushOf('p', 0),
      changes,
      history: history ? historyOf(history) : [],
      lostHistory: lost ? historyOf(lost) : [],
      commitOf: id => (id === ZERO ? undefined : id),
    },
    { maxMails },
  );
}

function told(history: string, ...changes: readonly RefChange[]): string[] {
  return plan(history, changes).notices.map(notice =>
    notice.kind === 'commit' ? `${notice.commit} ${notice.change.ref}` : notice.kind,
  );
}

test('every new commit is told once, parents first', () => {
  assert.deepEqual(told('a b<a c<a d<b,c', changeOf('x d refs/heads/main')), [
    'a refs/heads/main',
    'b refs/heads/main',
    'c refs/heads/main',
    'd refs/heads/main',
  ]);
});

test('a commit that several refs bring is told by an existing branch before a new one before a tag', () => {
  const tag = changeOf(`${ZERO} b refs/tags/v1`, 'created', true);
  const fresh = changeOf(`${ZERO} b refs/heads/a-new-one`, 'created');
  const main = changeOf('x a refs/heads/main');
  assert.deepEqual(told('a b<a', tag, fresh, main), ['a refs/heads/main', 'b refs/heads/a-new-one']);
  assert.deepEqual(told('a b<a', tag), ['a refs/tags/v1', 'b refs/tags/v1']);
});

test('changed refs are listed branches first, each kind by name', () => {
  const changes = ['refs/tags/v1', 'refs/notes/x', 'refs/heads/b', 'refs/heads/a'].map(ref =>
    changeOf(`x y ${ref}`),
  );
  assert.deepEqual(
    plan('', changes).changes.map(change => change.ref),
    ['refs/heads/a', 'refs/heads/b', 'refs/tags/v1', 'refs/notes/x'],
  );
});

test('a push without new commits makes one summary', () => {
  assert.deepEqual(
    told('', changeOf(`x ${ZERO} refs/heads/main`, 'deleted'), changeOf(`${ZERO} x refs/tags/t`, 'created')),
    ['summary'],
  );
});

test('a push without changes makes no mail', () => {
  assert.deepEqual(told(''), []);
});

test('past the limit one digest takes the place of all commit mails, by ref', () => {
  const { notices } = plan(
    'a b<a c<a',
    [changeOf('x b refs/heads/main'), changeOf('x c refs/heads/side')],
    2,
  );
  assert.equal(notices.length, 1);
  const [digest] = notices;
  assert.ok(digest?.kind === 'digest');
  assert.deepEqual(
    digest.groups.map(group => [group.change.ref, ...group.commits]),
    [
      ['refs/heads/main', 'a', 'b'],
      ['refs/heads/side', 'c'],
    ],
  );
});

test('lost commits are told with the ref that had them', () => {
  const { lost } = plan(
    '',
    [changeOf('c a refs/heads/main', 'rewound'), changeOf(`d ${ZERO} refs/heads/x`, 'deleted')],
    50,
    'b c<b d<c',
  );
  assert.deepEqual(
    lost.map(group => [group.change.ref, ...group.commits]),
    [
      ['refs/heads/main', 'b', 'c'],
      ['refs/heads/x', 'd'],
    ],
  );
});
