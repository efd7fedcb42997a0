import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { kindsOfContent, kindsOfPush } from '../corpus/all.ts';
import type { Cases } from '../corpus/case.ts';
import { openScene } from '../corpus/scene.ts';
import { faultsOf, isMissing, launch, PICTURES } from '../fixtures/browser.ts';
import { mailsOf } from '../fixtures/mails.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

/* HTML mails as a browser shows them. REFPOST_PICTURES names a folder for pictures of what is seen. */

/** Of each the names of these in the corpus: a mail has all that mails may have in one of them. */
const SHOWN =
  'files-renamed files-modes files-binary files-long-lines merge-with-conflicts submodule-moves message-lines scripts paths-very-long oversize-truncate-links branch-forced-by-rebase branch-deleted tag-annotated-after-another digest-with-links quiet-paths'.split(
    ' ',
  );
/** Rules for pages, which a mail is not. */
const PAGES = { region: { enabled: false }, 'landmark-one-main': { enabled: false } };

suite('in a browser', { skip: isMissing }, () => {
  let browser: Browser;
  /** One for all mails: a new one starts processes. */
  let page: Page;
  before(async () => {
    browser = await launch();
    page = await browser.newPage();
  });
  after(() => browser.close());

  const cases: Cases = { ...kindsOfPush, ...kindsOfContent };
  for (const name of SHOWN) {
    test(`the mails of ${name} can be read in light and dark, on a phone and in print`, async t => {
      const scene = openScene(join(temporaryFolder(t), 'project.git'));
      const [, tell] = Object.entries(cases).find(([title]) => title.startsWith(`${name}:`)) ?? [];
      assert.ok(tell);
      tell(scene);
      const { updates, settings, extra } = scene.pushed();
      const mails = await mailsOf(scene, updates, [...settings, 'maxSize=1m', 'html=true'], extra);
      const pages = mails.flatMap(({ html }) => html ?? []);
      assert.ok(pages.length > 0);
      // The first one opens the push, the last one may be its summary.
      await assertReadable(pages[0] ?? '', `${name}-first`);
      if (pages.length > 1) await assertReadable(pages.at(-1) ?? '', `${name}-last`);
    });
  }

  async function assertReadable(html: string, name: string): Promise<void> {
    await page.setViewportSize({ width: 900, height: 800 });
    await page.setContent(html);
    assert.deepEqual(await faultsOf(page, { rules: PAGES }), [], name);
    if (PICTURES)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`), fullPage: true });
      }
    await page.setViewportSize({ width: 400, height: 800 });
    for (const media of ['print', 'screen'] as const) {
      await page.emulateMedia({ media });
      const width = await page.evaluate('document.documentElement.scrollWidth');
      assert.ok(Number(width) <= 400, `${name} in ${media} is ${width} pixels wide`);
    }
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}-phone.png`), fullPage: true });
  }
});
