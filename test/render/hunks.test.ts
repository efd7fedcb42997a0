import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headWords, parseHunks } from '../../src/render/hunks.ts';
import { wordMarks } from '../../src/render/word-marks.ts';

const HEAD = 'diff --git a/f b/f\nindex 1f2e3d4..5a6b7c8 100644\n--- a/f\n+++ b/f\n';

const DIFFS: readonly [name: string, hunks: string, kinds: string][] = [
  ['lines of each kind', '@@ -1,2 +1,2 @@ main()\n a\n-b\n+c', 'hunk same deleted added'],
  ['a count that is left out', '@@ -1 +1 @@\n-b\n+c', 'hunk deleted added'],
  ['what looks like a head', '@@ -1,2 +1,2 @@\n--- a/f\n+++ b/f\n @@ -1 +1 @@', 'hunk deleted added same'],
  ['no end of the last line', '@@ -1 +1 @@\n-b\n\\ No newline at end of file\n+b', 'hunk deleted note added'],
  ['two hunks', '@@ -1 +1 @@\n-b\n+c\n@@ -9 +9,0 @@\n-@@ -1 +1 @@', 'hunk deleted added hunk deleted'],
  ['an empty file that gets a line', '@@ -0,0 +1 @@\n+@@ x', 'hunk added'],
  ['more lines than it counts', '@@ -1 +1 @@\n-b\n+c\n+d', 'hunk deleted added note'],
  ['one that is cut', '@@ -1,9 +1,9 @@\n-b', 'hunk deleted'],
  ['a merge', '@@@ -1,2 -1,2 +1,3 @@@\n  a\n- b\n -c\n++d\n +e', 'hunk same deleted added'],
  ['a merge of three', '@@@@ -1 -1 -1 +1 @@@@\n---a\n+++b', 'hunk deleted added'],
];

for (const [name, hunks, kinds] of DIFFS) {
  test(`what a line of a diff is follows from the counts of its hunk: ${name}`, () => {
    const { runs, head, notes } = parseHunks(`[A note.]\n${HEAD}${hunks}`);
    assert.equal(runs.map(({ kind }) => kind).join(' '), kinds);
    assert.equal(
      [...notes, ...head, ...runs.flatMap(({ lines }) => lines)].join('\n'),
      `[A note.]\n${HEAD}${hunks}`,
    );
  });
}

const HEADS: readonly [head: string, words: string][] = [
  ['new file mode 100644', 'new'],
  ['new file mode 100755', 'new, mode 100755'],
  ['new file mode 160000', 'new, submodule'],
  ['deleted file mode 120000', 'deleted'],
  ['old mode 100644\nnew mode 100755', 'mode 100644 → 100755'],
  ['similarity index 100%\nrename from a\nrename to b', 'renamed'],
  ['similarity index 90%\ncopy from a\ncopy to b', 'copied, 90% the same'],
  ['index 1f2..5a6 100644\nBinary files a/f and b/f differ', 'binary'],
  ['index 1f2..5a6 160000', 'submodule'],
];

for (const [head, words] of HEADS) {
  test(`the head of a diff in words: ${words}`, () => {
    assert.equal(headWords(parseHunks(`diff --git a/f b/f\n${head}`)).join(', '), words);
  });
}

const PAIRS: readonly [old: string, fresh: string, oldWords: string[], freshWords: string[]][] = [
  ['at most an hour apart.', 'at most 72 minutes apart.', ['an hour'], ['72 minutes']],
  ['return min(wait, most);', 'return min(wait, most) * spread;', [], ['* spread']],
  ['const one = 1;', 'something else entirely', [], []],
  ['  indented here by two', '      indented here by two', [], []],
  ['aé one', 'aè one', ['aé'], ['aè']],
];

for (const [old, fresh, ...words] of PAIRS) {
  test(`words that changed in a line are marked: ${old} → ${fresh}`, () => {
    const marks = wordMarks([`-${old}`], [`+${fresh}`]);
    const shown = (line: string, spans = marks.added[0]) => spans?.map(([from, to]) => line.slice(from, to));
    assert.deepEqual([shown(`-${old}`, marks.deleted[0]), shown(`+${fresh}`)], words);
  });
}

test('lines without end, and very many of them, are not compared', () => {
  const long = 'x '.repeat(50_000);
  assert.deepEqual(wordMarks([`-${long}`], [`+${long}y`]), { deleted: [[]], added: [[]] });
  const many = Array.from({ length: 10_000 }, (_, at) => `-a b ${at}`);
  assert.ok(
    wordMarks(
      many,
      many.map(line => `+${line.slice(1)}!`),
    ).added.length <= 40,
  );
});
