import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { renderContext } from '../../src/announce/render-context.ts';
import { composeForWire, toMbox } from '../../src/delivery/compose.ts';
import type { Mail } from '../../src/model/mail.ts';
import { alarmMail } from '../../src/render/alarm-mail.ts';
import { openWorkplace } from '../../src/repository/workplace.ts';
import { assertGolden } from '../fixtures/golden.ts';
import { asMbox, mailsOf } from '../fixtures/mails.ts';
import { pushOf, ZERO } from '../fixtures/nouns.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { testWorld } from '../fixtures/world.ts';

/** Two commits on main and a tag of the last one, and the updates of a push of all that. */
function project(t: TestContext) {
  const repository = new TestRepository(join(temporaryFolder(t), 'project.git'));
  const ids = ['Start', 'Say hello', 'Say "goodbye"'].map((message, at) =>
    repository.commit({ message, files: { 'hello.txt': 'hello\n'.repeat(at + 1) } }),
  );
  const env = { GIT_COMMITTER_NAME: 'Terry', GIT_COMMITTER_EMAIL: 'terry@example.org' };
  repository.run(['tag', '-a', '-m', 'Version 1', 'v1'], { env });
  const tag = `${ZERO} ${repository.git('rev-parse', 'v1')} refs/tags/v1`;
  return { repository, ids, updates: [`${ids[0]} ${ids[2]} refs/heads/main`, tag] };
}

const environment = {
  GITEA_PUSHER_NAME: 'zoe',
  GITEA_PUSHER_EMAIL: 'zoe@example.org',
  GITEA_REPO_NAME: 'mig',
};

/** How mails look with these settings, a golden file each. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  'from-words': ['from={author.name} via {repository}, {branch} <git@example.org>', 'replyTo=list'],
  'from-author': ['fromAuthorDomains=example.org', 'from=Commits <commits@example.net>', 'replyTo=none'],
  'list-headers': [
    'listPost=commits@example.org',
    'listArchive=https://lists.example.org/{repository}/',
    'listUnsubscribe=https://lists.example.org/leave commits-leave@example.org',
    'archivedAt=https://lists.example.org/commits/{messageId}/',
  ],
  'own-headers': [
    'header=X-Team: core',
    'header=Precedence: bulk',
    'header=X-Branch: {branch} of {repository}',
    'omitHeader=Auto-Submitted X-Git-Oldrev, X-Git-Newrev To',
    'replyTo=pusher',
  ],
  outlook: ['threadIndex=true'],
  'gmail-conversation': ['subject={repository} {push}'],
  'subject-footer': [
    'subject={counter} {repository}/{branch} {shortId} {author.name}: {subject} {forced}',
    'footer=Mail about {repository} from {host}.\nQuestions: admin@example.org',
  ],
};

for (const [name, settings] of Object.entries(SHAPES)) {
  test(`the shape of mails by settings: ${name}`, async t => {
    const { repository, updates } = project(t);
    assertGolden(`shape-${name}.mbox`, asMbox(await mailsOf(repository, updates, settings, { environment })));
  });
}

/** What somebody is, as From, Sender and Reply-To. */
function peopleOf({ from, sender, replyTo = [] }: Mail) {
  const text = ({ name, address }: Mail['from']) => `${name} <${address}>`;
  return { from: text(from), ...(sender ? { sender: text(sender) } : {}), replyTo: replyTo.map(text) };
}

test('the sender is the same whoever works the queue, and a word that says nothing leaves the name to the repository', async t => {
  const { repository, ids, updates } = project(t);
  const [commit, , summary] = await mailsOf(repository, updates);
  assert.equal(commit?.envelope.from, 'git@git.example.org');
  assert.deepEqual(peopleOf(commit as Mail), {
    from: 'Ada Author <git@git.example.org>',
    replyTo: ['Ada Author <ada@example.org>'],
  });
  assert.equal(summary?.from.name, 'Terry');
  const deleted = [`${ids[0]} ${ZERO} refs/heads/old`];
  const [unknown] = await mailsOf(repository, deleted, [
    'from={pusher.name} at {repository} <git@example.org>',
  ]);
  assert.deepEqual(unknown?.from, { name: 'project', address: 'git@example.org' });
});

test('an author is From for domains of ours alone, and bounces never go to them', async t => {
  const { repository, updates } = project(t);
  const about = async (...settings: string[]) => (await mailsOf(repository, updates, settings))[0] as Mail;
  const ours = await about('fromAuthorDomains=example.net *.Example.ORG EXAMPLE.org');
  assert.deepEqual(peopleOf(ours), {
    from: 'Ada Author <ada@example.org>',
    sender: 'Ada Author <git@git.example.org>',
    replyTo: ['Ada Author <ada@example.org>'],
  });
  assert.equal(ours.envelope.from, 'git@git.example.org');
  const below = await about('fromAuthorDomains=*.example.org');
  assert.equal(below.from.address, 'git@git.example.org');
  const same = await about(
    'fromAuthorDomains=example.org',
    'from=ada@example.org',
    'envelopeFrom=b@example.org',
  );
  assert.equal(same.sender, undefined);
  assert.equal(same.envelope.from, 'b@example.org');
  assert.match(
    composeForWire(ours).bytes.toString(),
    /^From: .*\nSender: Ada Author <git@git\.example\.org>\nTo: /,
  );
});

