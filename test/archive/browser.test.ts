import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { addMails } from '../../src/archive/add-mails.ts';
import { openArchive } from '../../src/archive/open-archive.ts';
import { pageOf } from '../../src/archive/page-maker.ts';
import { folderShelf } from '../../src/archive/shelf.ts';
import { faultsOf, isMissing, launch, PICTURES } from '../fixtures/browser.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { HOME } from '../fixtures/world.ts';
import { mail } from './mails.ts';

/* The archive as a browser shows it from the disk. REFPOST_PICTURES names a folder for pictures of what is seen. */

const DIFF = `A change of \`spread\`, see https://example.org/${'long/'.repeat(30)}

> quoted

diff --git a/src/wait.ts b/src/wait.ts
index 1234567..89abcde 100644
--- a/src/wait.ts
+++ b/src/wait.ts
@@ -1,2 +1,2 @@
 same
-old ${'x'.repeat(200)}
+new
`;
const HTML = `<p>Hello <a href="https://example.org/">there</a></p><script>top.document.title = 'escaped'</script><img src="https://example.org/x.png" onerror="top.document.title='escaped'">`;
const MAILS = [
  mail(1, { body: DIFF }),
  mail(2, { re: 1, html: HTML }),
  mail(3, { re: 2, subject: `[3/9] ${'LongWord'.repeat(30)}` }),
  mail(4, { re: 3 }),
  mail(90),
];

suite('the archive in a browser', { skip: isMissing }, () => {
  let browser: Browser;
  let root = '';
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  const open = async (path: string, javaScriptEnabled = true): Promise<Page> => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 900, height: 800 } });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(root, path)).href);
    return page;
  };

  test('each kind of page has no fault of accessibility, in light and dark, and does not scroll sideways', async t => {
    root = temporaryFolder(t);
    await addMails(await openArchive(folderShelf(root), HOME, { addresses: 'coded' }), MAILS);
    const [text = '', html = '', long = ''] = await Promise.all(MAILS.map(pageOf));
    const list = 'commits.example.org';
    const indexes = ['date', 'thread'].map(view => `${list}/2026-10/${view}.html`);
    const views = [text, html, html.replace('.html', '.text.html'), long];
    const page = await open('index.html');
    for (const path of ['index.html', `${list}/index.html`, `${list}/search.html`, ...indexes, ...views])
      await assertReadable(page, path);
  });

  test('without a script, and by the keyboard alone, one comes from the site to a mail and on to the next', async t => {
    root = temporaryFolder(t);
    await addMails(await openArchive(folderShelf(root), HOME, { addresses: 'coded' }), MAILS);
    const page = await open('index.html', false);
    const follow = async (name: string) => {
      for (let tabs = 0; tabs < 40; tabs++) {
        await page.keyboard.press('Tab');
        const focused = page.locator(':focus');
        const label = (await focused.getAttribute('aria-label')) ?? (await focused.textContent());
        if (label !== name) continue;
        await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
        return;
      }
      assert.fail(`the keyboard does not reach ${name} on ${page.url()}`);
    };
    for (const name of ['commits.example.org', 'October 2026 by thread', '[1/9] Change 1', 'Next by thread'])
      await follow(name);
    assert.equal(await page.locator('h1').textContent(), '[2/9] Change 2');
    await follow('Text');
    assert.match((await page.locator('pre.text').first().textContent()) ?? '', /Text 2/);
  });

  test('the search works from the disk, and what is in a mail does not run', async t => {
    root = temporaryFolder(t);
    await addMails(await openArchive(folderShelf(root), HOME, { addresses: 'coded' }), MAILS);
    const page = await open('commits.example.org/search.html');
    await page.waitForSelector('#words:enabled');
    await page.fill('#words', 'src/wait change');
    assert.deepEqual(await page.locator('#rows a').allTextContents(), ['[1/9] Change 1']);
    const html = await open(await pageOf(MAILS[1] as Buffer));
    await html.waitForLoadState('load');
    assert.equal(await html.title(), '[2/9] Change 2');
    assert.match((await html.frameLocator('iframe').locator('p').textContent()) ?? '', /Hello there/);
    // Paper would cut a frame.
    await html.emulateMedia({ media: 'print' });
    assert.deepEqual(await html.locator('iframe:visible, nav:visible, pre:visible').allTextContents(), [
      'Text 2\n\n',
    ]);
  });

  async function assertReadable(page: Page, path: string): Promise<void> {
    await page.setViewportSize({ width: 900, height: 800 });
    await page.goto(pathToFileURL(join(root, path)).href);
    const name = path.replaceAll('/', '-');
    assert.deepEqual(await faultsOf(page, { iframes: false }), [], path);
    if (PICTURES)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`) });
      }
    for (const media of ['print', 'screen'] as const) {
      await page.emulateMedia({ media });
      await page.setViewportSize({ width: 320, height: 800 });
      const width = await page.evaluate('document.documentElement.scrollWidth');
      assert.ok(Number(width) <= 320, `${path} in ${media} is ${width} pixels wide`);
    }
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}-phone.png`) });
  }
});
