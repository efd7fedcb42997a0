import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Email } from 'postal-mime';
import { readMails, subjectsOf } from '../fixtures/read-mails.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

test('a push of four commits prints nothing and arrives as one thread of four mails, in order', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  await pushFirst(server);
  await server.arrived(1, inbox);
  fourCommits(server);

  const push = await server.push();
  assert.deepEqual(push, { code: 0, signal: null, stdout: '', stderr: '' });

  const mails = (await readMails(await server.arrived(5, inbox))).slice(1);
  assert.deepEqual(
    mails.map(mail => mail.subject),
    [
      '[1/4] project git commit: Count',
      '[2/4] project git commit: Count further',
      '[3/4] project git commit: Say so',
      '[4/4] project git commit: Stop counting',
    ],
  );
  const [first, ...answers] = mails;
  assert.equal(first?.inReplyTo, undefined);
  for (const mail of answers) {
    assert.deepEqual([mail.inReplyTo, mail.references], [first?.messageId, first?.messageId]);
  }
  const dates = mails.map(mail => Date.parse(mail.date ?? ''));
  assert.deepEqual(dates, dates.toSorted());
  assert.ok((dates.at(-1) ?? 0) <= Date.now());
});

test('the mails of a push are laid out as people filter and archive them', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, {
    port: inbox.port,
    settings: { 'refpost.linkBase': 'https://git.example.org/project' },
  });
  await pushFirst(server);
  await server.arrived(1, inbox);
  fourCommits(server);
  await server.push();
  const mails = (await readMails(await server.arrived(5, inbox))).slice(1);
  assert.equal(mails[0]?.text, FIRST);
  assert.equal(mails[1]?.text, SECOND);
  assert.deepEqual(headers(mails[1]), {
    from: 'Project Commits <git@example.org>',
    to: 'commits@example.org',
    'reply-to': 'Ada Author <ada@example.org>',
    'x-git-repo': 'project',
    'x-git-refname': 'refs/heads/main',
    'x-git-oldrev': '986eada7dc0a60b175ddd32ede783e175753ccb9',
    'x-git-newrev': server.clone.git('rev-parse', 'main'),
    'x-git-rev': server.clone.git('rev-parse', 'main~2'),
    'auto-submitted': 'auto-generated',
    precedence: 'list',
  });
});

test('a push of one commit has no counter, and one without commits is one mail about its refs', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  await pushFirst(server);
  await server.arrived(1, inbox);
  await server.push(['main:refs/heads/release', 'main:refs/tags/v1']);
  const mails = await server.arrived(2, inbox);
  assert.deepEqual(await subjectsOf(mails), [
    'project git commit: Begin',
    'project git push: 2 refs changed: branch release created, tag v1 created',
  ]);
});

async function pushFirst(server: ServerRepository): Promise<void> {
  server.clone.commit({ message: 'Begin', files: { README: 'A project.\n' } });
  assert.equal((await server.push()).code, 0);
}

function fourCommits({ clone }: ServerRepository): void {
  clone.commit({ message: 'Count\n\nUp to two.', files: { 'src/count.txt': '1\n2\n' } });
  clone.commit({ message: 'Count further', files: { 'src/count.txt': '1\n2\n3\n' } });
  clone.commit({ message: 'Say so', files: { README: 'A project that counts.\n' } });
  clone.commit({ message: 'Stop counting', files: { 'src/count.txt': null } });
}

function headers(mail: Email | undefined): Readonly<Record<string, string>> {
  const wanted = /^(from|to|reply-to|x-git-.*|auto-submitted|precedence)$/;
  return Object.fromEntries(
    (mail?.headers ?? []).filter(({ key }) => wanted.test(key)).map(({ key, value }) => [key, value]),
  );
}

const LINE = '-'.repeat(70);

const FIRST = `Repository: project
Updated Branches:
  refs/heads/main 986eada7d -> d8ba8b796


Count

Up to two.


Project: https://git.example.org/project/repo
Commit: https://git.example.org/project/commit/46f12c66
Tree: https://git.example.org/project/tree/46f12c66
Diff: https://git.example.org/project/diff/46f12c66

Branch: refs/heads/main
Commit: 46f12c6659d757240fc311dfe0cb49b66159a702
Parents: 986eada
Author: Ada Author <ada@example.org>
Authored: Mon Jan 1 13:01:00 2024 +0100
Committer: Carl Committer <carl@example.org>
Committed: Mon Jan 1 04:01:00 2024 -0800

${LINE}
 src/count.txt | 2 ++
 1 file changed, 2 insertions(+)
${LINE}


https://git.example.org/project/blob/46f12c66/src/count.txt
${LINE}
diff --git a/src/count.txt b/src/count.txt
new file mode 100644
index 0000000..1191247
--- /dev/null
+++ b/src/count.txt
@@ -0,0 +1,2 @@
+1
+2
`;

const SECOND = `Count further


Project: https://git.example.org/project/repo
Commit: https://git.example.org/project/commit/ed758cc3
Tree: https://git.example.org/project/tree/ed758cc3
Diff: https://git.example.org/project/diff/ed758cc3

Branch: refs/heads/main
Commit: ed758cc3d7e6ff0766960fb015729f3ce942e567
Parents: 46f12c6
Author: Ada Author <ada@example.org>
Authored: Mon Jan 1 13:02:00 2024 +0100
Committer: Carl Committer <carl@example.org>
Committed: Mon Jan 1 04:02:00 2024 -0800

${LINE}
 src/count.txt | 1 +
 1 file changed, 1 insertion(+)
${LINE}


https://git.example.org/project/blob/ed758cc3/src/count.txt
${LINE}
diff --git a/src/count.txt b/src/count.txt
index 1191247..01e79c3 100644
--- a/src/count.txt
+++ b/src/count.txt
@@ -1,2 +1,3 @@
 1
 2
+3
`;
