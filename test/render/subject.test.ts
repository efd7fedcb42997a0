import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Content } from '../../src/model/content.ts';
import type { RefMove } from '../../src/model/push.ts';
import type { RefStory } from '../../src/model/push-plan.ts';
import { subject } from '../../src/render/subject.ts';
import { loadTemplates, type RenderContext } from '../../src/render/templates.ts';
import { changeOf } from '../fixtures/nouns.ts';
import { HOME } from '../fixtures/world.ts';

const context = {
  config: { style: 'apache' },
  repositoryName: 'mesos',
  templates: await loadTemplates([join(HOME, 'templates', 'apache')]),
} as unknown as RenderContext;

/** `<move> <ref> [<lost> [<kept>]]` */
function storyOf(line: string): RefStory {
  const [move, ref, lost = 0, kept = 0] = line.split(' ');
  const commits = (count: number) => Array.from({ length: count }, (_, at) => String(at));
  return {
    change: changeOf(`a b ${ref}`, move as RefMove),
    lost: commits(Number(lost)),
    kept: commits(Number(kept)),
  };
}

function summaryOf(...lines: readonly string[]): Content {
  const notice = { kind: 'summary', stories: lines.map(storyOf) } as const;
  return { notice, headlines: new Map(), tags: new Map(), rewrites: new Map(), moves: new Map() };
}

const SUBJECTS: readonly [title: string, ...stories: string[]][] = [
  ['tag 1.5.1 created', 'created refs/tags/1.5.1'],
  ['tag 1.5.1 deleted', 'deleted refs/tags/1.5.1'],
  ['tag 1.5.1 deleted (1 commit lost)', 'deleted refs/tags/1.5.1 1'],
  ['tag latest moved', 'updated refs/tags/latest'],
  ['tag latest moved (2 commits lost) [Forced Update!]', 'forced refs/tags/latest 2'],
  ['tag latest moved [Forced Update!]', 'rewound refs/tags/latest 0 3'],
  ['branch topic created', 'created refs/heads/topic'],
  ['branch topic updated', 'updated refs/heads/topic'],
  ['branch topic deleted', 'deleted refs/heads/topic'],
  ['branch topic deleted (2 commits lost)', 'deleted refs/heads/topic 2'],
  ['branch a/b/c rewound by 3 commits [Forced Update!]', 'rewound refs/heads/a/b/c 1 2'],
  ['branch main rewound by 130 or more commits [Forced Update!]', 'rewound refs/heads/main 30 100'],
  ['branch main forced (1 commit lost) [Forced Update!]', 'forced refs/heads/main 1 2'],
  ['branch main forced [Forced Update!]', 'forced refs/heads/main'],
  ['notes commits created', 'created refs/notes/commits'],
  ['notes review/ci deleted (4 commits lost)', 'deleted refs/notes/review/ci 4'],
  ['ref refs/meta/config updated', 'updated refs/meta/config'],
  ['ref refs/changes/01/1/1 created', 'created refs/changes/01/1/1'],
  ['branch main of namespace bob created', 'created refs/namespaces/bob/refs/heads/main'],
  ['tag v1 of namespace a/b deleted', 'deleted refs/namespaces/a/refs/namespaces/b/refs/tags/v1'],
  ['ref refs/namespaces/bob created', 'created refs/namespaces/bob'],
  [
    '2 refs changed: branch topic deleted, tag v1 created',
    'created refs/tags/v1',
    'deleted refs/heads/topic',
  ],
  [
    '2 refs changed: tag v1 deleted (1 commit lost), branch topic deleted',
    'deleted refs/heads/topic',
    'deleted refs/tags/v1 1',
  ],
  [
    '4 refs changed: branch b deleted, branch c forced, branch d rewound by 2 commits, ... [Forced Update!]',
    'created refs/heads/a',
    'deleted refs/heads/b',
    'forced refs/heads/c',
    'rewound refs/heads/d 0 2',
  ],
];

for (const [title, ...stories] of SUBJECTS) {
  test(`the subject of a mail about refs: ${title}`, () => {
    const made = subject(summaryOf(...stories), { number: 1, total: 1 }, () => '', context);
    assert.equal(made, `mesos git push: ${title}`);
  });
}

test('a mail about refs at the end of a push has its counter, and is as forced as its own refs', () => {
  const made = subject(summaryOf('created refs/tags/v1'), { number: 3, total: 12 }, () => '', context);
  assert.equal(made, '[03/12] mesos git push: tag v1 created');
});

test('whatever refs are called, the subject is one line of bounded length that says what happened', () => {
  const ref = fc.string({ unit: 'binary', minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(fc.array(ref, { minLength: 1, maxLength: 5 }), names => {
      const change = changeOf('a b refs/heads/x', 'deleted');
      const stories = names.map(name => ({
        change: { ...change, ref: `refs/heads/${name}` },
        lost: [],
        kept: [],
      }));
      const content = { ...summaryOf(), notice: { kind: 'summary', stories } } as Content;
      const made = subject(content, { number: 1, total: 1 }, () => '', context);
      assert.match(made, /^mesos git push: .*deleted/);
      assert.doesNotMatch(made, /[\p{Cc}\u2028\u2029]/u);
      assert.ok(Array.from(made).length < 300);
    }),
  );
});
