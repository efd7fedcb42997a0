import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linksOf } from '../../src/config/links.ts';
import type { LinkSettings, Links } from '../../src/model/links.ts';
import { commitLink, compareLink, fileLink, refLink, tagLink } from '../../src/render/links.ts';
import { changeOf, ZERO } from '../fixtures/nouns.ts';

const C = 'c'.repeat(40);
const O = 'a'.repeat(40);
const N = 'b'.repeat(40);

const UNSET: LinkSettings = {
  web: undefined,
  webUrl: undefined,
  linkBase: undefined,
  commitUrl: undefined,
  treeUrl: undefined,
  fileUrl: undefined,
  compareUrl: undefined,
  tagUrl: undefined,
};

function linksFor(
  settings: Partial<LinkSettings>,
  repository = 'project',
  told?: Parameters<typeof linksOf>[2],
) {
  return linksOf({ ...UNSET, ...settings }, repository, told);
}

const TEXT = Buffer.from('diff --git a/x b/x\nindex 1..2 100644\n@@ -1 +1 @@\n');
const COMMIT = { id: C, parents: [O] };

function file(links: Links | undefined, path: string, line?: number) {
  return fileLink(links, COMMIT, { path: Buffer.from(path), text: TEXT }, line);
}

const moved = changeOf(`${O} ${N} refs/heads/main`);
const forced = { ...moved, move: 'forced' as const };
const tagged = { ...changeOf(`${ZERO} ${N} refs/tags/v1.0`, 'created'), annotated: true };

interface Shown {
  readonly url: string;
  readonly commit: string;
  readonly tree: string;
  readonly diff: string | null;
  readonly file: string;
  readonly line: string;
  readonly compare: string | null;
  readonly forced: string | null;
  readonly tag: string;
}

