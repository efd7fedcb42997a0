import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { addMails } from '../../src/archive/add-mails.ts';
import { addToFolder, openArchive } from '../../src/archive/open-archive.ts';
import { memoryShelf, type Shelf } from '../../src/archive/shelf.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { HOME, testWorld } from '../fixtures/world.ts';
import { mail, START } from './mails.ts';

function listed(): Shelf & { readonly files: Map<string, string> } {
  const [shelf, files] = [memoryShelf(), new Map<string, string>()];
  const write: Shelf['write'] = (path, content) => {
    files.set(path, content.toString());
    shelf.write(path, content);
  };
  return {
    ...shelf,
    files,
    write,
    put: write,
    remove: path => {
      files.delete(path);
      shelf.remove(path);
    },
  };
}

async function archived(...batches: Buffer[][]) {
  const shelf = listed();
  for (const mails of batches) await addMails(await openArchive(shelf, HOME, { addresses: 'coded' }), mails);
  return shelf.files;
}

function assertSame(found: Map<string, string>, expected: Map<string, string>): void {
  assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
  for (const [path, content] of expected) assert.equal(found.get(path), content, path);
}

function page(files: Map<string, string>, subject: string): string {
  return [...files.values()].find(content => content.includes(`<h1>${subject}</h1>`)) ?? '';
}

test('every link of an archive leads to a file of it, and the page of a mail to those around it', async () => {
  const html = '<p>Hello <a href="https://example.org/x">there</a></p>';
  const files = await archived([mail(1, { html }), mail(2, { re: 1 }), mail(200, { re: 1 }), mail(3)]);
  for (const [path, content] of files) {
    if (!path.endsWith('.html') || path.endsWith('.part.html')) continue;
    for (const [, href = ''] of content.matchAll(/(?:href|src)="([^"]*)"/g)) {
      const [file = '', anchor] = href.split('#');
      if (/^https?:/.test(href)) continue;
      const target = file === '' ? path : join(dirname(path), file);
      assert.ok(files.has(target), `${path} leads to ${href}`);
      if (anchor) assert.match(files.get(target) ?? '', new RegExp(`id="${anchor}"`), `${path}: ${href}`);
    }
  }
  assert.match(page(files, '[2/9] Change 2'), /rel="prev".*rel="next".*>Up<.*aria-label="Thread"/s);
  assert.equal(
    [...files.values()].filter(content => /\w@example/.test(content)).length,
    4,
    'only raw mails have addresses',
  );
});

test('the same mails make the same files, in whichever order they come', async () => {
  const mails = Array.from({ length: 40 }, (_, at) =>
    mail(at + 1, { ...(at % 3 ? { re: at } : {}), at: START + at * 36e5 }),
  );
  const shuffled = mails.map((each, at) => mails[(at * 7) % 40] ?? each);
  assertSame(await archived(...shuffled.map(each => [each])), await archived(mails));
});

test('a thread that goes on in another month has a page with all of it, to which each of its mails leads', async () => {
  const later = (days: number) => START + days * 86_400_000;
  const mails = [mail(1), mail(2, { re: 1 }), mail(3, { at: later(40) }), mail(4, { re: 1, at: later(90) })];
  const files = await archived(mails);
  for (const order of [mails, mails.toReversed()])
    assertSame(await archived(...order.map(each => [each])), files);
  const [path = '', whole = ''] = [...files].find(([name]) => /threads\/.*html$/.test(name)) ?? [];
  assert.deepEqual(whole.match(/(?<=Change )\d(?=<\/a>)/g), ['1', '2', '4']);
  const leads = [1, 2, 3, 4].filter(number =>
    page(files, `[${number}/9] Change ${number}`).includes(`threads/${path.split('/').at(-1)}">`),
  );
  assert.deepEqual(leads, [1, 2, 4]);
});

