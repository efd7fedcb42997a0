import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { branchCases } from './corpus/branches.ts';
import type { Cases } from './corpus/case.ts';
import { commitCases } from './corpus/commits.ts';
import { encodingCases } from './corpus/encodings.ts';
import { fileCases } from './corpus/files.ts';
import { filterCases } from './corpus/filters.ts';
import { hostileCases } from './corpus/hostile.ts';
import type { ObjectFormat } from './corpus/objects.ts';
import { pathCases } from './corpus/paths.ts';
import { pushCases, sha256Cases } from './corpus/pushes.ts';
import { openScene, type Scene } from './corpus/scene.ts';
import { sizeCases } from './corpus/sizes.ts';
import { tagCases } from './corpus/tags.ts';
import { assertGolden } from './fixtures/golden.ts';
import { asMbox, mailsOf } from './fixtures/mails.ts';
import { temporaryFolder } from './fixtures/repository.ts';
import { HOME } from './fixtures/world.ts';

/*
 * The corpus: pushes of every kind, and the mails that they make, whole, one file a push in golden/corpus. Read the file
 * next to the case. When a change of the mails is meant, accept it with `npm run golden` and review it in git.
 */

const cases = {
  ...branchCases,
  ...tagCases,
  ...pushCases,
  ...filterCases,
  ...encodingCases,
  ...pathCases,
  ...fileCases,
  ...commitCases,
  ...hostileCases,
  ...sizeCases,
};

play(cases, 'sha1');
play(sha256Cases, 'sha256');

test('every golden file of the corpus belongs to a push', () => {
  const files = readdirSync(join(HOME, 'test', 'golden', 'corpus')).map(file => `corpus/${file}`);
  assert.deepEqual(
    files.sort(),
    Object.keys({ ...cases, ...sha256Cases })
      .map(goldenFile)
      .sort(),
  );
});

function play(cases: Cases, format: ObjectFormat): void {
  for (const [title, tell] of Object.entries(cases)) {
    test(title, async t => {
      const scene = openScene(join(temporaryFolder(t), 'project.git'), format);
      tell(scene);
      assertGolden(goldenFile(title), await mailsInFull(scene));
    });
  }
}

async function mailsInFull(scene: Scene): Promise<string> {
  const { updates, settings, extra } = scene.pushed();
  const mails = await mailsOf(scene, updates, settings, extra);
  return mails.length > 0 ? asMbox(mails) : 'There is no mail about this push.\n';
}

function goldenFile(title: string): string {
  return `corpus/${title.split(':')[0]}.mbox`;
}
