import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Edition, noticeName } from '../../src/model/edition.ts';
import type { HistoryCommit } from '../../src/model/history.ts';
import type { RefChange } from '../../src/model/push.ts';
import type { PushFacts } from '../../src/model/push-plan.ts';
import { planEditions } from '../../src/plan/editions.ts';
import type { Listed } from '../config/listing.ts';
import { read } from '../config/reading.ts';
import { changeOf, pushOf, ZERO } from '../fixtures/nouns.ts';

/** `a b<a c<a d<b,c`: a commit and its parents. */
function historyOf(text: string): HistoryCommit[] {
  return text.split(' ').map(word => {
    const [id = '', parents = ''] = word.split('<');
    return { id, parents: parents.split(',').filter(Boolean), time: 0 };
  });
}

/** Commits a to d on main, c changes docs, each by the author of its name. */
const HISTORY = historyOf('a b<a c<b d<c');
const MAIN = changeOf('x d refs/heads/main');
const TAG = changeOf(`${ZERO} t refs/tags/v1`, 'created', true);
const GONE = changeOf(`g ${ZERO} refs/heads/gone`, 'deleted');
const FORCED = changeOf('f d refs/heads/topic', 'forced');

interface Given {
  readonly changes?: readonly RefChange[];
  readonly facts?: Partial<PushFacts>;
  readonly pusher?: readonly string[];
  readonly author?: (commit: string) => string;
}

/** A line of settings, `docs.paths=docs/`, as git would list it. */
function listed(line: string): Listed {
  const [key = '', value] = line.split(/=(.*)/s);
  return { key: `refpost.${key.replace(/[^.]*$/, name => name.toLowerCase())}`, value: value ?? '' };
}

function editions(
  settings: string,
  {
    changes = [MAIN],
    facts = {},
    pusher = ['zoe', 'zoe@example.org'],
    author = id => `${id}@example.org`,
  }: Given = {},
) {
  const reading = read(settings.split('; ').map(listed));
  assert.deepEqual(reading.faults, []);
  const idents = HISTORY.map(({ id }) => {
    const reviewed = id === 'b' ? ['Rev <rev@example.org>', 'spy@evil.test'] : [];
    return [
      id,
      {
        author: author(id),
        committer: 'zoe@example.org',
        trailers: new Map([['Reviewed-by', reviewed]]),
      },
    ] as const;
  });
  const all: PushFacts = {
    push: pushOf('p', 0),
    updates: [],
    refsNow: new Map(),
    skews: [],
    head: undefined,
    history: HISTORY,
    all: HISTORY,
    histories: new Map(),
    losses: new Map(),
    muted: new Set(),
    commitOf: id => (id === ZERO ? undefined : id),
    typeOf: () => 'commit',
    about: {
      idents: new Map(idents),
      touching: new Map([['docs/', new Set(['c'])]]),
      worded: new Map([['security', new Set(['b', 'c'])]]),
      owners: new Map([
        [
          'owners',
          new Map([
            [
              'a',
              [
                { who: '@core', why: 'CODEOWNERS line 1' },
                { who: '@nobody', why: 'CODEOWNERS line 1' },
              ],
            ],
          ]),
        ],
      ]),
      peopleFaults: new Map(),
      taggers: new Map([['t', 'tagger@example.org']]),
    },
    ...facts,
  };
  return planEditions(changes, all, reading.audiences, { wish: 'all', pusher, asksByName: false });
}

/** `docs: c -> docs@example.org` for each mail, with the audience and everybody who gets it. */
function told(list: readonly Edition[]): string[] {
  return list.flatMap(({ audience, plan, recipients, people }) =>
    plan.notices.map(notice => {
      const { cc = [], bcc = [] } = people.get(noticeName(notice)) ?? {};
      const who = [
        ...recipients.to,
        ...recipients.cc,
        ...recipients.bcc,
        ...[...cc, ...bcc].map(({ address }) => address),
      ];
      return `${audience}: ${notice.kind === 'commit' ? notice.commit : notice.kind === 'digest' ? `digest of ${notice.count}` : notice.stories.map(({ change }) => change.ref.replace('refs/', '')).join()} -> ${who.map(one => one.replace('@example.org', '')).join(' ')}`;
    }),
  );
}

