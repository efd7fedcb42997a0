import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryCommit } from '../../src/model/history.ts';
import type { RefChange } from '../../src/model/push.ts';
import type { PushFacts } from '../../src/model/push-plan.ts';
import { type PlanPolicy, planChanges } from '../../src/plan/plan-changes.ts';
import { changeOf, pushOf, ZERO } from '../fixtures/nouns.ts';

/** `a b<a c<a d<b,c`: a commit and its parents. */
function historyOf(text: string): HistoryCommit[] {
  return text.split(' ').map(word => {
    const [id = '', parents = ''] = word.split('<');
    return { id, parents: parents.split(',').filter(Boolean), time: 0 };
  });
}

function plan(history: string, changes: readonly RefChange[], parts: Partial<PushFacts & PlanPolicy> = {}) {
  const facts = {
    push: pushOf('p', 0),
    head: undefined,
    history: history ? historyOf(history) : [],
    losses: new Map(),
    muted: new Set<string>(),
    commitOf: (id: string) => (id === ZERO ? undefined : id),
    typeOf: () => 'commit' as const,
  };
  const policy: PlanPolicy = {
    kinds: [],
    summary: 'last',
    maxMails: 50,
    maxListed: 100,
    merges: true,
    maxAge: undefined,
    wish: 'all',
    unwanted: () => undefined,
    wantsRef: () => true,
  };
  return planChanges(changes, { ...facts, ...parts }, { ...policy, ...parts });
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
  assert.deepEqual(told('a b<a', tag, fresh, main), [
    'a refs/heads/main',
    'b refs/heads/a-new-one',
    'summary',
  ]);
  assert.deepEqual(told('a b<a', tag), ['a refs/tags/v1', 'b refs/tags/v1', 'summary']);
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
  const changes = [changeOf('x b refs/heads/main'), changeOf('x c refs/heads/side')];
  const { notices } = plan('a b<a c<a', changes, { maxMails: 2 });
  const [digest] = notices;
  assert.ok(notices.length === 1 && digest?.kind === 'digest');
  assert.deepEqual([digest.because, digest.count], ['many', 3]);
  assert.deepEqual(
    digest.groups.map(group => [group.change.ref, ...group.commits]),
    [
      ['refs/heads/main', 'a', 'b'],
      ['refs/heads/side', 'c'],
    ],
  );
});

test('a digest lists as many commits as a mail can hold, the newest of each ref, and counts the others', () => {
  const changes = [changeOf('x c refs/heads/main'), changeOf('x d refs/heads/side')];
  const { notices } = plan('a b<a c<b d<a', changes, { maxMails: 1, maxListed: 2 });
  const [digest] = notices;
  assert.ok(digest?.kind === 'digest');
  assert.deepEqual(
    digest.groups.map(group => [group.commits.join(), group.unlisted]),
    [
      ['b,c', 1],
      ['', 1],
    ],
  );
});

test('what no commit mail says comes as a summary behind the commits', () => {
  const forced = changeOf('x b refs/heads/main', 'forced');
  const losses = new Map([['x b', { rewound: false, lost: ['x'], kept: [] }]]);
  const { notices } = plan('a b<a', [forced], { losses });
  assert.deepEqual(
    notices.map(notice => notice.kind),
    ['commit', 'commit', 'summary'],
  );
  assert.deepEqual(notices[2], {
    kind: 'summary',
    stories: [{ change: forced, tip: 'b', lost: ['x'], kept: [] }],
  });
});

/** Which refs of a push get a story, when main brings the commits a and b. */
const STORIES: readonly [title: string, change: RefChange, told: boolean][] = [
  ['a branch made at a commit that is new', changeOf(`${ZERO} b refs/heads/x`, 'created'), false],
  ['a branch made at a commit that was known', changeOf(`${ZERO} k refs/heads/x`, 'created'), true],
  ['a branch moved forward over known commits: the preamble says it', changeOf('j k refs/heads/x'), false],
  ['a branch rewound', changeOf('k j refs/heads/x', 'rewound'), true],
  ['a branch deleted', changeOf(`k ${ZERO} refs/heads/x`, 'deleted'), true],
  ['an annotated tag of a new commit', changeOf(`${ZERO} b refs/tags/x`, 'created', true), true],
  ['a lightweight tag of a new commit', changeOf(`${ZERO} b refs/tags/x`, 'created'), false],
  ['a lightweight tag of a known commit', changeOf(`${ZERO} k refs/tags/x`, 'created'), true],
];

for (const [title, change, isTold] of STORIES) {
  test(`${isTold ? 'a story' : 'no story'}: ${title}`, () => {
    const { notices } = plan('a b<a', [changeOf('x b refs/heads/main'), change]);
    assert.deepEqual(
      notices.map(notice => notice.kind),
      ['commit', 'commit', ...(isTold ? ['summary'] : [])],
    );
  });
}

test('a branch moved forward over known commits is a story where there is no other mail', () => {
  assert.deepEqual(told('', changeOf('j k refs/heads/main')), ['summary']);
});

