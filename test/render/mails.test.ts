import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assertGolden } from '../fixtures/golden.ts';
import { asMbox, mailsOf } from '../fixtures/mails.ts';
import { ZERO } from '../fixtures/nouns.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';

/** A small project with a main branch of three commits. */
function project(t: TestContext): { readonly repository: TestRepository; readonly ids: readonly string[] } {
  const repository = new TestRepository(join(temporaryFolder(t), 'project.git'));
  const ids = [
    repository.commit({ message: 'Start the project', files: { README: 'A project.\n' } }),
    repository.commit({
      message: 'Say hello\n\nSo that somebody answers.\n',
      files: {
        'src/hello.c': '#include <stdio.h>\n\nint main(void)\n{\n\tputs("hello");\n}\n',
        README: 'A project.\nIt greets.\n',
      },
    }),
    repository.commit({
      message: 'Return zero',
      files: { 'src/hello.c': '#include <stdio.h>\n\nint main(void)\n{\n\tputs("hello");\n\treturn 0;\n}\n' },
    }),
  ];
  return { repository, ids };
}

test('a push of two commits to a branch', async t => {
  const { repository, ids } = project(t);
  assertGolden(
    'push-of-two.mbox',
    asMbox(await mailsOf(repository, [`${ids[0]} ${ids[2]} refs/heads/main`])),
  );
});

test('a push of one commit, with links, a list id and a fixed sender', async t => {
  const { repository, ids } = project(t);
  const settings = [
    'linkBase=https://git.example.org/project',
    'listId=commits.example.org',
    'from=Project Commits <commits@example.org>',
    'replyTo=dev@example.org',
    'repoName=the project',
  ];
  assertGolden(
    'push-of-one-with-links.mbox',
    asMbox(await mailsOf(repository, [`${ids[1]} ${ids[2]} refs/heads/main`], settings)),
  );
});

test('a forced update', async t => {
  const { repository, ids } = project(t);
  repository.git('reset', '-q', '--hard', ids[1] as string);
  const fresh = repository.commit({
    message: 'Return one',
    files: { 'src/hello.c': 'int main(void) { return 1; }\n' },
  });
  assertGolden(
    'forced-update.mbox',
    asMbox(await mailsOf(repository, [`${ids[2]} ${fresh} refs/heads/main`])),
  );
});

test('a rewind', async t => {
  const { repository, ids } = project(t);
  repository.git('reset', '-q', '--hard', ids[0] as string);
  assertGolden('rewind.mbox', asMbox(await mailsOf(repository, [`${ids[2]} ${ids[0]} refs/heads/main`])));
});

test('a branch deleted, whose commits another branch keeps in part', async t => {
  const { repository, ids } = project(t);
  repository.git('branch', 'kept', ids[1] as string);
  repository.git('checkout', '-q', 'kept');
  repository.git('branch', '-D', 'main');
  assertGolden(
    'branch-deleted.mbox',
    asMbox(await mailsOf(repository, [`${ids[2]} ${ZERO} refs/heads/main`])),
  );
});

test('an annotated and a lightweight tag of a known commit', async t => {
  const { repository, ids } = project(t);
  repository.git('tag', '-a', '-m', 'Version 1.0\n\nThe first one.', 'v1.0');
  repository.git('tag', 'plain');
  const tag = repository.git('rev-parse', 'v1.0');
  assertGolden(
    'tags-created.mbox',
    asMbox(await mailsOf(repository, [`${ZERO} ${tag} refs/tags/v1.0`, `${ZERO} ${ids[2]} refs/tags/plain`])),
  );
});

test('more commits than are mailed one by one', async t => {
  const { repository, ids } = project(t);
  assertGolden(
    'digest.mbox',
    asMbox(await mailsOf(repository, [`${ZERO} ${ids[2]} refs/heads/main`], ['maxMails=2'])),
  );
});

test('a diff that is cut', async t => {
  const { repository } = project(t);
  const lines = Array.from({ length: 400 }, (_, line) => `line ${line}\n`).join('');
  const before = repository.git('rev-parse', 'HEAD');
  const id = repository.commit({ message: 'Add a long file', files: { 'long.txt': lines, 'z.txt': 'z\n' } });
  assertGolden(
    'diff-cut.mbox',
    asMbox(await mailsOf(repository, [`${before} ${id} refs/heads/main`], ['maxSize=4000'])),
  );
});