test('a mail to the administrator is from the sender, whose words are about commits', async t => {
  const { repository, updates } = project(t);
  const workplace = await openWorkplace(testWorld(), repository.folder, [
    { key: 'refpost.from', value: '{author.name} at {repository} <git@example.org>' },
  ]);
  const alarm = { kind: 'held', reason: { what: 'it is wrong', remedy: 'correct it' } } as const;
  const push = pushOf('20240601T120000-00000000', 0, ...updates);
  const mail = alarmMail(alarm, push, 'postmaster@example.org', await renderContext(testWorld(), workplace));
  assert.deepEqual(mail.from, { name: 'refpost', address: 'git@example.org' });
});

const ANSWERS: readonly [setting: string, commit: string[], summary: string[]][] = [
  ['author', ['ada@example.org'], ['terry@example.org']],
  ['committer', ['carl@example.org'], ['terry@example.org']],
  ['pusher', ['zoe@example.org'], ['zoe@example.org']],
  ['list', ['commits@example.org', 'docs@example.org'], ['commits@example.org', 'docs@example.org']],
  ['none', [], []],
  ['Dev <dev@example.org>', ['dev@example.org'], ['dev@example.org']],
];

for (const [setting, ...expected] of ANSWERS) {
  test(`answers go where refpost.replyTo says: ${setting}`, async t => {
    const { repository, updates } = project(t);
    const settings = [`replyTo=${setting}`, 'to=docs@example.org'];
    const mails = await mailsOf(repository, updates, settings, { environment });
    const found = [mails[0], mails[2]].map(mail => mail?.replyTo?.map(({ address }) => address) ?? []);
    assert.deepEqual(found, expected);
  });
}

test('a signed mail with an https address to leave the list says that one click does it', async t => {
  const { repository, updates } = project(t);
  const leave = 'listUnsubscribe=https://lists.example.org/leave';
  const signed = ['dkimDomain=example.org', 'dkimSelector=s', 'dkimKeyFile=/etc/refpost/key.pem'];
  const oneClick = async (...settings: string[]) => {
    const [mail] = await mailsOf(repository, updates, settings);
    return /\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n/.test(
      composeForWire(mail as Mail).bytes.toString(),
    );
  };
  assert.equal(await oneClick(leave, ...signed), true);
  assert.equal(await oneClick(leave), false);
  assert.equal(await oneClick('listUnsubscribe=leave@example.org', ...signed), false);
});

test('Thread-Index has the time and the thread, and in each answer how much later it came', async t => {
  const { repository, updates } = project(t);
  const mails = await mailsOf(repository, updates, ['threadIndex=true']);
  const indexes = mails.map(mail => Buffer.from(fieldOf(mail, 'Thread-Index'), 'base64'));
  const [root] = indexes as [Buffer];
  assert.deepEqual(
    indexes.map(({ length }) => length),
    [22, 27, 27],
  );
  // [MS-OXOMSG] 2.2.1.3: the 40 highest bits of a FILETIME after the first byte.
  const time = (root.readUIntBE(1, 5) * 2 ** 24) / 10_000 - 11_644_473_600_000;
  assert.ok(Math.abs(time - (mails[0]?.date ?? 0)) < 2000);
  assert.equal(root[0], 1);
  for (const [at, index] of indexes.entries()) {
    assert.deepEqual(index.subarray(0, 22), root);
    const seconds = at === 0 ? 0 : (index.readUInt32BE(22) * 2 ** 18) / 1e7;
    assert.ok(Math.abs(seconds - at) < 0.03, `${seconds}`);
  }
  assert.deepEqual([...new Set(mails.map(mail => fieldOf(mail, 'Thread-Topic')))].length, 1);
});

function fieldOf(mail: Mail | undefined, name: string): string {
  return mail?.headers.find(([field]) => field === name)?.[1] ?? '';
}

test('git am takes a mail with a footer, and makes the same tree of it', async t => {
  const { repository, ids, updates } = project(t);
  const mails = await mailsOf(repository, updates, [
    'footer=-- not a signature\nindex 0000..1111\n+ added\n- taken\nFrom: eve',
  ]);
  const clone = new TestRepository(join(temporaryFolder(t), 'clone.git'));
  clone.git('fetch', '-q', repository.folder, ids[0] as string);
  clone.git('reset', '-q', '--hard', 'FETCH_HEAD');
  for (const [at, mail] of mails.slice(0, 2).entries()) {
    const file = join(clone.folder, `${at}.mbox`);
    writeFileSync(file, toMbox(composeForWire(mail), mail.date));
    clone.git('am', '-q', file);
    assert.equal(clone.git('rev-parse', 'HEAD^{tree}'), repository.git('rev-parse', `${ids[at + 1]}^{tree}`));
  }
});
