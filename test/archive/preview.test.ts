import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { start, waitUntil } from '../fixtures/processes.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { HOME } from '../fixtures/world.ts';

const PUSH = ['HEAD~1', 'HEAD', 'main', '-c', 'refpost.to=commits@example.org'];

/** A repository with two commits on main. */
function repository(t: TestContext): string {
  const made = new TestRepository(join(temporaryFolder(t), 'r'));
  made.commit({ message: 'Start' });
  made.commit({ message: 'Go on' });
  return made.folder;
}

/** What a server answers; not every host name and path could be asked for by fetch(). */
function ask(address: string, path: string, host?: string): Promise<{ status: number; type: string }> {
  const { port } = new URL(address);
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, headers: host ? { host } : {} }, response => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '' });
    });
    asked.on('error', reject).end();
  });
}

test('preview shows the mails of a push to who knows the address, until it is stopped', async t => {
  const folder = repository(t);
  const env = gitEnvironment();
  const { child, ended } = start([process.execPath, join(HOME, 'bin/refpost.js'), 'preview', ...PUSH], {
    cwd: folder,
    env,
  });
  let said = '';
  child.stdout?.on('data', text => {
    said += text;
  });
  await waitUntil('an address is printed', () => said.includes('\n'), { limit: 30_000 });
  const address = new URL(said.trim());
  const page = address.pathname;
  assert.deepEqual(await ask(said, page), { status: 200, type: 'text/html; charset=utf-8' });
  assert.equal((await ask(said, page.replace('.html', '.eml'))).type, 'text/plain');
  assert.equal((await ask(said, page, 'example.org')).status, 404, 'by another name');
  assert.equal((await ask(said, page.replace(/^\/./, '/x'))).status, 404, 'with another word');
  assert.equal((await ask(said, `/${page.split('/')[1]}/../../etc/passwd`)).status, 404);
  child.kill('SIGINT');
  assert.equal((await ended).code, 0);
});

test('preview writes pages to a folder, of a push or of an mbox file', async t => {
  const folder = repository(t);
  const settings = ['-c', 'refpost.maxSize=50000', '-c', 'refpost.html=true'];
  const push = await runHere(['preview', ...PUSH, ...settings, '--out', 'pages'], folder);
  assert.equal(push.code, 0, push.stderr);
  assert.match(readFileSync(push.stdout.trim(), 'utf8'), /<h1>\[?.*Go on<\/h1>/);
  const page = readFileSync(push.stdout.trim(), 'utf8');
  assert.match(page, /<dt>Envelope<\/dt><dd>from \S+ to commits&#64;example\.org<\/dd>/);
  assert.match(page, /<dt>Size<\/dt><dd>[\d,]+ bytes; refpost\.maxSize is 50,000<\/dd>/);
  assert.match(page, /<dt>HTML<\/dt><dd>\d+ KB; Gmail shows 102 KB<\/dd>/);
  const mbox = await runHere(['preview', '--mbox', 'none.mbox'], folder);
  assert.equal(mbox.code, 66);
  assert.ok(readdirSync(join(folder, 'pages')).includes('index.html'));
  assert.equal((await runHere(['preview'], folder)).code, 64);
});

test('the page that Archived-At names is the one that the archive has', async t => {
  const folder = repository(t);
  const named = ['-c', 'refpost.archivedAt=https://lists.example.org/{page}'];
  for (const listId of ['commits.example.org', 'none']) {
    const words = ['preview', ...PUSH, ...named, '-c', `refpost.listId=${listId}`, '--out', listId];
    const { stdout } = await runHere(words, folder);
    const raw = readFileSync(stdout.trim().replace('.html', '.eml'), 'latin1').replace(/\n[ \t]/g, '');
    const page = /^Archived-At: ?<https:\/\/lists\.example\.org\/(.*)>$/m.exec(raw)?.[1];
    assert.equal(stdout.trim(), join(folder, listId, page ?? ''));
  }
});

test('pages look as the settings of the repository say, with templates of its administrator', async t => {
  const folder = repository(t);
  const own = join(temporaryFolder(t), 'archive');
  mkdirSync(own);
  const layout = readFileSync(join(HOME, 'templates/archive/layout.hbs'), 'utf8');
  writeFileSync(
    join(own, 'layout.hbs'),
    layout.replace('</head>', '<meta name="robots" content="noindex">\n$&'),
  );
  const settings = ['-c', 'refpost.archiveAddresses=masked', '-c', `refpost.templates=${dirname(own)}`];
  const { stdout, stderr } = await runHere(['preview', ...PUSH, ...settings, '--out', 'pages'], folder);
  const page = readFileSync(stdout.trim() || stderr, 'utf8');
  assert.match(page, /<meta name="robots" content="noindex">\n<\/head>/);
  assert.match(page, /commits&#64;…/);
  writeFileSync(join(own, 'layout.hbs'), '{{nothing}}');
  const broken = await runHere(['preview', ...PUSH, ...settings, '--out', 'other'], folder);
  assert.match(
    broken.stderr,
    /the template .*archive\/layout\.hbs cannot be used: .*there is no variable "nothing"/,
  );
});
