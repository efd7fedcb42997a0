import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { mailSize } from '../../src/delivery/compose.ts';
import type { Mail } from '../../src/model/mail.ts';
import { openScene, type Scene } from '../corpus/scene.ts';
import { mailsOf } from '../fixtures/mails.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const MODES = ['truncate', 'split', 'stat', 'attach'];

/** A line of a file: short or long, ASCII or not, with bytes that are no text. */
const line = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ minLength: 900, maxLength: 1500 }),
  fc.constantFrom('\u001b[31m', 'é'.repeat(70), '\r', 'From me', '.', '文字'.repeat(400)),
);
const content = fc
  .array(fc.tuple(line, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 6 })
  .map(lines => lines.flatMap(([text, times]) => Array(times).fill(text)).join('\n'));
const files = fc.array(content, { minLength: 1, maxLength: 8 });

async function mailsFor(
  t: TestContext,
  { message, contents, settings }: { message: string; contents: readonly string[]; settings: string[] },
): Promise<{ readonly scene: Scene; readonly mails: readonly Mail[] }> {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  scene.stands('refs/heads/main', scene.commit('Start', { README: 'x' }));
  scene.moves(
    'refs/heads/main',
    scene.commit(message, Object.fromEntries(contents.map((text, at) => [`file-${at}`, text]))),
  );
  const { updates } = scene.pushed();
  return { scene, mails: await mailsOf(scene, updates, settings) };
}

test('no mail is larger than it may be, whatever a commit holds and whatever is done with large ones', async t => {
  await fc.assert(
    fc.asyncProperty(
      files,
      fc.constantFrom(...MODES),
      fc.integer({ min: 4000, max: 20_000 }),
      fc.string({ unit: 'grapheme', maxLength: 3000 }),
      async (contents, mode, maxSize, message) => {
        const settings = [`maxSize=${maxSize}`, `oversize=${mode}`];
        const { mails } = await mailsFor(t, { message, contents, settings });
        for (const mail of mails)
          assert.ok(mailSize(mail) <= maxSize, `${mode}: ${mailSize(mail)} > ${maxSize}`);
      },
    ),
    { numRuns: 10, seed: 1 },
  );
});

test('split parts are counted without a gap, and every file is in exactly one of them', async t => {
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 4000, max: 20_000 }), async (contents, maxSize) => {
      const { mails } = await mailsFor(t, {
        message: 'Many files',
        contents,
        settings: [`maxSize=${maxSize}`, 'oversize=split'],
      });
      const heads = mails.flatMap(mail => mail.text.match(/^diff --git a\/file-\d+/gm) ?? []);
      assert.deepEqual(heads.toSorted(), contents.map((_, at) => `diff --git a/file-${at}`).toSorted());
      const counters = mails.map(mail => /^\[0*(\d+)\/(\d+)\]/.exec(mail.subject)?.slice(1).map(Number));
      if (mails.length > 1)
        assert.deepEqual(
          counters,
          mails.map((_, at) => [at + 1, mails.length]),
        );
      assert.equal(new Set(mails.map(mail => mail.messageId)).size, mails.length);
    }),
    { numRuns: 6, seed: 2 },
  );
});
