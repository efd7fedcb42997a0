import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openDrop } from '../../src/drop/drop.ts';
import type { Push } from '../../src/model/push.ts';
import { type LookOptions, look } from '../../src/poll/look.ts';
import { openMirror } from '../../src/poll/mirror.ts';
import { run } from '../fixtures/processes.ts';
import { writeProgram } from '../fixtures/program.ts';
import { configLines, gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { testWorld } from '../fixtures/world.ts';

export interface Mirrored {
  readonly folder: string;
  /** The repository on the other server, a clone that pushes to it, and its mirror here. */
  readonly origin: TestRepository;
  readonly clone: TestRepository;
  readonly mirror: string;
  look(options?: Partial<LookOptions>): ReturnType<typeof look>;
  /** The records that wait, the oldest first. */
  recorded(): Promise<readonly Push[]>;
  /** Picks up what is recorded, and returns what all mails so far are about. */
  subjects(): Promise<readonly string[]>;
}

/** A repository of three commits on main, and its mirror, which knows it. No worker starts by itself. @param url of the origin */
export async function mirrored(
  t: Pick<TestContext, 'after'>,
  url = (folder: string) => Promise.resolve(join(folder, 'origin.git')),
): Promise<Mirrored> {
  const folder = temporaryFolder(t);
  const origin = new TestRepository(join(folder, 'origin.git'), '--bare');
  const clone = new TestRepository(join(folder, 'clone'));
  clone.git('remote', 'add', 'origin', origin.folder);
  for (const name of ['one', 'two', 'three']) clone.commit({ message: name, files: { [name]: name } });
  clone.git('push', '-q', 'origin', 'main');
  const mirror = join(folder, 'mirror.git');
  const cloned = await run(['git', 'clone', '-q', '--mirror', await url(folder), mirror], {
    env: gitEnvironment(),
  });
  assert.equal(cloned.code, 0, cloned.stderr);
  const subjectsFile = join(folder, 'subjects');
  const program = writeProgram(join(folder, 'sendmail'), `sed -n '/^Subject/p; /^$/q' >>'${subjectsFile}'`);
  const settings = {
    'refpost.to': 'commits@example.org',
    'refpost.from': 'git@example.org',
    'refpost.transport': `sendmail:${program}`,
    'refpost.worker': 'service',
  };
  appendFileSync(join(mirror, 'config'), configLines(settings));
  const world = testWorld({ now: Date.now });
  const drop = openDrop(join(mirror, 'refpost'));
  const { signal } = new AbortController();
  const site: Mirrored = {
    ...{ folder, origin, clone, mirror },
    look: async options => look(world, await openMirror(world, mirror), { signal, ...options }),
    recorded: async () =>
      (await drop.readAll()).flatMap(({ record }) => ('push' in record ? [record.push] : [])),
    subjects: async () => {
      const worked = await runHere(['work', '--once'], mirror);
      assert.equal(worked.code, 0, worked.stderr);
      const subjects = existsSync(subjectsFile) ? readFileSync(subjectsFile, 'utf8') : '';
      return subjects.split('\n').flatMap(line => line.match(/(?:commit|push): (.*)/)?.slice(1) ?? []);
    },
  };
  assert.deepEqual(await site.look(), []);
  return site;
}
