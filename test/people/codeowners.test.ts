import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedIn, peopleFile } from './naming.ts';

type Case = readonly [path: string, named: string];

/** The example of GitHub's page "About code owners", in its own order. */
const GITHUB = [
  '# This is a comment.',
  '*       @global-owner1 @global-owner2',
  '*.js    @js-owner #This is an inline comment.',
  '*.go docs@example.com',
  '*.txt @octo-org/octocats',
  '/build/logs/ @doctocat',
  'docs/*  docs@example.com',
  'apps/ @octocat',
  '/docs/ @doctocat',
  '/scripts/ @doctocat @octocat',
  '**/logs @octocat',
  '/apps/ @octocat',
  '/apps/github',
];

/** What the page says of each pattern alone. */
const GITHUB_ALONE: readonly (readonly [
  pattern: string,
  meant: readonly string[],
  other: readonly string[],
])[] = [
  ['*', ['a', '.hidden', 'a/b/c'], []],
  ['*.js', ['a.js', 'x/y/a.js', 'lib.js/x'], ['a.jsx', 'js']],
  ['/build/logs/', ['build/logs/a', 'build/logs/b/c'], ['build/logs', 'x/build/logs/a', 'build/logs2/a']],
  ['docs/*', ['docs/getting-started.md'], ['docs/build-app/troubleshooting.md', 'x/docs/a', 'docs']],
  ['apps/', ['apps/a', 'x/apps/a', 'x/y/apps/z/a'], ['apps', 'myapps/a']],
  ['/docs/', ['docs/a', 'docs/b/c'], ['x/docs/a']],
  ['**/logs', ['logs/a', 'build/logs/a', 'deeply/nested/logs/a', 'logs'], ['logs2/a']],
  ['/apps/github', ['apps/github', 'apps/github/a/b'], ['apps/a', 'apps/github2', 'x/apps/github']],
  ['docs', ['docs', 'docs/a', 'x/docs/a'], ['docs2/a']],
  ['a/b', ['a/b', 'a/b/c'], ['x/a/b']],
  ['/*', ['a'], ['a/b']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'x/a/b']],
  ['a/**/b', ['a/b', 'a/x/y/b', 'a/x/b/c'], ['a/xb']],
  ['with\\ blank/', ['with blank/a'], ['with', 'blank/a']],
  ['README.MD', ['README.MD'], ['README.md']],
  ['no#comment', ['no#comment'], ['no']],
  ['/', [], ['a', 'a/b']],
  ['!a', [], ['a', '!a', 'b']],
  ['[ab].c', [], ['a.c', '[ab].c']],
  ['\\#a', [], ['#a', '\\#a']],
];

for (const [pattern, meant, other] of GITHUB_ALONE) {
  test(`GitHub's pattern ${pattern} means what its page says`, async () => {
    const file = await peopleFile('.github/CODEOWNERS', [`${pattern} @ann`]);
    assert.deepEqual(
      meant.filter(path => namedIn(file, path) !== '@ann'),
      [],
    );
    assert.deepEqual(
      other.filter(path => namedIn(file, path) !== ''),
      [],
    );
  });
}

test("of GitHub's rules the last one that means a path counts, and one without owners takes them away", async () => {
  const file = await peopleFile('CODEOWNERS', GITHUB);
  const cases: readonly Case[] = [
    ['a.c', '@global-owner1 @global-owner2'],
    ['x/a.js', '@js-owner'],
    ['a.go', 'docs@example.com'],
    ['a.txt', '@octo-org/octocats'],
    ['build/logs/a.txt', '@octocat'],
    ['docs/a.md', '@doctocat'],
    ['docs/a.js', '@doctocat'],
    ['x/apps/a.js', '@octocat'],
    ['apps/github/a.js', ''],
    ['apps/github', ''],
    ['scripts/x', '@doctocat @octocat'],
  ];
  assert.deepEqual(
    cases.map(([path]) => [path, namedIn(file, path)]),
    cases,
  );
});

test('of several paths everybody is named once, in the order of the file, with the line that names them', async () => {
  const file = await peopleFile('docs/CODEOWNERS', ['* @all', '*.js @js a@X.ORG', '*.css @css a@x.org @js']);
  assert.deepEqual(file.of(['a.css', 'a.js', 'b.js']).named, [
    { who: '@js', why: 'docs/CODEOWNERS line 2: *.js' },
    { who: 'a@X.ORG', why: 'docs/CODEOWNERS line 2: *.js' },
    { who: '@css', why: 'docs/CODEOWNERS line 3: *.css' },
  ]);
  assert.deepEqual(file.of([]).named, []);
});

test('a line that GitHub finds invalid is passed over, and the one before it counts', async () => {
  const file = await peopleFile('CODEOWNERS', [
    '* @all',
    '*.c ann',
    '*.d @bo ann',
    '*.e @',
    '*.f @@',
    '*.g ünï@x.org',
  ]);
  assert.equal(namedIn(file, 'a.c'), '@all');
  assert.equal(namedIn(file, 'a.d'), '@all');
  // It has the form of an owner, but is none that could get a mail.
  assert.equal(namedIn(file, 'a.e', 'a.f', 'a.g'), '');
});

