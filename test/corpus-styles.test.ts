import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { kindsOfContent, kindsOfPush } from './corpus/all.ts';
import { type Cases, shortHistory } from './corpus/case.ts';
import { hostileCases } from './corpus/hostile.ts';
import { UNREADABLE } from './corpus/play.ts';
import { openScene } from './corpus/scene.ts';
import { assertGolden } from './fixtures/golden.ts';
import { asMbox, mailsOfPushed, pushedTo } from './fixtures/mails.ts';
import { temporaryFolder } from './fixtures/repository.ts';

/*
 * Mails of the other styles than the first: of each kind one, in a file for each style; and what hostile pushes come to in them.
 */

const STYLES = ['multimail', 'modern'] as const;

/** Pushes that show each kind of mail, and of no audience. */
const SHOWN = [
  ...['branch-updated-by-one', 'branch-merged-in', 'branch-created', 'branch-updated-over-known-commits'],
  ...['branch-forced-by-rebase', 'branch-rewound', 'branch-deleted', 'branch-renamed', 'two-branches'],
  ...['tag-annotated', 'tag-lightweight-with-commits', 'tag-moved-back', 'tag-deleted', 'digest-with-links'],
  ...['notes-on', 'oversize-split', 'files-renamed', 'files-binary', 'merge-evil'],
];

/** The mails of a push in each style, which has an audience of its own; and of the default one with summaries first. */
async function inStyles(tell: Cases[string], folder: string) {
  const scene = openScene(folder);
  tell(scene);
  const { updates, settings, extra } = scene.pushed();
  const audiences = STYLES.flatMap(style => [
    `${style}.to=${style}@example.org`,
    `${style}.style=${style}`,
    `${style}.listId=${style === 'modern' ? 'commits.example.org' : 'none'}`,
    `${style}.summary=${style === 'modern' ? 'last' : 'first'}`,
  ]);
  const mails = await mailsOfPushed(
    await pushedTo(scene, updates, [...settings, 'summary=first', ...audiences], extra),
  );
  return [...STYLES, undefined].map(style => mails.filter(({ audience }) => audience === style));
}

const cases: Cases = {
  'branch-updated-by-one: a branch goes forward by one commit': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands('refs/heads/main', two);
    scene.moves('refs/heads/main', three);
  },
  ...kindsOfPush,
  ...kindsOfContent,
};
const shown = SHOWN.map(name => {
  const found = Object.entries(cases).find(([title]) => title.startsWith(`${name}:`));
  assert.ok(found, name);
  return found;
});

test('the mails of each style', async t => {
  const folder = temporaryFolder(t);
  const played = await Promise.all(
    shown.map(([title, tell], at) =>
      inStyles(tell, join(folder, String(at), 'project.git')).then(all => ({ title, all })),
    ),
  );
  for (const [at, style] of STYLES.entries()) {
    const text = played.map(({ title, all }) => `==== ${title}\n\n${asMbox(all[at] ?? [])}`).join('\n');
    assertGolden(`styles/${style}.mbox`, text);
  }
  const ofRefs = played.map(({ title, all }) => {
    const summaries = (all.at(-1) ?? []).filter(({ subject }) => subject.includes(' git push: '));
    return `==== ${title}\n\n${summaries.map(({ subject, text }) => `${subject}\n\n${text}`).join('\n')}`;
  });
  assertGolden('styles/apache-summary-first.txt', ofRefs.join('\n'));
});

test('in every style a mail answers one before it, dates do not run back, and nothing is hidden', async t => {
  const folder = temporaryFolder(t);
  const played = await Promise.all(
    Object.values(hostileCases).map((tell, at) => inStyles(tell, join(folder, String(at), 'project.git'))),
  );
  for (const mails of played.flat()) {
    assert.ok(mails.length > 0);
    for (const [at, { inReplyTo, date, subject, text }] of mails.entries()) {
      const before = mails.slice(0, at);
      assert.ok(inReplyTo === undefined || before.some(({ messageId }) => messageId === inReplyTo));
      assert.ok(before.every(other => other.date <= date));
      assert.doesNotMatch(subject + text, UNREADABLE);
    }
  }
});
