import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { announce } from '../../src/announce/announce.ts';
import { renderContexts } from '../../src/announce/render-context.ts';
import { openGit } from '../../src/git/git.ts';
import { moved } from '../../src/model/ledger.ts';
import type { Mail } from '../../src/model/mail.ts';
import { wholeScope } from '../../src/plan/announced-refs.ts';
import { read } from '../config/reading.ts';
import { openScene, type Scene } from '../corpus/scene.ts';
import { pushOf } from '../fixtures/nouns.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';
import { testWorld } from '../fixtures/world.ts';

const linesOf = (count: number, word = 'line') =>
  Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join('');

/** Commits with files that some leave out: small, many, too large for a mail; and a branch that a second ref brings, too. */
function history(scene: Scene): string[] {
  const start = scene.commit('Start', { README: 'A project.\n' }, { parents: [] });
  scene.stands('refs/heads/main', start);
  scene.stands('refs/heads/stable', start);
  scene.commit('Say hello', { 'src/hello.c': 'int main(void);\n', 'vendor/a.js': 'a();\n' });
  scene.commit('Take a large library', {
    'src/hello.c': linesOf(30),
    'vendor/b.js': linesOf(9000),
    'z.c': linesOf(5),
  });
  const many = Array.from({ length: 40 }, (_, at) => [`vendor/${at}.js`, linesOf(300)] as const);
  scene.commit('Take many', {
    ...Object.fromEntries(many),
    'package-lock.json': linesOf(9),
    'z.c': linesOf(9),
  });
  scene.commit('Generate', {
    '.gitattributes': 'vendor/* linguist-generated\n',
    'vendor/a.js': 'b();\n',
    'doc.md': linesOf(3000),
  });
  const stable = scene.commit('For all', { 'z.c': linesOf(2) });
  scene.moves('refs/heads/stable', stable);
  const side = scene.commit('Aside', { 'y.c': linesOf(9), 'vendor/b.js': linesOf(20) }, { parents: [start] });
  scene.moves(
    'refs/heads/main',
    scene.commit('Merge', { 'vendor/b.js': linesOf(5) }, { parents: [stable, side] }),
  );
  return [...scene.pushed().updates];
}

const AUDIENCES: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  bare: ['oversize=stat', 'maxSize=20000'],
  vendor: ['quietPaths=none'],
  small: ['quietPaths=src/ *.md', 'maxSize=30000'],
  lock: ['quietPaths=vendor/a.js *.c'],
  patches: ['oversize=attach', 'maxAttachment=200k', 'quietPaths=vendor/'],
  split: ['oversize=split', 'maxSize=50000', 'quietPaths=none'],
  stable: ['refs=refs/heads/stable', 'footer=About {branch}, {counter}'],
  stable2: ['refs=refs/heads/stable'],
  docs: ['paths=*.md vendor/'],
};

test('what an audience gets is what it would get alone, whatever the others want', async t => {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  const push = pushOf('p', 1_700_000_000_000, ...history(scene));
  const git = openGit(scene.folder, gitEnvironment());
  const start = push.updates[0]?.old as string;

  async function mailsFor(names: readonly string[]) {
    const lines = names.flatMap(name =>
      [`to=${name}@example.org`, ...(AUDIENCES[name] ?? [])].map(line => {
        const [key = '', value = ''] = line.split('=');
        return { key: `refpost.${name}.${key.toLowerCase()}`, value };
      }),
    );
    const { audiences, faults } = read(lines);
    assert.deepEqual(faults, []);
    const contexts = await renderContexts(testWorld(), { git: { gitDir: scene.folder } as never, audiences });
    const { refs, excludeRefs } = wholeScope(audiences);
    const values = [...push.updates].map(({ ref }) => [ref, start] as const);
    const ledger = moved(
      { refs: new Map(), outside: [], skews: [] },
      { refs: Object.fromEntries(values), scope: { refs, excludeRefs } },
    );
    const { mails } = await announce(git, push, ledger, contexts);
    const found: Mail[] = [];
    for await (const mail of mails) found.push(mail);
    return found;
  }

  const together = await mailsFor(Object.keys(AUDIENCES));
  for (const name of Object.keys(AUDIENCES)) {
    const alone = await mailsFor([name]);
    const ours = together.filter(({ audience }) => audience === name);
    assert.equal(ours.length, alone.length, name);
    for (const [at, mail] of alone.entries()) assert.deepEqual(ours[at], mail, `${name}: ${mail.subject}`);
  }
});