test("GitLab's sections count each for itself, by their names in any case, with owners of their own", async () => {
  const file = await peopleFile('CODEOWNERS', [
    '* @admin',
    '[README Owners]',
    'README.md @user1 @user2',
    'internal/README.md @user4',
    '[README other owners]',
    'README.md @user3',
    '[Documentation][2] @docs-team ann@example.org',
    'docs/',
    '*.txt @texts',
    '^[Database] @db @@maintainer',
    'model/db/',
    'config/db/setup.md @docs-team',
    '[DOCUMENTATION]',
    'docs/own.md',
    'docs/last.md @last',
  ]);
  const cases: readonly Case[] = [
    ['a', '@admin'],
    ['README.md', '@admin @user1 @user2 @user3'],
    ['internal/README.md', '@admin @user4 @user3'],
    ['docs/a', '@admin @docs-team ann@example.org'],
    ['model/db/CHANGELOG.txt', '@admin @texts @db'],
    ['config/db/setup.md', '@admin @docs-team'],
    // The second heading has no owners.
    ['docs/own.md', '@admin'],
    ['docs/last.md', '@admin @last'],
  ];
  assert.deepEqual(
    cases.map(([path]) => [path, namedIn(file, path)]),
    cases,
  );
});

test("GitLab's exclusions take paths from their section, whatever comes after them", async () => {
  const file = await peopleFile('CODEOWNERS', [
    '* @username',
    '!pom.xml',
    '/special/pom.xml @late',
    '[Ruby]',
    '*.rb @ruby-team',
    '!/config/**/*.rb',
    '/config/routes.rb @ops',
  ]);
  assert.equal(namedIn(file, 'pom.xml'), '');
  assert.equal(namedIn(file, 'special/pom.xml'), '');
  assert.equal(namedIn(file, 'a.rb'), '@username @ruby-team');
  assert.equal(namedIn(file, 'config/routes.rb'), '@username');
  assert.equal(namedIn(file, 'config/x/y.rb'), '@username');
});

test("a pattern of GitLab's means files, and without a slash before it at any depth", async () => {
  const cases: readonly (readonly [pattern: string, meant: readonly string[], other: readonly string[]])[] = [
    ['/README.md', ['README.md'], ['docs/README.md']],
    ['README.md', ['README.md', 'app/lib/README.md'], ['README.md/a']],
    ['internal/README.md', ['internal/README.md', 'docs/api/internal/README.md'], ['README.md']],
    ['/docs/', ['docs/a', 'docs/b/c'], ['x/docs/a']],
    ['lib/', ['lib/a', 'x/lib/b/c'], ['lib']],
    ['/docs/*.md', ['docs/a.md'], ['docs/b/a.md']],
    ['/docs/*spec*', ['docs/qa_specs.rb', 'docs/runtime.spec'], ['docs/a']],
    ['/docs/*/README.md', ['docs/api/README.md'], ['docs/README.md', 'docs/a/b/README.md']],
    ['/docs/**/index.md', ['docs/index.md', 'docs/api/graphql/index.md'], ['index.md']],
    ['docs', ['docs', 'x/docs'], ['docs/a']],
    ['/docs/**', ['docs/a'], ['docs/b/a']],
    ['/docs/**/', ['docs/a', 'docs/b/a'], ['docs']],
    ['**', ['a', 'a/b'], []],
    ['\\#file_with_pound.rb', ['#file_with_pound.rb'], ['file_with_pound.rb']],
    ['path\\ with\\ spaces/', ['path with spaces/a'], ['path/a']],
    ['[ab].c', ['a.c', 'x/b.c'], ['c.c', '[ab].c']],
    ['*', ['a', 'a/b', '.c'], []],
  ];
  for (const [pattern, meant, other] of cases) {
    const file = await peopleFile('.gitlab/CODEOWNERS', [`${pattern} @ann malformed @@owner`]);
    const wrong = [
      ...meant.filter(path => namedIn(file, path) !== '@ann'),
      ...other.filter(path => namedIn(file, path) !== ''),
    ];
    assert.deepEqual(wrong, [], pattern);
  }
});

test('a heading that is none is a rule of the section before it', async () => {
  const file = await peopleFile('.gitlab/CODEOWNERS', [
    '[Docs]',
    'docs/**/* @group',
    '[Section name',
    'docs/ @docs_group',
  ]);
  assert.equal(namedIn(file, 'docs/a'), '@docs_group');
});

test('whose syntax it is, the folder says, or what only GitLab has', async () => {
  const path = 'x/docs/a';
  const anywhere = async (folder: string, ...more: readonly string[]) =>
    namedIn(await peopleFile(`${folder}CODEOWNERS`, ['docs/a @ann', ...more]), path);
  assert.equal(await anywhere(''), '');
  assert.equal(await anywhere('.github/', '[Docs]', '!b'), '');
  assert.equal(await anywhere('.gitlab/'), '@ann');
  assert.equal(await anywhere('', '[Docs]'), '@ann');
  assert.equal(await anywhere('docs/', '^[Docs] @all'), '@ann');
  assert.equal(await anywhere('', '!b'), '@ann');
  assert.equal(await anywhere('', 'b @@developer'), '@ann');
  // A set of characters, which GitHub does not have either.
  assert.equal(await anywhere('', '[ab].c @bo'), '');
});

test('one in the syntax of Gitea names nobody, and says so', async () => {
  const file = await peopleFile('.gitea/CODEOWNERS', ['.* @ann']);
  assert.match(file.fault ?? '', /regular expressions/);
  assert.equal(namedIn(file, 'a'), '');
});
