import assert from 'node:assert/strict';
import type { Mail } from '../../src/model/mail.ts';
import { STYLE } from '../../src/render/html-style.ts';
import { assertGolden } from '../fixtures/golden.ts';
import { mailsOfPushed, type Pushed } from '../fixtures/mails.ts';
import { readHtml } from '../fixtures/read-html.ts';

/** The same push with refpost.html: the texts stay as they are, and the HTML beside them is on file, says the same and has nothing but ours. */
export async function assertHtml(pushed: Pushed, mails: readonly Mail[], golden: string): Promise<void> {
  const contexts = pushed.contexts.map(context => ({
    ...context,
    config: { ...context.config, html: true },
  }));
  const both = await mailsOfPushed({ ...pushed, contexts });
  assert.deepEqual(
    both.map(({ html: _, ...mail }) => mail),
    mails,
  );
  for (const mail of both) if (mail.html !== undefined) assertSame(mail.text, mail.html);
  assertGolden(`html/${golden}`, both.map(readable).join(''));
}

/** For a review: styles by their names, which stand in html-style.ts. */
function readable({ subject, html }: Mail): string {
  const named = Object.entries(STYLE).sort(([, a], [, b]) => b.length - a.length);
  const shown = named.reduce((text, [name, style]) => text.replaceAll(style, `{${name}}`), html ?? '');
  return `<!-- ${subject} -->\n${shown === '' ? 'There is no room for an HTML part.\n' : shown}\n`;
}

/** Lines of a text that the HTML has in other words, as figures, or in links. */
const OTHERWISE =
  /^(-+$|diff --|index |(old|new|deleted file|new file) mode |(dis)?similarity index |(rename|copy) (from|to) |--- |\+\+\+ |mode |Binary files |\[| `git| {3}.* \((refpost\.quietPaths|\.gitattributes|Git LFS)\)$| *https?:|Updated |Repository: |Parents:|Commit: http|Tree: http|Diff: http|Project: |Oldest first|What became of|No ref reaches|Other refs still|Since |This push | .* \| | \d+ files? changed| \.\.\. and|(Branch|Tag|Ref) |Tag: |Object: |Signed: | {2,}(and|\.\.\. and) \d+ more|This mail| {2}[0-9a-f-]{9} [=!<>] )/;

const LABEL =
  /^(Pusher|Branch|Tag|Ref|Commit|Author|Authored|Committer|Committed|Signature|Note on|Tagger|Date|Previous|Part): ?/;

/** What one says, the other one says, but for white space. */
function assertSame(text: string, html: string): void {
  const page = readHtml(html);
  const [written, shown] = [bare(text), bare(page.text)];
  for (const part of [...page.all('h1'), ...page.all('pre')]) {
    if (part !== page.title) assert.ok(written.includes(bare(part)), `the text lacks: ${part}`);
  }
  for (const link of page.links)
    if (link.startsWith('#')) assert.ok(page.anchors.includes(link.slice(1)), link);
  if (shown.includes(bare('The plain text of this mail has more'))) return;
  for (const line of text.split('\n')) {
    const said = line.replace(LABEL, '');
    if (!OTHERWISE.test(line)) assert.ok(shown.includes(bare(said)), `the HTML lacks: ${line}`);
  }
}

function bare(text: string): string {
  return text.replace(/\s/g, '');
}
