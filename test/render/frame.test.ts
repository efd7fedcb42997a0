import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { composeForWire } from '../../src/delivery/compose.ts';
import type { Mail } from '../../src/model/mail.ts';
import type { Push } from '../../src/model/push.ts';
import { listId } from '../../src/render/mail-words.ts';
import { messageId } from '../../src/render/render-notice.ts';
import { mailsOf } from '../fixtures/mails.ts';
import { pushOf, ZERO } from '../fixtures/nouns.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';

function project(t: TestContext): { readonly repository: TestRepository; readonly ids: string[] } {
  const repository = new TestRepository(join(temporaryFolder(t), 'project.git'));
  return { repository, ids: ['One', 'Two', 'Three'].map(message => repository.commit({ message })) };
}

/** An annotated tag made by somebody. */
function tag(
  { repository }: ReturnType<typeof project>,
  name: string,
  person: string,
  email: string,
): string {
  const env = { GIT_COMMITTER_NAME: person, GIT_COMMITTER_EMAIL: email };
  repository.run(['tag', '-a', '-m', `Version ${name}`, name], { env });
  return `${ZERO} ${repository.git('rev-parse', name)} refs/tags/${name}`;
}

function all(mail: Mail | undefined, name: string): string[] {
  return (mail?.headers ?? []).flatMap(([field, value]) => (field === name && value !== '' ? [value] : []));
}

test('each mail has the headers of the refs that it is about', async t => {
  const { repository, ids } = project(t);
  const tagged = tag({ repository, ids }, 'v1', 'Terry', 'terry@example.org');
  const mails = await mailsOf(repository, [
    `${ids[0]} ${ids[2]} refs/heads/main`,
    `${ids[0]} ${ZERO} refs/heads/side`,
    tagged,
  ]);
  const [two, three, summary] = mails;
  for (const mail of [two, three]) {
    assert.deepEqual(all(mail, 'X-Git-Refname'), ['refs/heads/main']);
    assert.deepEqual(all(mail, 'X-Git-Oldrev'), [ids[0]]);
    assert.deepEqual(all(mail, 'X-Git-Newrev'), [ids[2]]);
  }
  assert.deepEqual(all(summary, 'X-Git-Refname'), ['refs/heads/side', 'refs/tags/v1']);
  assert.deepEqual(all(summary, 'X-Git-Oldrev'), [ids[0], ZERO]);
  assert.deepEqual(all(summary, 'X-Git-Newrev'), [ZERO, tagged.split(' ')[1]]);
  assert.deepEqual(all(summary, 'X-Git-Rev'), [ZERO]);
  assert.equal(mails.length, 3);
});

test('a header names so many refs that every server takes it', async t => {
  const { repository, ids } = project(t);
  const updates = Array.from(
    { length: 300 },
    (_, at) => `${ZERO} ${ids[2]} refs/tags/${'t'.repeat(200)}${at}`,
  );
  const [mail, ...others] = await mailsOf(repository, updates);
  assert.deepEqual(others, []);
  const named = all(mail, 'X-Git-Refname').length;
  assert.ok(named > 5 && named < 50, `${named}`);
  const [small] = await mailsOf(repository, updates, ['maxSize=4000']);
  assert.equal(all(small, 'X-Git-Refname').length, 1);
  assert.ok(composeForWire(small as Mail).bytes.length <= 4000);
});

const TAGGERS: readonly [title: string, replyTo: string | undefined, ...taggers: [string, string][]][] = [
  ['one tag', 'Terry <terry@example.org>', ['Terry', 'terry@example.org']],
  [
    'two tags of one person',
    'Terry <terry@example.org>',
    ['Terry', 'terry@example.org'],
    ['Terry', 'terry@example.org'],
  ],
  ['tags of two people', undefined, ['Terry', 'terry@example.org'], ['Tina', 'tina@example.org']],
  ['no valid address', undefined, ['Terry', 'terry']],
  ['an address of two', undefined, ['Terry', 'terry@example.org, eve@example.org']],
  [
    'a name with an address in it',
    'eve@example.org, Terry <terry@example.org>',
    ['eve@example.org, Terry', 'terry@example.org'],
  ],
];