/** Every preset beside the form in which its program has these pages. docs/links.md has where each form is from. */
const SHOWN: Readonly<Record<string, Shown>> = {
  github: {
    url: 'https://github.com/example/project',
    commit: `https://github.com/example/project/commit/${C}`,
    tree: `https://github.com/example/project/tree/${C}`,
    diff: `https://github.com/example/project/commit/${C}.diff`,
    file: `https://github.com/example/project/blob/${C}/src/a%20b.c`,
    line: `https://github.com/example/project/blob/${C}/src/a%20b.c#L12`,
    compare: `https://github.com/example/project/compare/${O}...${N}`,
    forced: `https://github.com/example/project/compare/${O}..${N}`,
    tag: 'https://github.com/example/project/releases/tag/v1.0',
  },
  gitlab: {
    url: 'https://gitlab.com/example/project',
    commit: `https://gitlab.com/example/project/-/commit/${C}`,
    tree: `https://gitlab.com/example/project/-/tree/${C}`,
    diff: `https://gitlab.com/example/project/-/commit/${C}.diff`,
    file: `https://gitlab.com/example/project/-/blob/${C}/src/a%20b.c`,
    line: `https://gitlab.com/example/project/-/blob/${C}/src/a%20b.c#L12`,
    compare: `https://gitlab.com/example/project/-/compare/${O}...${N}`,
    forced: `https://gitlab.com/example/project/-/compare/${O}..${N}`,
    tag: 'https://gitlab.com/example/project/-/tags/v1.0',
  },
  gitea: giteaAt('https://gitea.com/example/project'),
  forgejo: giteaAt('https://codeberg.org/example/project'),
  bitbucket: {
    url: 'https://bitbucket.org/example/project',
    commit: `https://bitbucket.org/example/project/commits/${C}`,
    tree: `https://bitbucket.org/example/project/src/${C}/`,
    diff: null,
    file: `https://bitbucket.org/example/project/src/${C}/src/a%20b.c`,
    line: `https://bitbucket.org/example/project/src/${C}/src/a%20b.c#lines-12`,
    compare: `https://bitbucket.org/example/project/branches/compare/${N}%0D${O}`,
    forced: `https://bitbucket.org/example/project/branches/compare/${N}%0D${O}`,
    tag: 'https://bitbucket.org/example/project/src/v1.0',
  },
  'bitbucket-dc': {
    url: 'https://bb.example.org/projects/TOOLS/repos/project',
    commit: `https://bb.example.org/projects/TOOLS/repos/project/commits/${C}`,
    tree: `https://bb.example.org/projects/TOOLS/repos/project/browse?at=${C}`,
    diff: null,
    file: `https://bb.example.org/projects/TOOLS/repos/project/browse/src/a%20b.c?at=${C}`,
    line: `https://bb.example.org/projects/TOOLS/repos/project/browse/src/a%20b.c?at=${C}#12`,
    compare: `https://bb.example.org/projects/TOOLS/repos/project/compare/commits?sourceBranch=${N}&targetBranch=${O}`,
    forced: `https://bb.example.org/projects/TOOLS/repos/project/compare/commits?sourceBranch=${N}&targetBranch=${O}`,
    tag: 'https://bb.example.org/projects/TOOLS/repos/project/browse?at=refs%2Ftags%2Fv1.0',
  },
  cgit: {
    url: 'https://git.example.org/cgit/project.git/',
    commit: `https://git.example.org/cgit/project.git/commit/?id=${C}`,
    tree: `https://git.example.org/cgit/project.git/tree/?id=${C}`,
    diff: `https://git.example.org/cgit/project.git/diff/?id=${C}`,
    file: `https://git.example.org/cgit/project.git/tree/src/a%20b.c?id=${C}`,
    line: `https://git.example.org/cgit/project.git/tree/src/a%20b.c?id=${C}#n12`,
    compare: `https://git.example.org/cgit/project.git/diff/?id=${N}&id2=${O}`,
    forced: `https://git.example.org/cgit/project.git/diff/?id=${N}&id2=${O}`,
    tag: 'https://git.example.org/cgit/project.git/tag/?h=v1.0',
  },
  gitweb: {
    url: 'https://git.example.org/?p=project.git;a=summary',
    commit: `https://git.example.org/?p=project.git;a=commit;h=${C}`,
    tree: `https://git.example.org/?p=project.git;a=tree;hb=${C}`,
    diff: `https://git.example.org/?p=project.git;a=commitdiff;h=${C}`,
    file: `https://git.example.org/?p=project.git;a=blob;f=src/a%20b.c;hb=${C}`,
    line: `https://git.example.org/?p=project.git;a=blob;f=src/a%20b.c;hb=${C}#l12`,
    compare: `https://git.example.org/?p=project.git;a=commitdiff;hp=${O};h=${N}`,
    forced: `https://git.example.org/?p=project.git;a=commitdiff;hp=${O};h=${N}`,
    tag: 'https://git.example.org/?p=project.git;a=tag;h=refs/tags/v1.0',
  },
  gitiles: {
    url: 'https://example.googlesource.com/project/+/refs/heads/main',
    commit: `https://example.googlesource.com/project/+/${C}`,
    tree: `https://example.googlesource.com/project/+/${C}/`,
    diff: `https://example.googlesource.com/project/+/${C}%5E%21/`,
    file: `https://example.googlesource.com/project/+/${C}/src/a%20b.c`,
    line: `https://example.googlesource.com/project/+/${C}/src/a%20b.c#12`,
    compare: `https://example.googlesource.com/project/+/${O}..${N}`,
    forced: `https://example.googlesource.com/project/+/${O}..${N}`,
    tag: 'https://example.googlesource.com/project/+/refs/tags/v1.0',
  },
  sourcehut: {
    url: 'https://git.sr.ht/~ada/project',
    commit: `https://git.sr.ht/~ada/project/commit/${C}`,
    tree: `https://git.sr.ht/~ada/project/tree/${C}`,
    diff: `https://git.sr.ht/~ada/project/commit/${C}.patch`,
    file: `https://git.sr.ht/~ada/project/tree/${C}/item/src/a%20b.c`,
    line: `https://git.sr.ht/~ada/project/tree/${C}/item/src/a%20b.c#L12`,
    compare: null,
    forced: null,
    tag: 'https://git.sr.ht/~ada/project/refs/v1.0',
  },
  gerrit: {
    url: 'https://review.example.org/plugins/gitiles/project',
    commit: `https://review.example.org/q/${C}`,
    tree: `https://review.example.org/plugins/gitiles/project/+/${C}/`,
    diff: `https://review.example.org/plugins/gitiles/project/+/${C}%5E%21/`,
    file: `https://review.example.org/plugins/gitiles/project/+/${C}/src/a%20b.c`,
    line: `https://review.example.org/plugins/gitiles/project/+/${C}/src/a%20b.c#12`,
    compare: `https://review.example.org/plugins/gitiles/project/+/${O}..${N}`,
    forced: `https://review.example.org/plugins/gitiles/project/+/${O}..${N}`,
    tag: 'https://review.example.org/plugins/gitiles/project/+/refs/tags/v1.0',
  },
  azure: {
    url: 'https://dev.azure.com/example/tools/_git/project',
    commit: `https://dev.azure.com/example/tools/_git/project/commit/${C}`,
    tree: `https://dev.azure.com/example/tools/_git/project?version=GC${C}`,
    diff: null,
    file: `https://dev.azure.com/example/tools/_git/project?path=/src/a%20b.c&version=GC${C}`,
    line: `https://dev.azure.com/example/tools/_git/project?path=/src/a%20b.c&version=GC${C}&line=12&lineEnd=13&lineStartColumn=1&lineEndColumn=1`,
    compare: `https://dev.azure.com/example/tools/_git/project/branchCompare?baseVersion=GC${O}&targetVersion=GC${N}`,
    forced: `https://dev.azure.com/example/tools/_git/project/branchCompare?baseVersion=GC${O}&targetVersion=GC${N}`,
    tag: 'https://dev.azure.com/example/tools/_git/project?version=GTv1.0',
  },
};

