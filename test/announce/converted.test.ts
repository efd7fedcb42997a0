import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openScene } from '../corpus/scene.ts';
import { mailsOfPushed, pushedTo } from '../fixtures/mails.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';

const MAIN = 'refs/heads/main';
const UUID = 'cbb183ed-031c-4c3d-a41d-49563a709a1f';

/** As git-svn 2.39 writes it: the trailer last, also where there is no other message. */
const SVN = (number: number) => `git-svn-id: file:///srv/svn/repo/trunk@${number} ${UUID}\n`;
const ADA = `ada <ada@${UUID}>`;

function converted(t: Parameters<typeof temporaryFolder>[0]) {
  const folder = temporaryFolder(t);
  const scene = openScene(join(folder, 'project.git'));
  scene.stands(MAIN, scene.commit('Start', { README: 'A project.\n' }));
  const parts = { author: ADA, committer: ADA };
  const own = { author: 'Bo <bo@example.org>', committer: 'bo <>' };
  const commits = [
    scene.commit(`Say hello\n\n${SVN(12)}`, { a: 'A.\n' }, parts),
    scene.commit(`\n${SVN(13)}`, { a: 'B.\n' }, parts),
    scene.commit('From Fossil\n\nFossilOrigin-Name: 5f0c31e4\n', { a: 'C.\n' }, { author: 'ada <ada>' }),
    scene.commit('From Mercurial\n', { a: 'D.\n' }, own),
    scene.commit('Of git\n', { a: 'E.\n' }),
  ];
  scene.moves(MAIN, commits.at(-1) as string);
  const authors = join(folder, 'authors');
  writeFileSync(authors, 'ada = Ada Lovelace <ada@example.org>\nbo = Bo Baggins <bo@example.net>\n');
  const { updates } = scene.pushed();
  const note = (text: string, commit = '') =>
    execFileSync('git', ['notes', '--ref=hg', 'add', '-f', '-m', text, commit], {
      cwd: scene.folder,
      env: gitEnvironment(),
    });
  return {
    commits,
    note,
    authors,
    mails: async (...settings: string[]) => mailsOfPushed(await pushedTo(scene, updates, settings)),
  };
}

test('the mail of a converted commit has the name of its revision in the text, a header and words', async t => {
  const { commits, note, mails } = converted(t);
  note(`6e1f0bd6a9a1\nmore: ${commits[4]} no\n`, commits[3]);
  const revision = 'revision=trailer:git-svn-id trailer:FossilOrigin-Name notes:refs/notes/hg';
  const made = await mails(revision, 'subject={revision}: {subject}', 'header=X-SVN-Revision: {revision}');
  const names = ['r12', 'r13', '5f0c31e4', '6e1f0bd6a9a1', undefined];
  for (const [at, { headers, text, subject }] of made.entries()) {
    const name = names[at];
    const fieldOf = (key: string) => headers.find(([found]) => found === key)?.[1] ?? '';
    assert.equal(fieldOf('X-Original-Revision'), name ?? '');
    assert.equal(fieldOf('X-SVN-Revision'), name ?? '');
    assert.equal(/^Revision: (.*)$/m.exec(text)?.[1], name);
    assert.ok(subject.startsWith(`${name ?? ''}:`), subject);
  }
  // A trailer is no subject.
  assert.equal(made[1]?.subject, 'r13: (no message)');
  const [digest] = await mails(revision, 'maxMails=1');
  assert.doesNotMatch(digest?.text ?? '', /git-svn-id/);
  assert.match(digest?.text ?? '', /Say hello \(ada\)/);
});

test('authors without addresses are whom the author map names, in mails, copies, filters and lists', async t => {
  const { authors, mails } = converted(t);
  const map = `authorMap=${authors}`;
  const made = await mails(map, 'cc=author', 'personDomains=example.org', 'authors=ada@example.org');
  assert.deepEqual(
    made.slice(0, 3).map(({ from, replyTo, cc }) => [from.name, replyTo?.[0]?.address, cc]),
    Array(3).fill(['Ada Lovelace', 'ada@example.org', ['ada@example.org']]),
  );
  assert.equal(made.length, 4);
  const [, , , bo] = await mails(map);
  assert.match(bo?.text ?? '', /^Author: Bo <bo@example\.org>$/m);
  assert.match(bo?.text ?? '', /^Committer: Bo Baggins <bo@example\.net>$/m);
  const [digest] = await mails(map, 'maxMails=1');
  assert.match(digest?.text ?? '', /Say hello \(Ada Lovelace\)/);
});

test('without these settings mails are as they were', async t => {
  const { mails } = converted(t);
  const [first, second] = await mails();
  assert.doesNotMatch(first?.text ?? '', /^Revision:/m);
  assert.ok(!first?.headers.some(([name, value]) => name === 'X-Original-Revision' && value !== ''));
  assert.match(second?.subject ?? '', /git-svn-id/);
});
