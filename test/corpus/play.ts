import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { explain } from '../../src/announce/explain.ts';
import type { Mail } from '../../src/model/mail.ts';
import { answeredOnce } from '../fixtures/answered-once.ts';
import { assertGolden } from '../fixtures/golden.ts';
import { asMbox, mailsOfPushed, type Pushed, pushedTo } from '../fixtures/mails.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import type { Cases } from './case.ts';
import { assertHtml } from './html.ts';
import type { ObjectFormat } from './objects.ts';
import { openScene } from './scene.ts';

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
        const { updates, settings, extra } = scene.pushed();
        const opened = await pushedTo(scene, updates, settings, extra);
        const pushed = { ...opened, git: answeredOnce(t, opened.git) };
        const mails = await mailsOfPushed(pushed);
        const text = mails.length > 0 ? asMbox(mails) : 'There is no mail about this push.\n';
        assertGolden(`corpus/${goldenFile(title)}`, text);
        await assertHtml(pushed, mails, goldenFile(title).replace('.mbox', '.html'));
        await assertExplained(pushed, mails);
      });
    }
  });
}

/** The name of a push's file, from its title `name: what happens`. */
export function goldenFile(title: string): string {
  return `${title.split(':')[0]}.mbox`;
}

/** What `refpost explain` says of the push is what is sent: to everybody the same mails, in their order. */
async function assertExplained(
  { git, push, ledger, contexts }: Pushed,
  mails: readonly Mail[],
): Promise<void> {
  const { audiences } = await explain(git, push, ledger, contexts, []);
  const said = audiences.flatMap(audience =>
    audience.mails.map(({ messageId, subject, recipients }) => [
      audience.name,
      messageId,
      subject,
      recipients.map(({ address }) => address),
    ]),
  );
  const sent = audiences
    .flatMap(({ name }) => mails.filter(({ audience = '' }) => audience === name))
    .map(({ audience = '', messageId, subject, envelope }) => [audience, messageId, subject, envelope.to]);
  assert.deepEqual(said, sent);
}

/** Controls but TAB and LF, bidirectional overrides, and the sign that decoders put for what they could not read. */
export const UNREADABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]/;