function giteaAt(url: string): Shown {
  return {
    url,
    commit: `${url}/commit/${C}`,
    tree: `${url}/src/commit/${C}`,
    diff: `${url}/commit/${C}.diff`,
    file: `${url}/src/commit/${C}/src/a%20b.c`,
    line: `${url}/src/commit/${C}/src/a%20b.c#L12`,
    compare: `${url}/compare/${O}...${N}`,
    forced: `${url}/compare/${O}..${N}`,
    tag: `${url}/src/tag/v1.0`,
  };
}

for (const [web, { url, ...shown }] of Object.entries(SHOWN))
  test(`${web}: a commit, its tree, its diff, a file, a line, what a push brought, and a tag have the addresses of that program`, () => {
    for (const settings of [
      { webUrl: url },
      { webUrl: url, web: web as Exclude<LinkSettings['web'], undefined> },
    ]) {
      const links = linksFor(settings);
      assert.deepEqual(
        {
          commit: commitLink(links, C),
          tree: commitLink(links, C, 'tree'),
          diff: commitLink(links, C, 'diff'),
          file: file(links, 'src/a b.c'),
          line: file(links, 'src/a b.c', 12),
          compare: compareLink(links, moved),
          forced: compareLink(links, forced),
          tag: tagLink(links, tagged),
        },
        shown,
      );
    }
  });

test('soft-serve shows no commits in a browser, and links to none', () => {
  assert.equal(linksFor({ web: 'soft-serve', webUrl: 'https://git.example.org/project' }), undefined);
});

const commitAt = (...given: Parameters<typeof linksFor>) => commitLink(linksFor(...given), C);

