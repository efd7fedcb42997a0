import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { globMatches } from '../../src/model/glob.ts';

const CASES: readonly (readonly [pattern: string, matching: readonly string[], other: readonly string[]])[] =
  [
    ['yarn.lock', ['yarn.lock', 'web/yarn.lock'], ['yarn.lock/x', 'my-yarn.lock', 'yarn.lock2']],
    ['/yarn.lock', ['yarn.lock'], ['web/yarn.lock']],
    ['*.min.js', ['a.min.js', 'x/y/.min.js'], ['a.min.js/b', 'amin.js']],
    ['docs/*.html', ['docs/a.html'], ['docs/a/b.html', 'x/docs/a.html']],
    ['docs/**/*.html', ['docs/a.html', 'docs/a/b/c.html'], ['docs.html', 'x/docs/a.html']],
    ['vendor/', ['vendor/a', 'vendor/a/b', 'x/vendor/a'], ['vendor', 'vendors/a', 'x/vendor']],
    ['/vendor/', ['vendor/a', 'vendor/a/b'], ['x/vendor/a', 'vendor']],
    ['a/b/', ['a/b/c', 'a/b/c/d'], ['a/b', 'x/a/b/c']],
    ['**/foo', ['foo', 'a/foo', 'a/b/foo'], ['foo/a', 'afoo']],
    ['foo/**', ['foo/a', 'foo/a/b'], ['foo', 'x/foo/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'b', 'a/b/c']],
    ['**', ['a', 'a/b'], []],
    ['**/', ['a/b', 'a/b/c'], ['a']],
    ['a/**/', ['a/b/c'], ['a/b', 'a', 'x/a/b/c']],
    ['a**b', ['ab', 'axxb', 'x/a-b'], ['a/b']],
    ['?', ['a', 'é', '字', '😀', 'x/y'], ['ab', '']],
    ['[a-c]x', ['ax', 'cx', 'd/bx'], ['dx', 'x']],
    ['[!a-c]x', ['dx', '-x'], ['ax', 'x', '/x']],
    ['[^0-9]', ['a'], ['5']],
    ['[]]', [']'], ['[']],
    ['[]-]x', [']x', '-x'], ['ax']],
    ['[[:digit:]]x', ['1x'], ['dx', ':x', '[x', 'ax']],
    ['[^[:alpha:]_]', ['1', '-'], ['a', 'Z', '_']],
    ['[a', [], ['[a', 'a']],
    ['a[[:digit:]', [], ['a1', 'ad', 'a[', 'a:']],
    ['[[:digit:][:alpha:]]', ['1', 'a'], [':', '[']],
    ['a\\', [], ['a', 'a\\']],
    ['\\*', ['*'], ['a', '\\*']],
    ['a\\?b', ['a?b'], ['axb']],
    ['.*', ['.git', 'a/.x'], ['a.x']],
    ['refs/heads/release-*', ['refs/heads/release-1'], ['refs/heads/release-1/x', 'refs/heads/x']],
    ['', [], ['', 'a']],
    ['/', [], ['a', 'a/b']],
  ];

for (const [pattern, matching, other] of CASES) {
  test(`the pattern ${JSON.stringify(pattern)} means what git means by it`, () => {
    assert.deepEqual(
      matching.filter(path => !globMatches(pattern, path)),
      [],
    );
    assert.deepEqual(
      other.filter(path => globMatches(pattern, path)),
      [],
    );
  });
}

test('git itself agrees about patterns and paths of every kind', t => {
  const folder = mkdtempSync(join(tmpdir(), 'refpost-glob-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const git = (args: string[], input = '') =>
    execFileSync('git', args, { cwd: folder, input, maxBuffer: 1 << 26 });
  git(['init', '-q']);
  const piece = fc.constantFrom(
    'a',
    'b',
    '*',
    '?',
    '**',
    '/',
    '/**/',
    '[ab]',
    '[!a]',
    '[[:alpha:]]',
    '[^[:punct:]b]',
    '[[:strange:]a]',
    '[[:alpha:]',
    '[',
    '\\*',
    '.',
  );
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map(pieces => pieces.join(''));
  const path = fc
    .array(fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '['), minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    })
    .filter(parts => parts.every(part => part !== '.' && part !== '..'))
    .map(parts => parts.join('/'));
  // In .gitattributes a slash at the end has no use, two slashes match nothing, and an exclamation mark is refused.
  const patterns = [...new Set(fc.sample(pattern, { numRuns: 300, seed: 1 }))].filter(
    each => !each.endsWith('/') && !each.includes('//') && !each.startsWith('#'),
  );
  const paths = [...new Set(fc.sample(path, { numRuns: 80, seed: 2 }))];
  writeFileSync(
    join(folder, '.gitattributes'),
    patterns.map((each, index) => `${each} m${index}\n`).join(''),
  );
  const names = patterns.map((_, index) => `m${index}`);
  const answer = git(['check-attr', '-z', '--stdin', ...names], paths.map(each => `${each}\0`).join(''));
  const fields = answer.toString().split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [name, attribute, value] = fields.slice(at, at + 3) as [string, string, string];
    const each = patterns[Number(attribute.slice(1))] as string;
    assert.equal(globMatches(each, name), value === 'set', `${each} on ${name}`);
  }
});

test('a pattern made to be slow is not slow', () => {
  // With backtracking over every star this would take longer than the age of the universe.
  assert.equal(globMatches(`${'*a'.repeat(40)}*b`, 'a'.repeat(4000)), false);
  assert.equal(globMatches(`${'**/a/'.repeat(40)}b`, 'a/'.repeat(2000).slice(0, -1)), false);
});