for (const [title, replyTo, ...taggers] of TAGGERS) {
  test(`answers to a mail about tags go to their tagger: ${title}`, async t => {
    const site = project(t);
    const updates = taggers.map(([name, email], at) => tag(site, `v${at}`, name, email));
    const [mail] = await mailsOf(site.repository, updates);
    const found = mail?.replyTo && `${mail.replyTo[0]?.name} <${mail.replyTo[0]?.address}>`;
    assert.equal(found, replyTo);
    const header = composeForWire(mail as Mail)
      .bytes.toString()
      .replace(/\n\n.*/s, '');
    assert.equal(/^Reply-To: (.*)$/m.exec(header)?.[1]?.match(/<[^>]*>/g)?.length, replyTo && 1);
  });
}

test('refpost.replyTo goes before the tagger', async t => {
  const site = project(t);
  const updates = [tag(site, 'v1', 'Terry', 'terry@example.org')];
  const [mail] = await mailsOf(site.repository, updates, ['replyTo=dev@example.org']);
  assert.equal(mail?.replyTo?.[0]?.address, 'dev@example.org');
});

test('who pushed is a header of every mail, a line of those about refs, and gets their answers', async t => {
  const { repository, ids } = project(t);
  const environment = {
    GITEA_PUSHER_NAME: 'Zoë\nBcc: eve@example.org',
    GITEA_PUSHER_EMAIL: 'zoe@example.org',
    GITEA_REPO_USER_NAME: 'team',
    GITEA_REPO_NAME: 'mig',
  };
  const updates = [`${ids[1]} ${ids[2]} refs/heads/main`, `${ids[1]} ${ZERO} refs/heads/old`];
  const [commit, summary] = await mailsOf(repository, updates, [], { environment });
  const pusher = 'Zoë Bcc: eve@example.org <zoe@example.org>';
  assert.deepEqual(
    [commit, summary].map(mail => all(mail, 'X-Git-Pusher')),
    [[pusher], [pusher]],
  );
  assert.doesNotMatch(commit?.text ?? '', /Pusher/);
  assert.ok(
    summary?.text.startsWith(`Pusher: ${pusher}\n\n\nBranch refs/heads/old was deleted.`),
    summary?.text,
  );
  assert.equal(commit?.replyTo?.[0]?.address, 'ada@example.org');
  assert.equal(summary?.replyTo?.[0]?.address, 'zoe@example.org');
  assert.equal(summary?.subject, '[2/2] team/mig git push: branch old deleted');
  assert.match(commit?.text ?? '', /^Repository: team\/mig\n/);
  assert.deepEqual(all(commit, 'List-Id'), ['<team-mig.git.example.org>']);
  const [named] = await mailsOf(repository, updates, ['repoName=mig'], { environment });
  assert.deepEqual(all(named, 'X-Git-Repo'), ['mig']);
  const [placed] = await mailsOf(repository, updates, ['repoName={parent}/{name}, {other}'], { environment });
  const { folder } = repository;
  const name = basename(folder).replace(/\.git$/, '');
  assert.deepEqual(all(placed, 'X-Git-Repo'), [`${basename(dirname(folder))}/${name}, {other}`]);
  const two = [`${ids[0]} ${ids[2]} refs/heads/main`];
  const [digest] = await mailsOf(repository, two, ['maxMails=1'], { environment });
  assert.equal(digest?.subject, 'team/mig git push: 2 new commits on branch main');
  assert.match(digest?.text ?? '', /\nPusher: Zoë/);
  assert.deepEqual(all(digest, 'X-Git-Pusher'), [pusher]);
});

test('a push whose certificate git has verified is by its signer, and every mail says so', async t => {
  const { repository, ids } = project(t);
  const environment = {
    ...{ GL_USER: 'bot', GL_REPO: 'team/mig', GIT_PUSH_CERT_STATUS: 'G', GIT_PUSH_CERT_NONCE_STATUS: 'OK' },
    GIT_PUSH_CERT_SIGNER: 'Zoë <zoe@example.org>',
  };
  const updates = [`${ids[1]} ${ids[2]} refs/heads/main`, `${ids[1]} ${ZERO} refs/heads/old`];
  const [commit, summary] = await mailsOf(repository, updates, [], { environment });
  const line = 'Pusher: Zoë <zoe@example.org> (signed push, verified)\n';
  assert.ok(commit?.text.includes(`\n${line}\n-----`), commit?.text);
  assert.ok(summary?.text.startsWith(line), summary?.text);
  assert.deepEqual(all(commit, 'X-Git-Pusher'), ['Zoë <zoe@example.org>']);
  assert.equal(summary?.replyTo?.[0]?.address, 'zoe@example.org');
  const byAccount = await mailsOf(repository, updates, ['pushers=bot'], { environment });
  assert.equal(byAccount.length, 2);
  const unverified = { ...environment, GIT_PUSH_CERT_STATUS: 'B' };
  const [plain] = await mailsOf(repository, updates, [], { environment: unverified });
  assert.doesNotMatch(plain?.text ?? '', /Pusher/);
  assert.deepEqual(all(plain, 'X-Git-Pusher'), ['bot']);
});