test('the address of a repository is taken as people copy it', () => {
  for (const [webUrl, url] of [
    ['https://github.com/example/project/', 'https://github.com/example/project/commit'],
    ['https://github.com/example/project.git', 'https://github.com/example/project/commit'],
    [
      'https://gitlab.example.org/a/b/project/-/tree/main?x=1',
      'https://gitlab.example.org/a/b/project/-/commit',
    ],
    ['https://bb.example.org/projects/T/repos/p/browse', 'https://bb.example.org/projects/T/repos/p/commits'],
    ['https://bitbucket.org/example/project/src/main/', 'https://bitbucket.org/example/project/commits'],
  ] as const)
    assert.equal(commitAt({ webUrl }), `${url}/${C}`);
  assert.equal(
    commitAt({ webUrl: 'https://bb.example.org/scm/~ada/p.git', web: 'bitbucket-dc' }),
    `https://bb.example.org/users/ada/repos/p/commits/${C}`,
  );
  assert.equal(
    commitAt({ webUrl: 'https://git.example.org/gitweb/project.git' }),
    `https://git.example.org/gitweb/project.git?a=commit;h=${C}`,
  );
});

test('the address of a server is followed by the name of the repository', () => {
  const [web, webUrl] = ['bitbucket-dc', 'https://bb.example.org/'] as const;
  assert.equal(commitAt({ web, webUrl }, 'T/p'), `https://bb.example.org/projects/T/repos/p/commits/${C}`);
  assert.equal(commitAt({ web, webUrl }, '~ada/p'), `https://bb.example.org/users/ada/repos/p/commits/${C}`);
  assert.equal(
    commitAt({ web: 'gitweb', webUrl: 'https://git.example.org' }, 'a/p'),
    `https://git.example.org/?p=a/p.git;a=commit;h=${C}`,
  );
  const review = linksFor({ web: 'gerrit', webUrl: 'https://review.example.org/r' }, 'a/p');
  assert.equal(commitLink(review, C), `https://review.example.org/r/q/${C}`);
  assert.equal(commitLink(review, C, 'tree'), `https://review.example.org/r/plugins/gitiles/a/p/+/${C}/`);
  assert.equal(
    commitAt({ web: 'cgit', webUrl: 'https://git.example.org/cgit/{repository}.git' }, 'a b/p?'),
    `https://git.example.org/cgit/a%20b/p%3F.git/commit/?id=${C}`,
  );
});

test('a host that tells of its pages has links without any setting, and settings are before it', () => {
  const gitea = { style: 'gitea', base: 'https://git.example.org/forge' } as const;
  const [at, cgit] = ['https://git.example.org/forge/ann/p', 'https://cgit.example.org/p'];
  assert.equal(commitAt({}, 'ann/p', gitea), `${at}/commit/${C}`);
  assert.equal(commitAt({ web: 'forgejo' }, 'ann/p', gitea), `${at}/commit/${C}`);
  assert.equal(commitAt({ web: 'off' }, 'ann/p', gitea), null);
  assert.equal(commitAt({ web: 'pattern' }, 'ann/p', gitea), null);
  assert.equal(commitAt({ web: 'cgit' }, 'ann/p', gitea), null);
  assert.equal(commitAt({ webUrl: cgit }, 'ann/p', gitea), `${cgit}/commit/?id=${C}`);
  const bitbucket = { style: 'bitbucket-dc', base: 'https://bb.example.org' } as const;
  assert.equal(commitAt({}, 'T/p', bitbucket), `https://bb.example.org/projects/T/repos/p/commits/${C}`);
  // GitLab says what it is and not where.
  assert.equal(commitAt({}, 'ann/p', { style: 'gitlab' }), null);
  const webUrl = 'https://git.example.org/{repository}';
  assert.equal(
    commitAt({ webUrl }, 'ann/p', { style: 'gitlab' }),
    `https://git.example.org/ann/p/-/commit/${C}`,
  );
  assert.equal(commitAt({ webUrl }), null);
});

