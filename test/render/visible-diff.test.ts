import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visibleDiff } from '../../src/render/visible-diff.ts';

const HEAD = 'diff --git a/f b/f\nindex 1111111..2222222 100644\n--- a/f\n+++ b/f\n';

/** A diff of one hunk: its lines as Latin-1 bytes, with their signs and without LF. */
function diffOf(...lines: readonly string[]): Buffer {
  return Buffer.from(`${HEAD}@@ -1,3 +1,3 @@\n${lines.join('\n')}\n`, 'latin1');
}

function shown(...lines: readonly string[]): string {
  return visibleDiff(diffOf(...lines));
}

function expected(notes: readonly string[], ...lines: readonly string[]): string {
  return `${notes.map(note => `[${note}]\n`).join('')}${HEAD}@@ -1,3 +1,3 @@\n${lines.join('\n')}\n`;
}

const WINDOWS = 'The lines of this file end with CR LF.';

test('a diff of UTF-8 with line ends of LF stays as it is', () => {
  const text = `${HEAD}@@ -1,3 +1,3 @@ für\n ä\n-字\n+🏳️‍🌈\tx\n\\ No newline at end of file\n`;
  assert.equal(visibleDiff(Buffer.from(text)), text);
});

test('where every line ends with CR LF, a line in front says so', () => {
  assert.equal(shown(' a\r', '-b\r', '+c\r'), expected([WINDOWS], ' a', '-b', '+c'));
});

test('a last line without an end is no line with another end', () => {
  assert.equal(
    shown(' a\r', '-b', '\\ No newline at end of file', '+b\r'),
    expected([WINDOWS], ' a', '-b', '\\ No newline at end of file', '+b'),
  );
});

test('a change of line ends is no change of nothing', () => {
  assert.equal(shown(' a', '-b', '+b\r', ' c'), expected([], ' a', '-b', '+b<U+000D>', ' c'));
  assert.equal(shown('-a\r', '-b\r', '+a', '+b'), expected([], '-a<U+000D>', '-b<U+000D>', '+a', '+b'));
});

test('a line with CR LF in a file with LF is seen', () => {
  assert.equal(shown(' a', '+b\r'), expected([], ' a', '+b<U+000D>'));
});

test('a CR that ends no line is seen, in a file of CR LF too', () => {
  assert.equal(shown(' a\rb\r', '+c\r\r'), expected([WINDOWS], ' a<U+000D>b', '+c<U+000D>'));
  assert.equal(
    shown('+a\r', '\\ No newline at end of file'),
    expected([], '+a<U+000D>', '\\ No newline at end of file'),
  );
});

test('the second part of a long diff has no head', () => {
  assert.equal(visibleDiff(Buffer.from(' a\r\n+b\r\n')), `[${WINDOWS}]\n a\n+b\n`);
});

test('a file that is not UTF-8 is read as what it is', () => {
  assert.equal(
    shown(' caf\xe9', '-\x93x\x94', '+\x80\x81'),
    expected(['This file is not UTF-8. It is shown as windows-1252.'], ' café', '-“x”', '+€<U+0081>'),
  );
});

test('a change of the encoding is no change of nothing', () => {
  const utf8 = Buffer.from('café').toString('latin1');
  assert.equal(shown(' x', '-caf\xe9', `+${utf8}`), expected([], ' x', '-caf<E9>', '+café'));
});

test('names in the head do not decide how the content is read', () => {
  const head = HEAD.replaceAll('/f', '/ü');
  const diff = Buffer.concat([Buffer.from(head), Buffer.from('@@ -0,0 +1 @@\n+caf\xe9\n', 'latin1')]);
  assert.match(visibleDiff(diff), /\+\+\+ b\/ü\n@@ -0,0 \+1 @@\n\+café\n$/);
});

test('a file renamed from one encoding to another has two names', () => {
  const diff = Buffer.concat([
    Buffer.from('diff --git a/caf\xe9 b/caf\xc3\xa9\nrename from caf\xe9\nrename to caf\xc3\xa9\n', 'latin1'),
  ]);
  assert.equal(visibleDiff(diff), 'diff --git a/caf<E9> b/café\nrename from caf<E9>\nrename to café\n');
});

/** A file in UTF-16 as git shows it: cut behind each byte 0x0a. */
function wideDiff(order: 'LE' | 'BE', text: string): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  const pieces = (order === 'LE' ? bytes : bytes.swap16()).toString('latin1').split('\n');
  const lines = pieces.filter(piece => piece !== '').map(piece => `+${piece}`);
  return diffOf(...lines, ...(order === 'LE' ? ['\\ No newline at end of file'] : []));
}

test('UTF-16 that git was told to show as text is text', () => {
  const lines = ['+<U+FEFF>one', '+two ä', '+three 字'];
  const notes = (order: string) => [`This file is not UTF-8. It is shown as UTF-16${order}.`, WINDOWS];
  const text = '\ufeffone\r\ntwo ä\r\nthree 字\r\n';
  assert.equal(visibleDiff(wideDiff('BE', text)), expected(notes('BE'), ...lines));
  // The NUL of the last line end is all that stands behind it.
  assert.equal(
    visibleDiff(wideDiff('LE', text)),
    expected(notes('LE'), ...lines, '+', '\\ No newline at end of file'),
  );
});

test('NULs that are no UTF-16 are seen', () => {
  assert.equal(shown('+a\0b', '+\0\0\0'), expected([], '+a<U+0000>b', '+<U+0000><U+0000><U+0000>'));
});
