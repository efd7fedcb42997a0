import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manyCommits } from '../fixtures/many-commits.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { serverRepository } from '../fixtures/server-repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';

/** Every file of a folder, by its path in it. */
function filesOf(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter(path => statSync(join(folder, path)).isFile());
  return new Map(files.map(path => [path, readFileSync(join(folder, path), 'latin1')]));
}

test('the archive follows the pushes, waits where it cannot be written, and is the same when it is made anew', async t => {
  const inbox = await startInbox(t);
  const server = await serverRepository(t, { port: inbox.port });
  const root = join(server.folder, 'web');
  server.config('refpost.archive', root);
  const push = async (title: string, count: number, mails: number) => {
    manyCommits({ clone: server.clone, count, title });
    await server.push();
    await server.arrived(mails, inbox);
  };
  writeFileSync(root, 'in the way');
  await push('One', 2, 2);
  rmSync(root);
  await push('Two', 3, 5);
  const subjects = () => [...filesOf(root).keys()].filter(path => path.endsWith('.eml'));
  await waitUntil('five mails are in the archive', () => {
    return statSync(root, { throwIfNoEntry: false }) !== undefined && subjects().length === 5;
  });
  await server.refpost('work', '--once');
  const again = join(server.folder, 'again');
  assert.match((await server.refpost('archive', again)).stderr, /^refpost: \d mails added to/m);
  const shown = await server.refpost('preview', '--outbox', '2', '--out', join(server.folder, 'shown'));
  assert.match(
    readFileSync(shown.stdout.trim(), 'utf8'),
    /<h1>\[1\/3\] project git commit: Two, commit 01<\/h1>/,
  );
  const [followed, anew] = [filesOf(root), filesOf(again)];
  assert.deepEqual([...followed.keys()], [...anew.keys()]);
  for (const [path, content] of anew) assert.equal(followed.get(path), content, path);
});
