import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openScene, type Scene } from '../corpus/scene.ts';
import { mailsOf, mailsOfPushed, pushedTo } from '../fixtures/mails.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const GITEA = {
  GITEA_PUSHER_NAME: 'ann',
  GITEA_REPO_USER_NAME: 'team',
  GITEA_REPO_NAME: 'project',
  GITEA_ROOT_URL: 'https://git.example.org/forge/',
};
const PAGES = 'https://git.example.org/forge/team/project';

/** Pushes of a scene at a host, with HTML. */
async function pushed(t: TestContext, tell: (scene: Scene) => void, ...settings: readonly string[]) {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  tell(scene);
  const { updates } = scene.pushed();
  const mails = await mailsOf(scene, updates, ['html=true', ...settings], { environment: GITEA });
  return mails.map(({ text, html = '' }) => ({
    text,
    hrefs: [...html.matchAll(/ href="([^"#][^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&')),
  }));
}

test('a host that tells its hook where its pages are has links in its mails, unless they are off', async t => {
  let [old, fresh] = ['', ''];
  const tell = (scene: Scene) => {
    old = scene.commit('Start', { 'a b': 'A.\n', gone: 'G.\n' });
    scene.stands('refs/heads/main', old);
    fresh = scene.commit('Go on', { 'a b': 'A.\nB.\n', gone: null });
    scene.moves('refs/heads/main', fresh);
  };
  const [mail = { text: '', hrefs: [] }] = await pushed(t, tell);
  const text = `Project: ${PAGES}\nCommit: ${PAGES}/commit/${fresh}\nTree: ${PAGES}/src/commit/${fresh}\nDiff: ${PAGES}/commit/${fresh}.diff\n`;
  assert.ok(mail.text.includes(text), mail.text);
  assert.ok(mail.text.includes(`\n${PAGES}/src/commit/${fresh}/a%20b\n---`));
  assert.ok(mail.text.includes(`\n${PAGES}/src/commit/${old}/gone\n---`));
  for (const link of [
    `${PAGES}/compare/${old}...${fresh}`,
    `${PAGES}/commit/${fresh}`,
    `${PAGES}/src/commit/${fresh}/a%20b#L1`,
    `${PAGES}/src/commit/${old}/gone#L1`,
  ])
    assert.ok(mail.hrefs.includes(link), `${link} is not in ${mail.hrefs}`);
  const [off] = await pushed(t, tell, 'web=off');
  assert.doesNotMatch(off?.text ?? '', /https:/);
  assert.deepEqual(off?.hrefs, []);
});

test('what runs the hook is known from earlier pushes where a person asks for mails', async t => {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  const [old, fresh] = ['Start', 'Go on'].map(subject => scene.commit(subject)) as [string, string];
  scene.stands('refs/heads/main', old);
  scene.moves('refs/heads/main', fresh);
  const at = await pushedTo(scene, scene.pushed().updates, ['webUrl=https://git.example.org/{repository}']);
  const textOf = async (host: string) =>
    (await mailsOfPushed({ ...at, ledger: { ...at.ledger, host } as typeof at.ledger }))
      .map(({ text }) => text)
      .join();
  assert.ok(
    (await textOf('gitlab')).includes(`\nCommit: https://git.example.org/project/-/commit/${fresh}\n`),
  );
  assert.doesNotMatch(await textOf('gitolite'), /https:/);
});

test('a summary leads to the comparison of both ends of a forced branch, and to a tag; nothing leads to what is gone', async t => {
  let ids: readonly string[] = [];
  const tell = (scene: Scene) => {
    const start = scene.commit('Start');
    const old = scene.commit('Aside', { a: 'A.\n' });
    const fresh = scene.commit('Instead', { b: 'B.\n' }, { parents: [start] });
    scene.stands('refs/heads/main', fresh);
    scene.stands('refs/heads/topic', old);
    scene.moves('refs/heads/topic', fresh);
    scene.stands('refs/heads/left', start);
    scene.moves('refs/heads/left', null);
    scene.moves('refs/tags/v1', scene.tag('v1', fresh, 'One.'));
    ids = [old, fresh];
  };
  const [summary] = await pushed(t, tell);
  const [compare, tag] = [`${PAGES}/compare/${ids.join('..')}`, `${PAGES}/src/tag/v1`];
  assert.match(summary?.text ?? '', new RegExp(`was forced from .*\nCompare: ${compare}\n`));
  assert.match(summary?.text ?? '', new RegExp(`v1 was created at .*\nPage: ${tag}\n`));
  assert.deepEqual(new Set(summary?.hrefs), new Set([compare, tag]));
});

test('a digest leads to the comparison that shows all of it', async t => {
  let ids: readonly string[] = [];
  const [digest] = await pushed(
    t,
    scene => {
      const [old, next, fresh] = ['Start', 'Go on', 'End'].map(subject => scene.commit(subject)) as [
        string,
        string,
        string,
      ];
      scene.stands('refs/heads/main', old);
      scene.moves('refs/heads/main', fresh);
      ids = [old, next, fresh];
    },
    'maxMails=1',
  );
  const [old, next, fresh] = ids;
  const compare = `${PAGES}/compare/${old}...${fresh}`;
  assert.match(digest?.text ?? '', new RegExp(`\nrefs/heads/main\n {2}${compare}\n {2}[0-9a-f]{9} Go on`));
  assert.deepEqual(
    new Set(digest?.hrefs),
    new Set([compare, `${PAGES}/commit/${next}`, `${PAGES}/commit/${fresh}`]),
  );
});
