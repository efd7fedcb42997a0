import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Mail } from '../../src/model/mail.ts';
import { mailsOf } from '../fixtures/mails.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';

const NOTES = 'refs/notes/commits';

function project(t: TestContext, ...options: string[]): TestRepository {
  const repository = new TestRepository(join(temporaryFolder(t), 'project.git'), ...options);
  repository.commit({ message: 'Fix the parser', files: { README: 'A project.\n' } });
  return repository;
}

/** The mails of what a step does to the notes. */
async function notesMails(
  repository: TestRepository,
  ref: string,
  step: () => void,
  ...settings: string[]
): Promise<Mail[]> {
  const value = () => repository.git('for-each-ref', '--format=%(objectname)', ref);
  const before = value();
  step();
  const zero = '0'.repeat(value().length);
  return mailsOf(
    repository,
    [`${before || zero} ${value()} ${ref}`],
    [`refs=refs/heads refs/notes`, ...settings],
  );
}

function notedLines(mail: Mail | undefined): string[] {
  return mail?.text.match(/^(Note on: .*| {2}and \d+ more)$/gm) ?? [];
}

test('the mail of a note names what it is about, and shows its text', async t => {
  const repository = project(t);
  const id = repository.git('rev-parse', 'HEAD');
  const [mail, ...others] = await notesMails(repository, NOTES, () => {
    repository.git('notes', 'add', '-m', 'Reviewed on Friday');
  });
  assert.deepEqual(others, []);
  assert.deepEqual(notedLines(mail), [`Note on: ${id.slice(0, 9)} Fix the parser`]);
  assert.match(mail?.text ?? '', /^\+Reviewed on Friday$/m);
  assert.match(mail?.text ?? '', /^Ref: refs\/notes\/commits$/m);
});

test('a note that is removed or merged names its commit', async t => {
  const repository = project(t);
  const line = `Note on: ${repository.git('rev-parse', '--short=9', 'HEAD')} Fix the parser`;
  repository.git('notes', 'add', '-m', 'Reviewed');
  const [removed] = await notesMails(repository, NOTES, () => repository.git('notes', 'remove'));
  assert.deepEqual(notedLines(removed), [line]);
  assert.match(removed?.text ?? '', /^-Reviewed$/m);
  repository.git('notes', 'add', '-m', 'From one side');
  const merged = await notesMails(repository, NOTES, () => {
    repository.git('notes', '--ref=other', 'add', '-m', 'From the other side');
    repository.git('notes', 'merge', '-s', 'cat_sort_uniq', 'other');
  });
  assert.deepEqual(merged.flatMap(notedLines), [line]);
});

test('of many notes, in folders by the first digits of their names, the first are named', async t => {
  const repository = project(t);
  const line = (id: string) => `Note on: ${id.slice(0, 9)} Fix the parser ${id.length}`;
  const ids = Array.from({ length: 30 }, (_, at) =>
    repository.commit({ message: `Fix the parser 40\n\n${at}` }),
  ).sort();
  const [mail] = await notesMails(repository, NOTES, () => {
    const blob = repository.run(['hash-object', '-w', '--stdin'], { input: 'Reviewed\n' }).toString().trim();
    const files = ids
      .map(id => `M 100644 ${blob} ${id.slice(0, 2)}/${id.slice(2, 4)}/${id.slice(4)}\n`)
      .join('');
    repository.run(['fast-import', '--quiet'], {
      input: `commit ${NOTES}\ncommitter C <c@example.org> 0 +0000\ndata 5\nNotes\n${files}`,
    });
  });
  assert.deepEqual(notedLines(mail), [...ids.slice(0, 10).map(line), '  and 20 more']);
});

test('objects that are no commits, or are not here, are named as what they are', async t => {
  const repository = project(t);
  repository.git('tag', '-a', '-m', 'Version 1', 'v1');
  const [blob, tree, tag] = ['HEAD:README', 'HEAD^{tree}', 'v1'].map(name =>
    repository.git('rev-parse', name),
  );
  const absent = 'f'.repeat(40);
  const [mail] = await notesMails(repository, NOTES, () => {
    const lines = [blob, tree, tag, absent].map(id => `M 100644 ${blob} ${id}\n`).join('');
    repository.run(['fast-import', '--quiet'], {
      input: `commit ${NOTES}\ncommitter C <c@example.org> 0 +0000\ndata 5\nNotes\n${lines}M 100644 ${blob} a-file\n`,
    });
  });
  const expected = {
    [blob ?? '']: '(blob)',
    [tree ?? '']: '(tree)',
    [tag ?? '']: '(tag)',
    [absent]: '(not in this repository)',
  };
  assert.deepEqual(
    notedLines(mail).sort(),
    Object.entries(expected)
      .map(([id, words]) => `Note on: ${id.slice(0, 9)} ${words}`)
      .sort(),
  );
});

test('where the diff is left out, the mail says what the note is about all the same', async t => {
  const repository = project(t);
  const [mail] = await notesMails(
    repository,
    NOTES,
    () => repository.git('notes', 'add', '-m', 'Reviewed\n'.repeat(2000)),
    'maxSize=4000',
    'oversize=stat',
  );
  assert.equal(notedLines(mail).length, 1);
  assert.match(mail?.text ?? '', /The diff is too large/);
});

test('in a SHA-256 repository, and under any notes ref, notes name their commits', async t => {
  const repository = project(t, '--object-format=sha256');
  const [mail] = await notesMails(repository, 'refs/notes/team/review', () => {
    repository.git('notes', '--ref=team/review', 'add', '-m', 'Reviewed');
  });
  assert.deepEqual(notedLines(mail), [
    `Note on: ${repository.git('rev-parse', 'HEAD').slice(0, 9)} Fix the parser`,
  ]);
});

test('a file on a branch whose name looks like an object is no note', async t => {
  const repository = project(t);
  const [before] = [repository.git('rev-parse', 'HEAD')];
  const after = repository.commit({ files: { [before as string]: 'no note\n' } });
  const [mail] = await mailsOf(repository, [`${before} ${after} refs/heads/main`]);
  assert.deepEqual(notedLines(mail), []);
});