test('linkBase and patterns are before what a program has, each for its pages', () => {
  const [webUrl, linkBase] = ['https://github.com/example/project', 'https://git.example.org/p'];
  const both = linksFor({ webUrl, linkBase });
  assert.equal(commitLink(both, C), `${linkBase}/commit/cccccccc`);
  assert.equal(compareLink(both, moved), null);
  const links = linksFor({ webUrl, commitUrl: 'https://x.example.org/{repository}?id={shortId}' }, 'a&b');
  assert.equal(commitLink(links, C), 'https://x.example.org/a%26b?id=ccccccccc');
  assert.equal(commitLink(links, C, 'tree'), `${webUrl}/tree/${C}`);
  const own = linksFor({
    web: 'pattern',
    webUrl,
    fileUrl: '{url}/f/{path}?at={id}&line={line}',
    compareUrl: '{url}/c/{old}{dots}{new}',
    tagUrl: '{url}/t/{tag}',
  });
  assert.equal(commitLink(own, C), null);
  assert.equal(file(own, 'a/b'), `${webUrl}/f/a/b?at=${C}`);
  assert.equal(file(own, 'a/b', 7), `${webUrl}/f/a/b?at=${C}&line=7`);
  assert.equal(compareLink(own, forced), `${webUrl}/c/${O}..${N}`);
  assert.equal(tagLink(own, tagged), `${webUrl}/t/v1.0`);
  assert.equal(linksFor({ commitUrl: '{url}/c/{id}' }), undefined);
});

const github = linksFor({ webUrl: 'https://github.com/example/project' });

test('a hostile name is one path and nothing else', () => {
  const path = (name: string) => file(github, name)?.split(`/blob/${C}/`)[1];
  assert.equal(path('a b/?x=1&y#L9;%41'), 'a%20b/%3Fx%3D1%26y%23L9%3B%2541');
  assert.equal(path('{id}{path}\n"<b>'), '%7Bid%7D%7Bpath%7D%0A%22%3Cb%3E');
  assert.equal(path('größe/日本'), 'gr%C3%B6%C3%9Fe/%E6%97%A5%E6%9C%AC');
  assert.equal(fileLink(github, COMMIT, { path: Buffer.from([0xff]), text: TEXT }), null);
  const tag = { ...tagged, ref: 'refs/tags/a/b#1&é' };
  assert.equal(tagLink(github, tag), 'https://github.com/example/project/releases/tag/a/b%231%26%C3%A9');
});

test('a file that is gone is shown as the parent has it, and a submodule is not shown', () => {
  const head = (line: string) => ({
    path: Buffer.from('x'),
    text: Buffer.from(`diff --git a/x b/x\n${line}\n`),
  });
  assert.match(
    String(fileLink(github, COMMIT, head('deleted file mode 100644'), 3)),
    new RegExp(`/blob/${O}/x#L3$`),
  );
  assert.equal(fileLink(github, COMMIT, head('new file mode 160000')), null);
  assert.equal(fileLink(github, COMMIT, head('index 1111111..2222222 160000')), null);
  assert.ok(fileLink(github, COMMIT, head('index 1111111..2222222 100644\n@@ -1 +1 @@\n+index 1..2 160000')));
});

test('a ref leads to its comparison, its tag or its first commit, and one that is deleted nowhere', () => {
  const last = (change: Parameters<typeof refLink>[1]) =>
    refLink(github, change)?.replace(/.*project\//, '') ?? null;
  assert.equal(last(moved), `compare/${O}...${N}`);
  assert.equal(last({ ...moved, move: 'rewound' }), `compare/${O}..${N}`);
  assert.equal(last(changeOf(`${ZERO} ${N} refs/heads/new`, 'created')), `commit/${N}`);
  assert.equal(last(changeOf(`${O} ${ZERO} refs/heads/old`, 'deleted')), null);
  assert.equal(last(tagged), 'releases/tag/v1.0');
  assert.equal(last({ ...tagged, move: 'deleted' }), null);
  assert.equal(last({ ...tagged, ref: 'refs/namespaces/a/refs/tags/v1.0' }), null);
  const gitweb = linksFor({ webUrl: 'https://git.example.org/?p=project.git' });
  assert.equal(
    tagLink(gitweb, { ...tagged, annotated: false }),
    'https://git.example.org/?p=project.git;a=object;h=refs/tags/v1.0',
  );
});

test('names of 64 digits are whole', () => {
  const id = 'd'.repeat(64);
  assert.equal(commitLink(github, id), `https://github.com/example/project/commit/${id}`);
});