test('many mails of a month are divided into parts, and one more mail makes few files', async () => {
  const mails = Array.from({ length: 1500 }, (_, at) =>
    mail(at + 1, { ...(at % 5 ? { re: at } : {}), at: START + 864e5 + at * 1000 }),
  );
  const [late, many] = [mails.filter((_, at) => at % 300 === 100), mails.filter((_, at) => at % 300 !== 100)];
  const shelf = listed();
  const archive = await openArchive(shelf, HOME, { addresses: 'coded' });
  await addMails(archive, many);
  for (const each of late) {
    const written: string[] = [];
    const write = (path: string, content: string | Buffer) => {
      written.push(path);
      shelf.write(path, content);
    };
    const counted = { ...shelf, write, put: write };
    await addMails({ ...archive, shelf: counted }, [each]);
    assert.ok(written.length < 40, `${written.length} files`);
  }
  assert.ok([...shelf.files.keys()].some(path => /\/date-[0-9a-f]{16}\.html$/.test(path)));
  assertSame(shelf.files, await archived(mails));
});

function filesIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter(path => statSync(join(folder, path)).isFile());
  return new Map(files.map(path => [path, readFileSync(join(folder, path), 'utf8')]));
}

test('a few mails whose files the disk does not take, but for some, are added by the next try', async t => {
  const folder = temporaryFolder(t);
  const add = (...mails: Buffer[]) =>
    addToFolder(testWorld({ env: process.env }), folder, { addresses: 'coded' }, mails);
  await add(mail(1), mail(4));
  const page = join(folder, 'commits.example.org', 'feed.xml');
  rmSync(page);
  mkdirSync(join(page, 'x'), { recursive: true });
  await assert.rejects(add(mail(2, { re: 1 }), mail(3)));
  rmSync(page, { recursive: true });
  await add(mail(5));
  assertSame(filesIn(folder), await archived([mail(1), mail(2, { re: 1 }), mail(3), mail(4), mail(5)]));
});

test('nothing is written by way of what a stranger put into the folder of an archive', async t => {
  const root = temporaryFolder(t);
  const outside = join(root, 'outside');
  const add = (name: string) =>
    addToFolder(testWorld({ env: process.env }), join(root, name), { addresses: 'coded' }, [mail(1)]);
  const plant = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  mkdirSync(outside);
  mkdirSync(join(root, 'a/commits.example.org'), { recursive: true });
  symlinkSync(outside, join(root, 'a/commits.example.org/2026-10'));
  await assert.rejects(add('a'), /ELOOP: it leads out of the archive/);
  mkdirSync(join(root, 'b'));
  symlinkSync(join(outside, 'x'), join(root, 'b/.tmp-page-0-0'));
  await assert.rejects(add('b'), /ELOOP/);
  plant('c/.unfinished.json', '{"mails":[],"before":{"../outside/x":"evil"}}');
  await assert.rejects(add('c'), /ELOOP: it leads out of the archive/);
  plant(
    'd/commits.example.org/index.js',
    'refpostParts([{"month":"../../outside","end":"","count":1,"last":[9,9,""]}])',
  );
  await assert.rejects(add('d'), /its file commits\.example\.org\/index\.js is damaged/);
  plant('e/lists.js', 'refpostLists([');
  await assert.rejects(add('e'), /its file lists\.js is damaged/);
  plant('f/index.html', 'of somebody else');
  await assert.rejects(add('f'), /index\.html that is not of an archive/);
  assert.deepEqual(readdirSync(outside), []);
});

test('many mails at once are divided among threads, which make the same files', async t => {
  const mails = Array.from({ length: 2010 }, (_, at) => mail(at + 1, at % 7 ? { re: at } : {}));
  const folder = temporaryFolder(t);
  await addToFolder(testWorld({ env: process.env }), folder, { addresses: 'coded' }, [
    ...mails,
    ...mails.slice(0, 5),
  ]);
  assertSame(filesIn(folder), await archived(mails));
});

test('an archive that is cut off at any file is whole after the next mail', async () => {
  const [before, now, later] = [[mail(1), mail(4)], [mail(2, { re: 1 }), mail(3)], [mail(5)]];
  const expected = await archived([...before, ...now, ...later]);
  for (let most = 0, cut = true; cut; most++) {
    const shelf = listed();
    await addMails(await openArchive(shelf, HOME, { addresses: 'coded' }), before);
    let left = most;
    const write: Shelf['put'] = (path, content, isUnknown) => {
      if (left-- > 0) return shelf.write(path, content);
      // What is not put in its place at one moment may be there in part.
      if (isUnknown) shelf.write(path, content.slice(0, content.length / 2));
      throw new Error('killed');
    };
    const dying: Shelf = { ...shelf, write, put: write };
    cut = await addMails(
      { ...(await openArchive(shelf, HOME, { addresses: 'coded' })), shelf: dying },
      now,
    ).then(
      () => false,
      () => true,
    );
    // The mails that were not stored yet are given again, as the worker does, and those that were are known.
    await addMails(
      await openArchive(shelf, HOME, { addresses: 'coded' }),
      most % 2 ? [...now, ...later] : [...later, ...now],
    );
    assertSame(shelf.files, expected);
  }
});

