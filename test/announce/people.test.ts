import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { announce } from '../../src/announce/announce.ts';
import { link, openScene } from '../corpus/scene.ts';
import { mailsOfPushed, pushedTo } from '../fixtures/mails.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const MAIN = 'refs/heads/main';

/** A scene with a first commit on main that has these people files. */
function sceneWith(t: Parameters<typeof temporaryFolder>[0], files: Readonly<Record<string, string>>) {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  const before = { README: 'A project.\n', ...files };
  scene.stands(MAIN, scene.commit('Start the project', before));
  scene.file('HEAD', `ref: ${MAIN}\n`);
  return { scene, before };
}

async function recipients(scene: ReturnType<typeof openScene>, ...settings: string[]) {
  const { updates } = scene.pushed();
  const pushed = await pushedTo(scene, updates, settings);
  return (await mailsOfPushed(pushed)).map(({ envelope, cc = [] }) => ({ to: envelope.to, cc }));
}

const OWNERS = ['people=CODEOWNERS', 'personDomains=example.org', 'group=@core: core@example.net'];

test('those whom CODEOWNERS names for the files of a commit get a copy, and the domains are the admin’s', async t => {
  const { scene, before } = sceneWith(t, {
    CODEOWNERS: 'docs/ ann@example.org @core @stranger eve@evil.test\n',
  });
  scene.moves(MAIN, scene.commit('Write', { ...before, 'docs/a.md': 'A.\n' }));
  assert.deepEqual(await recipients(scene, ...OWNERS), [
    {
      to: ['commits@example.org', 'ann@example.org', 'core@example.net'],
      cc: ['ann@example.org', 'core@example.net'],
    },
  ]);
});

test('a CODEOWNERS that the pusher has written counts for the next push', async t => {
  const { scene, before } = sceneWith(t, { CODEOWNERS: '* ann@example.org\n' });
  scene.moves(
    MAIN,
    scene.commit('Take over', { ...before, CODEOWNERS: '* list@example.org eve@example.org\n' }),
  );
  scene.moves(
    'refs/heads/other',
    scene.commit('Elsewhere', { ...before, CODEOWNERS: '* eve@example.org\n' }),
  );
  for (const { cc } of (await recipients(scene, ...OWNERS)).slice(0, 2))
    assert.deepEqual(cc, ['ann@example.org']);
});

test('a thousand people in trailers are no more recipients than a mail may have, and strangers are none', async t => {
  const { scene, before } = sceneWith(t, {});
  const many = Array.from({ length: 1000 }, (_, at) => `Cc: p${at}@example.org`).join('\n');
  const hostile =
    'Cc: "x\tBcc: eve@evil.test" <a@example.org>\nCc: list@evil.test\nCc: <a@example.org>, <b@evil.test>\nCc: -oQ/tmp@example.org\n';
  scene.moves(MAIN, scene.commit(`Say hello\n\n${hostile}${many}\n`, { ...before, a: 'A.\n' }));
  const [mail] = await recipients(scene, 'cc=trailer:Cc', 'personDomains=example.org', 'maxRecipients=10');
  assert.equal(mail?.to.length, 10);
  assert.ok(
    mail.to.every(address => address.endsWith('@example.org')),
    mail.to.join(),
  );
  assert.doesNotMatch(JSON.stringify(mail), /evil/);
});

test('a trailer names each mailbox in it, with what people write beside an address', async t => {
  const { scene, before } = sceneWith(t, {});
  const trailers = [
    'cc: ann@example.org # for 5.10',
    'Cc: Bo (Example) <bo@example.org>, Cy, Dr. <cy@example.org>',
    'Cc: di at example.org',
    '#123 has more',
    'Cc: Ei\n <ei@example.org>',
  ];
  scene.moves(MAIN, scene.commit(`Say hello\n\n${trailers.join('\n')}\n`, { ...before, a: 'A.\n' }));
  const [mail] = await recipients(scene, 'cc=trailer:Cc', 'personDomains=example.org');
  assert.deepEqual(mail?.cc, ['ann@example.org', 'bo@example.org', 'cy@example.org', 'ei@example.org']);
});

test('what is no file names nobody, and it is said what it is', async t => {
  const { scene, before } = sceneWith(t, {
    'docs/CODEOWNERS': '* ann@example.org\n',
    'a/MAINTAINERS/file': 'M: ann@example.org\nF: *\n',
  });
  scene.stands(MAIN, scene.commit('Link', { ...before, CODEOWNERS: link('docs/CODEOWNERS') }));
  scene.moves(MAIN, scene.commit('Say hello', { a: 'A.\n' }));
  const settings = ['people=CODEOWNERS a/MAINTAINERS', 'personDomains=example.org'];
  const pushed = await pushedTo(scene, scene.pushed().updates, settings);
  const { editions } = await announce(pushed.git, pushed.push, pushed.ledger, pushed.contexts);
  assert.deepEqual(editions[0]?.peopleFaults, [
    'CODEOWNERS is a symbolic link, which is not followed',
    'a/MAINTAINERS is a folder',
  ]);
});

test('who is in To is not in Cc, in whatever case the domain is written', async t => {
  const { scene, before } = sceneWith(t, {});
  scene.moves(MAIN, scene.commit('Say hello', { ...before, a: 'A.\n' }));
  const settings = [
    'cc=Commits@example.org commits@EXAMPLE.org cc@example.org',
    'bcc=CC@example.org cc@EXAMPLE.org',
  ];
  assert.deepEqual(await recipients(scene, ...settings), [
    {
      to: ['commits@example.org', 'Commits@example.org', 'cc@example.org', 'CC@example.org'],
      cc: ['Commits@example.org', 'cc@example.org'],
    },
  ]);
});

test('trailers leave room for those whom CODEOWNERS names', async t => {
  const { scene, before } = sceneWith(t, { CODEOWNERS: '* ann@example.org\n' });
  const many = Array.from({ length: 99 }, (_, at) => `Cc: p${at}@example.org`).join('\n');
  scene.moves(MAIN, scene.commit(`Say hello\n\n${many}\n`, { ...before, a: 'A.\n' }));
  const [mail] = await recipients(scene, 'cc=trailer:Cc', 'maxRecipients=5', ...OWNERS);
  assert.deepEqual(mail?.cc.slice(0, 2), ['ann@example.org', 'p0@example.org']);
});

test('the push that makes the branch of the people files makes nobody hear of it', async t => {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  scene.file('HEAD', `ref: ${MAIN}\n`);
  scene.moves(MAIN, scene.commit('Start', { CODEOWNERS: '* eve@example.org\n' }));
  assert.deepEqual(await recipients(scene, ...OWNERS), [{ to: ['commits@example.org'], cc: [] }]);
});
