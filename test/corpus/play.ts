import { join } from 'node:path';
import { suite, test } from 'node:test';
import { assertGolden } from '../fixtures/golden.ts';
import { asMbox, mailsOf } from '../fixtures/mails.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import type { Cases } from './case.ts';
import type { ObjectFormat } from './objects.ts';
import { openScene, type Scene } from './scene.ts';

/**
 * Plays pushes, each in a repository of its own, and compares the mails that they make, whole, with the files in
 * golden/corpus, one a push. Read the file next to the case. When a change of the mails is meant, accept it with
 * `npm run golden` and review it in git.
 */
export function play(cases: Cases, format: ObjectFormat = 'sha1'): void {
  // Most of the time is spent in waiting for git.
  suite('a push, and the mails about it', { concurrency: 4 }, () => {
    for (const [title, tell] of Object.entries(cases)) {
      test(title, async t => {
        const scene = openScene(join(temporaryFolder(t), 'project.git'), format);
        tell(scene);
        assertGolden(`corpus/${goldenFile(title)}`, await mailsInFull(scene));
      });
    }
  });
}

/** The name of a push's file, from its title `name: what happens`. */
export function goldenFile(title: string): string {
  return `${title.split(':')[0]}.mbox`;
}

async function mailsInFull(scene: Scene): Promise<string> {
  const { updates, settings, extra } = scene.pushed();
  const mails = await mailsOf(scene, updates, settings, extra);
  return mails.length > 0 ? asMbox(mails) : 'There is no mail about this push.\n';
}
