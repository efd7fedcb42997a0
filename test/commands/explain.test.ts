import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openScene } from '../corpus/scene.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';

const MAIN = 'refs/heads/main';

/** Three commits on main, of which the second names another owner of all files; a merge, and two audiences. */
function project(t: TestContext, ...settings: readonly string[]) {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  const start = scene.commit('Start', { CODEOWNERS: '* ann@example.org\n' });
  const owned = scene.commit('Give it to Bob', { CODEOWNERS: '* bob@example.org\n' });
  const side = scene.commit('Aside', { b: 'B.\n' }, { parents: [start] });
  const merge = scene.commit('Merge', { a: 'A.\n' }, { parents: [owned, side] });
  scene.stands(MAIN, merge);
  const all = ['to=commits@example.org', 'cc=author', 'personDomains=example.org', ...settings];
  for (const line of all) {
    const [key = '', value = ''] = line.split(/=(.*)/s);
    execFileSync('git', ['-C', scene.folder, 'config', '--add', `refpost.${key}`, value]);
  }
  return { ...scene, start, owned, merge };
}

const AUDIENCES = ['owners.people=CODEOWNERS', 'tags.to=tags@example.org', 'tags.kinds=tag'];

test('what explain says of commits of old is what notify prints of them, with the owners of then', async t => {
  const { folder, start, owned, merge } = project(t, ...AUDIENCES);
  // A ledger that has all.
  await runHere(['install', '--to', 'commits@example.org'], folder);
  for (const [from, to, owner] of [
    [start, owned, 'ann'],
    [owned, merge, 'bob'],
  ] as const) {
    const { stdout } = await runHere(['explain', from, to, MAIN, '--json'], folder);
    const said = JSON.parse(stdout).audiences.flatMap((audience: { mails: readonly ExplainedMail[] }) =>
      audience.mails.map(({ messageId, recipients }) => [messageId, recipients.map(one => one.address)]),
    );
    const printed = await runHere(['notify', from, to, MAIN, '--dry-run'], folder);
    const sent = [...printed.stdout.matchAll(/^Message-ID: (<.*>)$/gm)].map(([, id]) => id);
    assert.deepEqual(said.map(([id]: [string]) => id).toSorted(), sent.toSorted());
    assert.match(stdout, new RegExp(`${owner}@example\\.org`));
    assert.match(printed.stdout, new RegExp(`^To: ${owner}@example\\.org`, 'm'));
  }
});

interface ExplainedMail {
  readonly messageId: string;
  readonly recipients: readonly { readonly address: string }[];
}

test('settings that an audience does not have from the plain section are not shown of it', async t => {
  const { folder } = project(t, ...AUDIENCES);
  const { stdout } = await runHere(['explain', MAIN], folder);
  const [, tags = ''] = stdout.split('Audience tags');
  assert.match(tags, /refpost\.tags\.kinds = tag/);
  assert.match(tags, /refpost\.personDomains/);
  assert.doesNotMatch(tags, /refpost\.cc/);
});

test('explain says which address a commit gets, and by which setting', async t => {
  const { folder, merge } = project(
    t,
    ...AUDIENCES,
    'webUrl=https://github.com/example/project',
    'tags.web=off',
  );
  const { stdout } = await runHere(['explain', MAIN], folder);
  const [first = '', tags = ''] = stdout.split('Audience tags');
  assert.match(
    first,
    new RegExp(
      `^  links: https://github.com/example/project/commit/${merge}: refpost.webUrl = .*config`,
      'm',
    ),
  );
  assert.doesNotMatch(tags, /link/);
  const other = await runHere(['explain', MAIN, '-c', 'refpost.webUrl=https://git.example.org/p'], folder);
  assert.match(
    other.stdout,
    /no link to a commit: refpost\.webUrl is no address by which a program is known: set refpost\.web/,
  );
});