test('a copy of a mirror announces nothing, if it is one of gitolite', async t => {
  const { repository, ids } = project(t);
  const environment = { GL_USER: 'server-frodo', GL_REPO: 'mig', GL_BYPASS_ACCESS_CHECKS: '1' };
  const updates = [`${ids[1]} ${ids[2]} refs/heads/main`, `${ids[1]} ${ZERO} refs/heads/old`];
  assert.notDeepEqual(await mailsOf(repository, updates, [], { environment }), []);
  writeFileSync(join(repository.folder, '.git/gl-conf'), '');
  assert.deepEqual(await mailsOf(repository, updates, [], { environment }), []);
});

test('what is asked for with the same values has the same Message-ID in one repository, and another one in another of that name', () => {
  const updates = [`${'1'.repeat(40)} ${'2'.repeat(40)} refs/heads/main`];
  const asked = (id: string, identity: string): Push => ({
    ...pushOf(id, 0, ...updates),
    kind: 'notify',
    identity,
  });
  const ids = [
    asked('20240601T120000-00000001', '0'.repeat(16)),
    asked('20240601T120000-00000002', '0'.repeat(16)),
    asked('20240601T120000-00000001', '1'.repeat(16)),
  ].map(push => messageId(push, 'summary', { repositoryName: 'mesos', host: 'git.example.org' }));
  assert.equal(ids[0], ids[1]);
  assert.notEqual(ids[0], ids[2]);
});

const LIST_IDS: readonly [repository: string, host: string, listId: RegExp][] = [
  ['mesos', 'git.example.org', /^mesos\.git\.example\.org$/],
  ['node.js', 'git.example.org', /^node\.js\.git\.example\.org$/],
  ['team/mig', 'build7', /^team-mig\.build7$/],
  ['the project', 'localhost', /^[0-9a-f]{8}-the-project\.localhost$/],
  ['..odd..', 'example.org', /^odd\.example\.org$/],
  ['仓库', 'example.org', /^[0-9a-f]{8}\.example\.org$/],
  ['---', 'example.org', /^[0-9a-f]{8}\.example\.org$/],
  ['x'.repeat(400), `${'h'.repeat(60)}.example.org`, /^x{150,}\.h{60}\.example\.org$/],
];

for (const [repositoryName, host, expected] of LIST_IDS) {
  test(`a List-Id is made from repository and host: ${repositoryName.slice(0, 20)}, ${host}`, () => {
    assert.match(listId({ repositoryName, host, audience: '' }), expected);
  });
}

test('an audience has its name before the default List-Id', () => {
  const names = { repositoryName: 'team/mig', host: 'git.example.org' };
  assert.equal(listId({ ...names, audience: 'docs' }), 'docs.team-mig.git.example.org');
  const long = listId({ repositoryName: 'x'.repeat(400), host: 'git.example.org', audience: 'd'.repeat(50) });
  assert.match(long, /^d{50}\.x+\.git\.example\.org$/);
  assert.equal(long.length, 255);
});

test('whatever a repository is called, its List-Id is one of RFC 2919, and others have another', () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(name, repositoryName => {
      const made = listId({ repositoryName, host: 'git.example.org', audience: '' });
      assert.match(made, /^[\w-]+(\.[\w-]+)*\.git\.example\.org$/);
      assert.ok(made.length <= 255);
      assert.notEqual(
        made,
        listId({ repositoryName: `${repositoryName}é`, host: 'git.example.org', audience: '' }),
      );
    }),
  );
});

test('refpost.listId sets the List-Id or takes it away', async t => {
  const { repository, ids } = project(t);
  const updates = [`${ids[1]} ${ids[2]} refs/heads/main`];
  const [set] = await mailsOf(repository, updates, ['listId=commits.example.org']);
  assert.deepEqual(all(set, 'List-Id'), ['<commits.example.org>']);
  const [none] = await mailsOf(repository, updates, ['listId=none']);
  assert.deepEqual(all(none, 'List-Id'), []);
  assert.doesNotMatch(composeForWire(none as Mail).bytes.toString(), /List-Id/);
});