test('left out are merges, old commits and muted ones; the numbers have no gaps', () => {
  const history = historyOf('a b<a c<a m<b,c d<m').map(commit => ({
    ...commit,
    time: commit.id === 'a' ? 0 : 1000,
  }));
  const { notices, leftOut } = plan('', [changeOf('x d refs/heads/main')], {
    history,
    merges: false,
    maxAge: 500_000,
    push: pushOf('p', 1_000_000),
    muted: new Set(['c']),
  });
  assert.deepEqual(
    notices.map(notice => notice.kind === 'commit' && notice.commit),
    ['b', 'd'],
  );
  assert.deepEqual(
    [...leftOut],
    [
      ['a', 'old'],
      ['c', 'muted'],
      ['m', 'merges'],
    ],
  );
});

test('a push whose commits are all left out makes no mail', () => {
  const { notices } = plan('a b<a', [changeOf(`${ZERO} b refs/heads/main`, 'created')], {
    muted: new Set(['a', 'b']),
  });
  assert.deepEqual(notices, []);
});

test('the pusher may ask for one mail, or for none', () => {
  const changes = [changeOf('x b refs/heads/main', 'forced')];
  assert.deepEqual(
    plan('a b<a', changes, { wish: 'summary' }).notices.map(notice => notice.kind),
    ['digest', 'summary'],
  );
  assert.deepEqual(plan('a b<a', changes, { wish: 'none' }).notices, []);
});

/** The notices of a plan that starts each thread with a summary: `summary <ref> <commits>/<with a mail>`, `1/2 <commit> <ref>`, `<commit> for <ref>`. */
function byRef(history: string, changes: readonly RefChange[], parts: Partial<PushFacts & PlanPolicy> = {}) {
  return plan(history, changes, { summary: 'first', ...parts }).notices.map(notice => {
    if (notice.kind === 'digest') return `digest of ${notice.count}`;
    if (notice.kind === 'summary') {
      const { commits = [], mailed = 0 } = notice.stories[0]?.brings ?? {};
      return `summary ${notice.ref} ${commits.join('')}/${mailed}`;
    }
    const { commit, change, place, story } = notice;
    if (story) return `${commit} for ${change.ref}`;
    assert.match(place?.thread ?? '', new RegExp(`^summary ${change.ref}$|^[a-z]$`));
    return `${place?.number}/${place?.total} ${commit} ${change.ref}`;
  });
}

const MAIN = changeOf('x b refs/heads/main');
const SIDE = changeOf(`${ZERO} c refs/heads/side`, 'created');

test('with summaries first each ref has one, before the mails of its commits, which are counted by ref', () => {
  const tag = changeOf(`${ZERO} b refs/tags/v1`, 'created', true);
  const gone = changeOf(`k ${ZERO} refs/heads/a`, 'deleted');
  assert.deepEqual(byRef('a b<a c<a', [gone, tag, SIDE, MAIN]), [
    'summary refs/heads/main ab/2',
    '1/2 a refs/heads/main',
    '2/2 b refs/heads/main',
    'summary refs/heads/side c/1',
    '1/1 c refs/heads/side',
    'summary refs/tags/v1 /0',
    'summary refs/heads/a /0',
  ]);
});

/** Which pushes of one commit get one mail about it and its branch. */
const ALONE: readonly [title: string, history: string, change: RefChange, isOne: boolean][] = [
  ['a branch goes forward by it', 'b<x', MAIN, true],
  ['a branch is made', 'b<x', changeOf(`${ZERO} b refs/heads/main`, 'created'), false],
  ['a branch is forced to it', 'b<y', changeOf('x b refs/heads/main', 'forced'), false],
  ['it merges what was known', 'b<x,k', MAIN, false],
  ['it comes with one that was known', 'b<k', MAIN, false],
  ['a tag goes there', 'b<x', changeOf('x b refs/tags/latest'), false],
];

for (const [title, history, change, isOne] of ALONE) {
  test(`a commit alone, and ${title}: ${isOne ? 'one mail' : 'two mails'}`, () => {
    assert.equal(byRef(history, [change]).length, isOne ? 1 : 2);
  });
}

test('with summaries first these list what is too much for mails of its own; a digest does where they are not heard', () => {
  const both = [MAIN, SIDE];
  assert.deepEqual(byRef('a b<a c<a', both, { maxMails: 2 }), [
    'summary refs/heads/main ab/0',
    'summary refs/heads/side c/0',
  ]);
  assert.deepEqual(byRef('a b<a c<a', both, { wish: 'summary' }).length, 2);
  assert.deepEqual(byRef('a b<a c<a', both, { maxMails: 2, kinds: ['commit', 'digest'] }), ['digest of 3']);
  assert.deepEqual(byRef('a b<a c<a', both, { kinds: ['commit'] }), [
    '1/2 a refs/heads/main',
    '2/2 b refs/heads/main',
    '1/1 c refs/heads/side',
  ]);
  const many = Array.from({ length: 4 }, (_, at) => changeOf(`${ZERO} k refs/tags/v${at}`, 'created'));
  assert.equal(plan('', many, { summary: 'first', maxMails: 3 }).notices.length, 1);
});
