import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { composeForWire, cutMail, mailSize } from '../../src/delivery/compose.ts';
import { decodeMail } from '../../src/delivery/decode.ts';
import { type Mail, smtpSize } from '../../src/model/mail.ts';
import { openScene } from '../corpus/scene.ts';
import { mailsOf } from '../fixtures/mails.ts';
import { readHtml } from '../fixtures/read-html.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

const MAIN = 'refs/heads/main';

function lines(count: number, word: string): string {
  return Array.from({ length: count }, (_, at) => `${word} ${at} = f(${at})\n`).join('');
}

/** A push of two commits, the second one of so many lines. */
function pushed(t: TestContext, count: number) {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  scene.stands(MAIN, scene.commit('Start', { README: 'x\n' }));
  scene.commit('Say hello\n\nTo all: é', { README: 'y\n' });
  scene.moves(MAIN, scene.commit('Add a file', { 'a.txt': lines(count, 'a'), 'b.txt': 'b\n' }));
  const { updates } = scene.pushed();
  return (...settings: string[]) => mailsOf(scene, updates, settings);
}

test('a mail has both parts, and two independent readers find them as they were made, a patch beside them', async t => {
  const mails = await pushed(t, 400)('html=true', 'maxSize=20000', 'oversize=attach', 'footer=Bye.');
  assert.deepEqual(
    mails.map(({ html, attachment }) => [html !== undefined, attachment !== undefined]),
    [
      [true, false],
      [true, false],
    ],
  );
  const attachment = { name: 'x.patch', type: 'text/x-patch', bytes: Buffer.from('--- a\n+++ b\n') };
  for (const mail of mails.map(each => ({ ...each, attachment }))) {
    const { bytes } = composeForWire(mail);
    const postal = await PostalMime.parse(bytes);
    const other = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true });
    for (const { text, html } of [postal, other]) {
      assert.equal(text?.trimEnd(), `${mail.text.trimEnd()}\n-- \nBye.`);
      assert.equal((html || '').trimEnd(), mail.html?.trimEnd());
    }
    assert.equal(other.attachments[0]?.content.toString(), '--- a\n+++ b\n');
    assert.match(decodeMail(bytes).text, /Bye\.\n\n\[x\.patch\]\n\n--- a/);
    const cut = cutMail(bytes, 3000);
    assert.ok(cut && smtpSize(cut) <= 3000 && !cut.includes('html'));
  }
});

test('the text has the room first; the HTML shows what there is left room for, and no mail is larger than it may be', async t => {
  const make = pushed(t, 3500);
  for (const maxSize of [4000, 9000, 60_000, 120_000, 1_000_000]) {
    const plain = await make(`maxSize=${maxSize}`);
    const both = await make(`maxSize=${maxSize}`, 'html=true');
    assert.deepEqual(
      both.map(({ text }) => text),
      plain.map(({ text }) => text),
    );
    for (const mail of both) {
      assert.ok(mailSize(mail) <= maxSize, `${mailSize(mail)} > ${maxSize}`);
      const parts = composeForWire(mail).bytes.toString().split('Content-Type: text/html');
      assert.ok((parts[1] ?? '').length < 90_000);
    }
    if (maxSize >= 120_000) assert.ok(both.every(({ html }) => html !== undefined));
    if (maxSize === 120_000)
      assert.match(
        readHtml(both[1]?.html ?? '').text,
        /Not shown here: .* The plain text of this mail has more/,
      );
  }
});

test('a commit that is cut fills its mail, also where only its end has to be encoded', async t => {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  scene.stands(MAIN, scene.commit('Start', { README: 'x\n' }));
  const text = `${lines(2000, 'a').replaceAll('=', ':')}${lines(500, 'жжжжж')}`;
  scene.moves(MAIN, scene.commit('Add a file', { 'a.txt': text }));
  const { updates } = scene.pushed();
  for (const maxSize of [44_000, 50_000]) {
    const [mail] = (await mailsOf(scene, updates, [`maxSize=${maxSize}`])) as [Mail];
    const size = mailSize(mail);
    assert.match(mail.text, /Not shown/);
    assert.ok(size <= maxSize && size > 0.95 * maxSize, `${size} of ${maxSize}`);
  }
});

test('an audience that wants HTML gets it, and one that does not gets none; two that want it get the same', async t => {
  const audiences = ['one', 'two', 'three'].flatMap(name => [`${name}.to=${name}@example.org`]);
  const mails = await pushed(t, 20)('html=true', ...audiences, 'three.html=false');
  const of = (name: string) => mails.filter(({ audience }) => audience === name).map(({ html }) => html);
  assert.deepEqual(of('three'), [undefined, undefined]);
  assert.ok(of('one').every(html => html !== undefined));
  assert.deepEqual(of('two'), of('one'));
});

test('a footer that names its audience does so in the HTML, and a commit is on the branch that its audience hears of', async t => {
  const scene = openScene(join(temporaryFolder(t), 'project.git'));
  for (const branch of ['main', 'topic'])
    scene.stands(`refs/heads/${branch}`, scene.commit('Start', { README: 'x\n' }));
  for (const word of ['one', 'two']) scene.commit(word, { README: word });
  for (const branch of ['main', 'topic'])
    scene.moves(`refs/heads/${branch}`, scene.commit('three', { README: 'z' }));
  const { updates } = scene.pushed();
  const each = ['main', 'topic'].flatMap(name => [
    `${name}.to=${name}@example.org`,
    `${name}.refs=refs/heads/${name}`,
  ]);
  for (const footer of ['', 'For {audience}.']) {
    const mails = await mailsOf(scene, updates, ['to=', 'html=true', `footer=${footer}`, ...each]);
    const seen = mails.filter(({ audience }) => audience);
    assert.ok(seen.length > 5);
    for (const { text, html = '', audience } of seen) {
      assert.ok(text.includes(`Branch: refs/heads/${audience}\n`), text);
      assert.ok(html.includes(`<b>${audience}</b>`), html);
      assert.equal(html.includes(`For ${audience}.`), footer !== '');
    }
  }
});

test('a text browser shows the HTML as a mail', { skip: !existsSync('/usr/bin/w3m') }, async t => {
  const [mail] = await pushed(t, 2)('html=true');
  const dump = execFileSync(
    'w3m',
    ['-dump', '-cols', '100', '-T', 'text/html', '-I', 'UTF-8', '-O', 'UTF-8'],
    {
      input: mail?.html ?? '',
      encoding: 'utf8',
    },
  );
  assert.match(dump, /^Say hello$/m);
  assert.match(dump, /^To all: é$/m);
  assert.match(dump, /^README \+1 −1$/m);
  assert.match(dump, /^ *@@ -1 \+1 @@\n *-x\n *\+y$/m);
});