const CASES: readonly [title: string, settings: string, expected: readonly string[], given?: Given][] = [
  ['one audience hears all', 'to=all@example.org', [': a -> all', ': b -> all', ': c -> all', ': d -> all']],
  [
    'tags alone go to those who hear of tags, from the first on, and no history',
    'to=all@example.org; announce.kinds=tag; announce.to=announce@example.org',
    [
      ': a -> all',
      ': b -> all',
      ': c -> all',
      ': d -> all',
      ': tags/v1 -> all',
      'announce: tags/v1 -> announce',
    ],
    { changes: [MAIN, TAG] },
  ],
  [
    'paths choose commits, and no refs',
    'to=all@example.org; docs.paths=docs/; docs.to=docs@example.org',
    [': a -> all', ': b -> all', ': c -> all', ': d -> all', ': tags/v1 -> all', 'docs: c -> docs'],
    { changes: [MAIN, TAG] },
  ],
  [
    'a new ref is told to those who hear of such, if none of its commits is',
    'few.kinds=commit branch tag; few.paths=docs/; few.to=few@example.org; all.kinds=commit branch tag; all.to=all@example.org',
    [
      'few: c -> few',
      'few: tags/v2 -> few',
      'all: a -> all',
      'all: b -> all',
      'all: c -> all',
      'all: d -> all',
    ],
    {
      changes: [
        changeOf(`${ZERO} d refs/heads/new`, 'created'),
        changeOf(`${ZERO} b refs/tags/v2`, 'created'),
      ],
    },
  ],
  [
    'with instead, what matches is not for the default audience',
    'to=all@example.org; docs.paths=docs/; docs.to=docs@example.org; docs.instead=true',
    [': a -> all', ': b -> all', ': d -> all', 'docs: c -> docs'],
  ],
  [
    'who is in two audiences gets each commit once, from the first that matches',
    'docs.paths=docs/; docs.to=both@example.org docs@example.org; to=all@example.org both@example.org',
    [
      'docs: c -> both docs',
      ': a -> all',
      ': b -> all',
      ': c -> all',
      ': d -> all',
      ': a -> both',
      ': b -> both',
      ': d -> both',
    ],
  ],
  [
    'an address is what a pattern means as a whole',
    'few.authors=d@example.org; few.to=few@example.org; more.authors=*d@example.org; more.to=more@example.org',
    ['more: d -> more'],
    { author: id => `x/${id}@example.org` },
  ],
  [
    'who is in two audiences that hear the same is left to the first',
    'to=all@example.org; second.to=all@example.org other@example.org',
    [
      ': a -> all',
      ': b -> all',
      ': c -> all',
      ': d -> all',
      'second: a -> other',
      'second: b -> other',
      'second: c -> other',
      'second: d -> other',
    ],
  ],
  ['authors', 'few.authors=[ab]@example.org; few.to=few@example.org', ['few: a -> few', 'few: b -> few']],
  ['committers', 'few.committers=*@example.net; few.to=few@example.org', []],
  ['message', 'few.message=security; few.to=few@example.org', ['few: b -> few', 'few: c -> few']],
  ['pushers by name', 'few.pushers=zoe; few.paths=docs/; few.to=few@example.org', ['few: c -> few']],
  ['pushers by address', 'few.pushers=*@example.net; few.to=few@example.org', []],
  [
    'kinds of refs',
    'deleted.kinds=deleted; deleted.to=d@example.org; forced.kinds=forced; forced.to=f@example.org; branch.kinds=branch; branch.to=b@example.org',
    ['deleted: heads/gone -> d', 'forced: heads/topic -> f', 'branch: heads/gone,heads/topic -> b'],
    { changes: [MAIN, GONE, FORCED, TAG] },
  ],
  [
    'commits alone',
    'to=all@example.org; kinds=commit; maxMails=4',
    [': a -> all', ': b -> all', ': c -> all', ': d -> all'],
    { changes: [MAIN, TAG] },
  ],
  ['a digest in place of single commits', 'to=all@example.org; kinds=digest', [': digest of 4 -> all']],
  [
    'a cap of their own',
    'to=all@example.org; few.maxMails=2; few.to=few@example.org',
    [': a -> all', ': b -> all', ': c -> all', ': d -> all', 'few: digest of 4 -> few'],
  ],
  [
    'refs of their own',
    'to=all@example.org; topic.refs=refs/heads/topic; topic.to=topic@example.org',
    [
      ': a -> all',
      ': b -> all',
      ': c -> all',
      ': d -> all',
      ': heads/topic -> all',
      'topic: a -> topic',
      'topic: b -> topic',
      'topic: c -> topic',
      'topic: d -> topic',
      'topic: heads/topic -> topic',
    ],
    { changes: [MAIN, FORCED] },
  ],
  [
    'a branch that they must not see',
    'to=all@example.org; open.excludeRefs=refs/heads/main; open.to=open@example.org',
    [': a -> all', ': b -> all', ': c -> all', ': d -> all'],
  ],
];

