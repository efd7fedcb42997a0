import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visible } from '../../src/render/visible.ts';
import { commitWith, htmlOf } from '../fixtures/html-of.ts';
import { readHtml } from '../fixtures/read-html.ts';

const ID = 'c34f23e16'.padEnd(40, '0');
const NOON = 'Sat Jun 1 12:00:00 2024 +0000';

/** What could get out of a text, an attribute, a style, a title, a template or a pre. */
const FRAGMENTS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</pre></title></style><h1>',
  '<!--',
  '-->',
  ']]>',
  '<style>*{display:none}</style>',
  '@import url(//evil.example)',
  '&lt;b&gt;',
  '&#60;b&#62;',
  '&amp',
  '{{{html}}}',
  '{{> head.html}}',
  'javascript:alert(1)',
  'https://example.org/"onclick="alert(1)',
  'http://example.org/<b>?a=1&b=2',
  'https://[',
  '\ud800',
  '\udfff',
  '\u202e',
  '\u0000',
  '\u001b[31m',
  '\ufeff',
  '=3D',
  '`',
  '\n',
  '\n\n',
  '\t',
  '\r',
  '\r\n',
  'Signed-off-by: <b>',
  '- <li>',
  '@@ -1 +1 @@\n-<b>\n+<i>\n',
  '@@@ -1 -1 +1 @@@\n--<b>\n++<i>\n',
  'x'.repeat(300),
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 5 })), { maxLength: 12 })
  .map(parts => parts.join(''));

test('nothing that a commit holds gets an element, an attribute or a link of its own into the HTML', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (one, two, three, four) => {
      const diff = `diff --git a/${two} b/${two}\nrename from ${one}\nrename to ${two}\n@@ -1,9 +1,9 @@ ${one}\n-${three}\n+${four}\n`;
      const person = { name: two, email: three, date: four };
      const commit = commitWith({
        subject: one,
        message: `${one}\n\n${two}\n\n${three}`,
        author: person,
        committer: { ...person, name: one },
        signature: { state: 'bad', signer: three },
        stat: Buffer.from(` ${two} | 2 +-\n 1 file changed, ${four}\n`),
        files: [
          {
            path: Buffer.from(two),
            text: Buffer.from(diff),
            submodule: { commits: [{ change: 'gone', subject: one }], more: 1 },
          },
        ],
        quiet: { named: [{ path: Buffer.from(three), reason: 'lfs' }], more: 0 },
        noted: { objects: [{ id: ID, type: 'commit', subject: three }], more: 0 },
        failure: four,
      });
      const html = htmlOf(commit, { ref: `refs/heads/${one.replace(/\s/g, '')}`, footer: visible(two) });
      readHtml(html ?? '');
      const change = {
        ref: two,
        old: ID,
        new: ID,
        kind: 'branch',
        move: 'forced',
        annotated: false,
      } as const;
      const tag = {
        id: ID,
        target: ID,
        targetType: 'commit',
        tagger: { ...person, date: NOON },
        message: four,
        signed: true,
      };
      const headline = { id: ID, subject: two, authorName: three, shortstat: '1 file changed' };
      readHtml(
        htmlOf({
          notice: { kind: 'summary', stories: [{ change, tip: ID, lost: [ID], kept: [ID], gone: [ID] }] },
          headlines: new Map([[ID, headline]]),
          tags: new Map([[ID, { tag, since: { tag: two, commits: [ID] } }]]),
          rewrites: new Map([[two, [{ fate: 'gone', old: ID, subject: four }]]]),
          moves: new Map(),
        }) ?? '',
      );
      readHtml(
        htmlOf({
          notice: {
            kind: 'digest',
            because: 'many',
            count: 1,
            groups: [{ change, commits: [ID], unlisted: 0 }],
          },
          headlines: new Map([[ID, headline]]),
        }) ?? '',
      );
    }),
    { numRuns: 200 },
  );
});

test('ten thousand nested things are text as any other', () => {
  const nested = '<div>'.repeat(10_000);
  const diff = `diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+${nested}\n`;
  const page = readHtml(
    htmlOf(
      commitWith({
        message: `Say hello\n\n${nested}`,
        files: [{ path: Buffer.from('f'), text: Buffer.from(diff) }],
      }),
    ) ?? '',
  );
  assert.equal(page.text.split('<div>').length, 20_001);
});

test('hidden and bidirectional characters are written out as in the text', () => {
  const page = readHtml(htmlOf(commitWith({ subject: 'a\u202eb', message: 'a\u202eb\n\nc\u200bd' })) ?? '');
  assert.deepEqual([page.title, ...page.all('p')], ['a<U+202E>b', 'c<U+200B>d']);
});

/** As many lines as that many bytes hold. */
function bigFile(name: string, lines: number) {
  const text = Array.from({ length: lines }, (_, at) => `+line ${at} of ${name}\n`).join('');
  const diff = `diff --git a/${name} b/${name}\nnew file mode 100644\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1,${lines} @@\n${text}`;
  return { path: Buffer.from(name), text: Buffer.from(diff) };
}

test('where there is little room each file keeps its share, what is missing is counted, and it is said where it is', () => {
  const commit = commitWith({
    message: 'Say hello\n\nTo all.',
    stat: Buffer.from(' big | 4000 +++\n small | 3 +++\n 2 files changed, 4003 insertions(+)\n'),
    files: [bigFile('big', 4000), bigFile('small', 3)],
  });
  const room = (limit: number) => ({ room: { limit, sizeOf: ({ length }: string) => length } });
  const html = htmlOf(commit, room(20_000)) ?? '';
  const { text } = readHtml(html);
  assert.ok(html.length <= 20_000 && html.length > 18_000, `${html.length}`);
  assert.match(text, /To all\./);
  assert.match(text, /line 2 of small/);
  assert.match(text, /This file is cut here\. Not shown: \d+ lines/);
  assert.match(
    text,
    /Not shown here: \d+ lines \(\d+ bytes\)\. The plain text of this mail has more\. git show c34f23e16 shows all/,
  );
  assert.match(readHtml(htmlOf(commit, room(5000)) ?? '').text, /To all/);
  assert.equal(htmlOf(commit, room(900)), undefined);
});
