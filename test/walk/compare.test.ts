import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareDiff } from '../../walk/compare.ts';
import { graphOf, mistakesIn, reach } from '../../walk/graph.ts';

const RULE = '-'.repeat(70);
const [OLD, NEW] = ['1'.repeat(40), '2'.repeat(40)];

const ONE = `diff --git a/one b/one\nindex ${OLD}..${NEW} 100644\n--- a/one\n+++ b/one\n@@ -1 +1 @@\n-caf\u00e9\n+tea\u200b\n`;
const TWO = 'diff --git a/two b/two\nold mode 100644\nnew mode 100755\n';
const PATCH = Buffer.from(ONE + TWO);
/** As a mail has to show them. */
const SHOWN_ONE = ONE.replace(OLD, '1111111').replace(NEW, '2222222').replace('\u200b', '<U+200B>');

function mail(...blocks: readonly string[]): string {
  const stat = `${RULE}\n one | 2 +-\n 2 files changed\n${RULE}\n`;
  return `A message\n\n${RULE}\ndiff --git a/x b/x\n\nCommitted: now\n\n${[stat, ...blocks].join('\n\n')}`;
}

function section(text: string): string {
  return `${RULE}\n${text}`;
}

function cut(lines: number): string {
  return `\n[The diff is cut here. Not shown: ${lines} ${lines === 1 ? 'line' : 'lines'} (99 bytes).\n \`git show\` shows all.]\n`;
}

test('a mail with the diff of git is right, whatever stands in the message', () => {
  assert.deepEqual(compareDiff(mail(section(SHOWN_ONE), section(TWO)), PATCH), {
    files: 2,
    exact: 1,
    cut: false,
  });
  assert.deepEqual(compareDiff(mail(), Buffer.alloc(0)), { files: 0, exact: 0, cut: false });
});

test('a mail that is cut has to say the number of lines', () => {
  const begin = SHOWN_ONE.split('\n').slice(0, 6).join('\n');
  const right = compareDiff(mail(section(begin), cut(4)), PATCH);
  assert.deepEqual(right, { files: 0, exact: 0, cut: true });
  const wrong: readonly (readonly [text: string, difference: RegExp])[] = [
    [mail(section(begin), cut(3)), /^4 lines are missing/],
    [mail(section(SHOWN_ONE)), /^3 lines are missing, and it says: nothing/],
    [mail(), /^10 lines are missing, and it says: nothing/],
    [mail(section(SHOWN_ONE), section(TWO), cut(1)), /^all is shown, and yet it says/],
  ];
  for (const [text, difference] of wrong) assert.match(compareDiff(text, PATCH).difference ?? '', difference);
});

test('the character set of a file is that of the part that is shown', () => {
  const head = 'diff --git a/one b/one\n--- a/one\n+++ b/one\n@@ -0,0 +1,3 @@\n';
  const patch = Buffer.from(`${head}+tea\n+caf\xe9\n+milk\n${TWO}`, 'latin1');
  const said = (text: string, missing: number) => {
    const cutHere = `[This file is cut here. Not shown: ${missing} lines (9 bytes).]`;
    return compareDiff(mail(section(text + cutHere), section(TWO), cut(missing)), patch);
  };
  const noted = `[This file is not UTF-8. It is shown as windows-1252.]\n${head}+tea\n+caf\u00e9\n`;
  assert.deepEqual(said(`${head}+tea\n`, 2), { files: 1, exact: 1, cut: true });
  assert.deepEqual(said(noted, 1), { files: 1, exact: 1, cut: true });
  assert.match(said(noted, 2).difference ?? '', /^1 lines of file 1 are missing, and it says 2/);
});

test('a file that is named as one in the stat only has no section', () => {
  const quiet = (path: string) =>
    `\n[Diff left out:\n   ${path} (.gitattributes)\n \`git show\` shows them.]\n`;
  assert.deepEqual(compareDiff(mail(section(TWO), quiet('one')), PATCH), { files: 1, exact: 1, cut: false });
  assert.match(compareDiff(mail(section(TWO), quiet('on')), PATCH).difference ?? '', /^file 1 differs/);
  const others = (count: number) => quiet(`other (.gitattributes)\n   and ${count} more\n  `);
  assert.equal(compareDiff(mail(section(TWO), others(1)), PATCH).difference, undefined);
  assert.equal(compareDiff(mail(others(2)), PATCH).difference, undefined);
  assert.match(compareDiff(mail(others(1)), PATCH).difference ?? '', /^3 lines are missing/);
});

test('a line that differs, a file out of order and a file too many are seen', () => {
  const changed = SHOWN_ONE.replace('caf\u00e9', 'cafe');
  const wrong: readonly (readonly [text: string, difference: RegExp])[] = [
    [mail(section(changed), section(TWO)), /^file 1 differs: line 6 is "-cafe", git has "-caf\u00e9"/],
    [mail(section(SHOWN_ONE.replace('<U+200B>', '')), section(TWO)), /^file 1 differs: line 7/],
    [mail(section(TWO), section(SHOWN_ONE)), /^file 1 differs: line 1/],
    [mail(section(SHOWN_ONE), section(TWO), section(TWO)), /^section 3 shows a file that git does not print/],
  ];
  for (const [text, difference] of wrong) assert.match(compareDiff(text, PATCH).difference ?? '', difference);
});

test('commits that are lost, told twice, told too early or told again are seen', () => {
  const graph = graphOf(['d c b', 'c a', 'b a', 'a', '']);
  const seen = reach(graph, 'a');
  const expected = reach(graph, 'd', seen);
  assert.deepEqual([...expected].sort(), ['b', 'c', 'd']);
  assert.deepEqual(mistakesIn(graph, ['b', 'c', 'd'], expected), { lost: [], doubled: [], early: [] });
  assert.deepEqual(mistakesIn(graph, ['a', 'd', 'b', 'b'], expected), {
    lost: ['c'],
    doubled: ['a', 'b'],
    early: ['d'],
  });
});