for (const [title, settings, expected, given] of CASES) {
  test(`audiences: ${title}`, () => {
    assert.deepEqual(told(editions(settings, given)), expected);
  });
}

const PEOPLE: readonly [title: string, settings: string, expected: readonly string[], given?: Given][] = [
  [
    'author, pusher, committer and reviewers, in the domains that are allowed, once each',
    'to=all@example.org; cc=author pusher committer trailer:Reviewed-by; personDomains=example.org',
    [': a -> all a zoe', ': b -> all b zoe rev', ': c -> all c zoe', ': d -> all d zoe'],
  ],
  [
    'who gets the commit already gets no copy',
    'to=all@example.org a@example.org; cc=author; personDomains=example.org',
    [': a -> all a', ': b -> all a b', ': c -> all a c', ': d -> all a d'],
  ],
  [
    'no more recipients than are allowed',
    'to=all@example.org; cc=author pusher; maxRecipients=2; personDomains=example.org',
    [': a -> all a', ': b -> all b', ': c -> all c', ': d -> all d'],
  ],
  [
    'an audience of people alone hears what there is somebody for, in numbers without gaps',
    'persons.cc=trailer:Reviewed-by; personDomains=example.org',
    ['persons: b -> rev'],
  ],
  [
    'the tagger of a tag',
    'to=all@example.org; kinds=tag; bcc=tagger author; personDomains=example.org',
    [': tags/v1 -> all tagger'],
    { changes: [TAG] },
  ],
  [
    'one digest for all who are named in it',
    'to=all@example.org; kinds=digest; cc=author; personDomains=example.org',
    [': digest of 4 -> all a b c d'],
  ],
  [
    'owners by their handles, as far as a group stands for them',
    'owners.people=CODEOWNERS; group=@core: core@example.org; personDomains=example.org',
    ['owners: a -> core'],
  ],
];

for (const [title, settings, expected, given] of PEOPLE) {
  test(`people: ${title}`, () => {
    assert.deepEqual(told(editions(settings, given)), expected);
  });
}

test('instead takes from others only what somebody hears', () => {
  const settings =
    'to=all@example.org; owners.people=CODEOWNERS; owners.instead=true; group=@core: core@example.org; personDomains=example.org';
  const changes = [MAIN, GONE];
  const expected = [': b -> all', ': c -> all', ': d -> all', ': heads/gone -> all', 'owners: a -> core'];
  assert.deepEqual(told(editions(settings, { changes })), expected);
  assert.deepEqual(told(editions(`${settings}; owners.kinds=digest`, { changes })), [
    ...expected.slice(0, -1),
    'owners: digest of 1 -> core',
  ]);
});

test('who is named and gets no mail is kept with the reason', () => {
  const [edition] = editions(
    'to=all@example.org; cc=trailer:Reviewed-by; people=CODEOWNERS; personDomains=example.net',
  );
  assert.deepEqual(edition?.people.get('b')?.dropped, [
    { who: 'rev@example.org', why: 'trailer:Reviewed-by', reason: 'domain' },
    { who: 'spy@evil.test', why: 'trailer:Reviewed-by', reason: 'domain' },
  ]);
});

test('what reaches other refs only later is new for those who hear of them, and not for who has it', () => {
  const stable = changeOf('x b refs/heads/stable');
  const settings =
    'to=all@example.org both@example.org; stable.refs=refs/heads/stable; stable.to=stable@example.org both@example.org';
  const scope = JSON.stringify([['refs/heads/stable'], []]);
  const facts = { history: [], histories: new Map([[scope, HISTORY.slice(0, 2)]]) };
  assert.deepEqual(told(editions(settings, { changes: [stable], facts })), [
    ': heads/stable -> all both',
    'stable: a -> stable',
    'stable: b -> stable',
  ]);
});

/** A push that brings commits to stable which were on main before, for one who is in both audiences, or an author who gets copies of both. */
function laterOnStable(plain: string): string[] {
  const stable = changeOf('x b refs/heads/stable');
  const scope = JSON.stringify([['refs/heads/stable'], []]);
  const facts = { history: [], histories: new Map([[scope, HISTORY.slice(0, 2)]]) };
  const settings = `to=both@example.org; ${plain}; stable.refs=refs/heads/stable; stable.to=stable@example.org both@example.org; stable.cc=author; personDomains=example.org`;
  return told(editions(settings, { changes: [stable], facts })).filter(line => line.startsWith('stable'));
}