test('what a mail says is text on its page, and its HTML is only in a frame without rights', async () => {
  const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  const files = await archived([
    mail(1, { subject: hostile, body: `${hostile}\n<h1>x</h1>\u202e\n`, html: hostile }),
  ]);
  const kept =
    '<meta name=color-scheme content="light dark"><meta name="viewport" content="width=device-width">';
  const gone = `<meta http-equiv=refresh content='0;url=//x'><META\nname=viewport content="1"http-equiv=refresh><link rel=preconnect href=//x><base href=//x>`;
  const [framed = ''] = [...(await archived([mail(2, { html: `<head>${kept}${gone}` })]))].flatMap(
    ([path, content]) => (path.endsWith('.part.html') ? [content] : []),
  );
  assert.ok(framed.includes(`<head>${kept}<basefont`), 'what mails say of colours and width');
  assert.equal(framed.match(/<(?:meta|link|base)\b/gi)?.length, 4, 'charset, policy and these two');
  for (const [path, content] of files) {
    if (path.endsWith('.eml') || path.endsWith('.js')) continue;
    if (path.endsWith('.part.html'))
      assert.match(
        content,
        /^<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none';/,
      );
    else assert.doesNotMatch(content, /<script>|<img|\u202e/, path);
  }
  assert.match([...files.values()].join(''), /<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"/);
});

test('addresses are shown as they are, without their domain, or so that they are not found in a file', async () => {
  const body = 'Signed-off-by: Bob <bob@example.net>\n@@ no address @@, é@ü.example\n';
  for (const [style, line] of [
    ['coded', 'Bob &lt;bob&#64;example.net&gt;\n@@ no address @@, é&#64;ü.example'],
    ['masked', 'Bob &lt;bob&#64;…&gt;\n@@ no address @@, é&#64;…'],
    ['shown', 'Bob &lt;bob@example.net&gt;\n@@ no address @@, é@ü.example'],
  ] as const) {
    const shelf = listed();
    await addMails(await openArchive(shelf, HOME, { addresses: style }), [
      mail(1, { body }),
      mail(2, { subject: 'To ann@example.net' }),
    ]);
    assert.ok(page(shelf.files, '[1/9] Change 1').includes(line), style);
    const made = [...shelf.files].filter(([path]) => !path.endsWith('.eml')).map(([, content]) => content);
    assert.equal(/example\.net/.test(made.join('')), style !== 'masked', `${style}, indexes and search too`);
  }
});

test('a list that is called like a file of the archive has a folder', async () => {
  const files = await archived([
    Buffer.from(mail(3).toString().replace('commits.example.org', 'index.html')),
  ]);
  assert.ok(files.has('index-html/index.html'));
});

test('a mail that no parser takes has a page with its header, and its raw source', async () => {
  const parts = Array.from(
    { length: 5000 },
    (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\n\n--b${at}\n`,
  );
  const head = mail(1)
    .toString()
    .replace(/Content-Type.*/s, '');
  const deep = '<div>'.repeat(50_000);
  const files = await archived([Buffer.from(`${head}${parts.join('')}`), mail(2, { html: deep })]);
  assert.match(page(files, '[1/9] Change 1'), /This mail cannot be read; the raw message has all of it/);
  assert.match(page(files, '[2/9] Change 2'), /<iframe sandbox/);
});

test('colours are for lines of a hunk, by its counts', async () => {
  const body =
    '- a list\n+ of things\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- gone\n+++ come\n same\n- no more\n';
  const text = page(await archived([mail(1, { body })]), '[1/9] Change 1');
  assert.match(text, /<li><a href="#f1">x<\/a><\/li>.*<span class="head" id="f1">diff --git a\/x b\/x\n/s);
  assert.match(text, /<pre class="text">\n- a list\n\+ of things\n/);
  assert.match(
    text,
    /<span class="del">--- gone\n<\/span><span class="add">\+\+\+ come\n<\/span> same\n- no more\n/,
  );
});