for (const [what, plain, expected] of [
  [
    'who heard of a commit on another ref is not told again',
    'maxMails=9',
    ['stable: a -> stable a', 'stable: b -> stable b'],
  ],
  ['who got a copy is not told again either', 'cc=author', ['stable: a -> stable', 'stable: b -> stable']],
  [
    'who does not hear of such commits there is told',
    'kinds=tag; cc=author',
    ['stable: a -> stable both a', 'stable: b -> stable both b'],
  ],
  [
    'who does not hear of such pushers there is told',
    'pushers=robot; cc=author',
    ['stable: a -> stable both a', 'stable: b -> stable both b'],
  ],
  [
    'whom another audience left without is told',
    'docs.to=docs@example.org; docs.message=security; docs.instead=true',
    ['stable: a -> stable a', 'stable: b -> stable b', 'stable: b -> both'],
  ],
] as const) {
  test(`later on another ref: ${what}`, () => {
    assert.deepEqual(laterOnStable(plain), expected);
  });
}

/** Audiences of all kinds, with recipients and filters that overlap. */
const anyAudiences = fc
  .array(
    fc.record({
      to: fc.uniqueArray(fc.constantFrom('ann', 'bob', 'cy', 'dee'), { minLength: 1 }),
      filter: fc.constantFrom(
        '',
        'paths=docs/',
        'message=security',
        'authors=[ab]@example.org',
        'kinds=digest',
        'kinds=tag',
        'maxMails=2',
        'refs=refs/heads/topic',
      ),
      instead: fc.boolean(),
      plain: fc.boolean(),
      author: fc.boolean(),
      // Of people alone.
      alone: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map(list =>
    [
      'personDomains=example.org',
      ...list.flatMap(({ to, filter, instead, plain, author, alone }, at) => {
        const isDefault = plain && list.findIndex(one => one.plain) === at;
        const set = (text: string) => (isDefault ? text : `x${at}.${text}`);
        return [
          alone && !isDefault
            ? set('cc=trailer:Reviewed-by')
            : set(`to=${to.map(name => `${name}@example.org`).join(' ')}`),
          ...(filter === '' ? [] : [set(filter)]),
          ...(instead && !isDefault ? [set('instead=true')] : []),
          ...(author && (isDefault || !alone) ? [set('cc=author')] : []),
        ];
      }),
    ].join('; '),
  );

test('whatever the audiences, nobody gets a commit twice, and each audience that matches tells it to all who have it from no other', () => {
  const changes = [MAIN, changeOf('f c refs/heads/topic', 'forced'), TAG];
  fc.assert(
    fc.property(anyAudiences, settings => {
      const found = editions(settings, { changes });
      const got = new Map<string, number>();
      const inDigests = new Set<string>();
      const count = (commits: Iterable<string>, who: readonly string[]) => {
        for (const commit of commits)
          for (const one of who) got.set(`${commit} ${one}`, 1 + (got.get(`${commit} ${one}`) ?? 0));
      };
      for (const { plan, recipients, people } of found) {
        const fixed = [...recipients.to, ...recipients.cc, ...recipients.bcc];
        count(plan.told, fixed);
        for (const notice of plan.notices) {
          const more = (people.get(noticeName(notice))?.cc ?? []).map(({ address }) => address);
          if (notice.kind === 'commit') count([notice.commit], more);
          if (notice.kind === 'digest' && more.length > 0) for (const id of plan.told) inDigests.add(id);
        }
      }
      assert.deepEqual(
        [...got].filter(([, times]) => times > 1),
        [],
        settings,
      );
      // Alone, each audience tells what it matches; together, its people have all of that from somewhere.
      const reading = read(settings.split('; ').map(listed));
      const names = reading.audiences.map(({ name }) => name);
      const isOfDefault = (line: string) => !/^x\d/.test(line);
      const plain = settings.split('; ').filter(isOfDefault).join('; ');
      for (const { plan } of /\bto=/.test(plain) ? editions(plain, { changes }) : [])
        for (const commit of plan.told)
          assert.ok(
            inDigests.has(commit) || [...got.keys()].some(key => key.startsWith(`${commit} `)),
            `${settings}: nobody has ${commit}`,
          );
      const instead = reading.audiences.some(({ name, config }) => name !== '' && config.instead);
      for (const name of names.filter(one => one !== '' || !instead)) {
        const isOf = (line: string) =>
          line.startsWith(`${name}.`) || (!/^x\d/.test(line) && (name === '' || !/^(to|cc)=/.test(line)));
        const alone = settings.split('; ').filter(isOf).join('; ');
        for (const { plan, recipients } of editions(alone, { changes }))
          for (const commit of plan.told)
            for (const one of recipients.to)
              assert.ok(got.has(`${commit} ${one}`), `${settings}: ${one} lacks ${commit} of ${name}`);
      }
    }),
  );
});
