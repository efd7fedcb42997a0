import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { parseUpdateLine } from '../../src/drop/record.ts';
import { isAddress, isAscii } from '../../src/model/address.ts';
import { decode } from '../../src/model/text.ts';
import { visible, visibleLine } from '../../src/render/visible.ts';
import { compareDiff } from '../../walk/compare.ts';
import { openPrinter } from '../../walk/printed.ts';
import { openScene, type Scene } from '../corpus/scene.ts';
import { assertLegal } from '../delivery/sample-mail.ts';
import { pushOf } from '../fixtures/nouns.ts';
import { gitEnvironment } from '../fixtures/repository.ts';
import { openCorridor, RECIPIENT, type StoredBytes } from './corridor.ts';
import { runs } from './runs.ts';

/*
 * Commits of random bytes, in names, messages, paths, contents, refs and tags: nothing may fail, and each mail must read, by
 * two parsers that are not ours, as git says that the commit is.
 */

/** What has hurt other programs, among bytes of every kind. */
const NASTY = [
  '\r\nBcc: evil@example.com\r\n\r\n',
  '\nBcc: evil@example.com\n\nbody',
  ' <evil@example.com>, x',
  '=?utf-8?Q?=0D=0ABcc:_evil@example.com?=',
  '\nFrom here\n.\n..\n',
  '\x1b[2J\x1b]0;title\x07',
  '{{message}} {{> preamble}}',
  '\u202eevil\u202c\u200b\ufeff\u2028\u0085',
  'caf\u00e9 \u6f22\u5b57 \ud83d\ude00',
  `${'-'.repeat(70)}\ndiff --git a/x b/x\n`,
  '\nCommitted: never\n',
  '"\\\t\n\\n',
  'x'.repeat(1200),
  '\0',
  '\xff\xfe\x00a',
];

const bytes = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...NASTY).map(text => Buffer.from(text)) },
      { weight: 3, arbitrary: fc.uint8Array({ maxLength: 30 }).map(array => Buffer.from(array)) },
      { weight: 4, arbitrary: fc.constantFrom('word', ' ', '\n', 'a line\n').map(text => Buffer.from(text)) },
    ),
    { maxLength: 8 },
  )
  .map(pieces => Buffer.concat(pieces));

/** Bytes without those that their place cannot hold. */
function without(place: RegExp) {
  return bytes.map(all => Buffer.from(all.toString('latin1').replace(place, ''), 'latin1'));
}

/** No line of an object's header holds a line end. Names longer than this are cut in a mail. */
const person = without(/[\n\0]/g).map(name => name.subarray(0, 900));
const path = without(/[/\0]/g).map(name => Buffer.concat([Buffer.from('p'), name.subarray(0, 250)]));
/** git-check-ref-format(1) */
const refName = without(/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/|\.lock|\.$/g);

const content = fc.record({
  author: person,
  email: person,
  messages: fc.tuple(bytes, bytes, bytes),
  files: fc.array(fc.tuple(path, bytes, bytes), { maxLength: 4 }),
  encoding: fc.constantFrom(
    [],
    ['encoding ISO-8859-1'],
    ['encoding rubbish'],
    ['encoding UTF-16'],
    ['encoding UTF-7'],
  ),
  ref: refName,
});

type Content = typeof content extends fc.Arbitrary<infer T> ? T : never;

test('whatever bytes a repository holds, its mails say what it holds, to those who are configured', async () => {
  await fc.assert(fc.asyncProperty(content, announced), runs(12));
});

async function announced(content: Content): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'refpost-test-'));
  const repository = join(folder, 'project.git');
  const printer = openPrinter(repository, 'commits');
  try {
    const scene = openScene(repository);
    const { commits, twins, tag } = tell(scene, content);
    const branch = `refs/heads/x${content.ref.toString('latin1')}`;
    const lines = [
      `${scene.zero} ${commits[1]} ${branch}`,
      `${scene.zero} ${tag} refs/tags/x${branch.slice(12)}`,
    ];
    const updates = lines.flatMap(line => parseUpdateLine(line) ?? []);
    assert.equal(updates.length, 2);
    const corridor = await openCorridor(repository);
    const push = { ...pushOf('20240601T120000-00000000', corridor.now()), repository, updates };
    await corridor.record(push);
    await corridor.finish();
    assert.deepEqual(corridor.complaints, []);
    const mails = await corridor.mails();
    assert.equal(mails.length, 3);
    for (const [at, commit] of commits.entries()) {
      const printed = await printer.patchOf(commit);
      assert.ok('patch' in printed);
      const facts = { ...factsOf(repository, twins[at] ?? ''), id: commit };
      await assertSays(mails[at] as StoredBytes, facts, printed.patch);
    }
    await read(mails[2] as StoredBytes);
  } finally {
    printer.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two commits and an annotated tag; for each commit one of the same words whose header does not mislead git. */
function tell(scene: Scene, { author, email, messages, files, encoding }: Content) {
  const name = Buffer.concat([author, Buffer.from(' <'), email, Buffer.from('>')]);
  const parts = { author: name, committer: name, headers: encoding };
  const [first, second, third] = messages;
  const begin = files.map(([path, bytes]) => [path, bytes] as const);
  const end = files.map(([path, bytes, more]) => [path, Buffer.concat([bytes, more])] as const);
  const commits = [scene.commit(first, begin, parts), scene.commit(second, end, parts)] as const;
  const head = Buffer.from(`object ${commits[1]}\ntype commit\ntag x\ntagger `);
  const rest = Buffer.from(' 1704110400 +0100\n\n');
  const honest = { ...parts, headers: /UTF-|rubbish/.test(encoding.join()) ? [] : encoding };
  const twins = [scene.commit(first, begin, honest), scene.commit(second, end, honest)] as const;
  return { commits, twins, tag: scene.object('tag', Buffer.concat([head, name, rest, third])) };
}

interface Facts {
  readonly id: string;
  readonly subject: string;
  readonly message: string;
  readonly name: string;
  readonly email: string;
}

/** A commit as git tells it. */
function factsOf(repository: string, id: string): Facts {
  const args = ['log', '-1', '--encoding=UTF-8', '--format=%s%x00%B%x00%aN%x00%aE', id];
  const env = gitEnvironment({ GIT_DIR: repository });
  const fields = execFileSync('git', args, { env, maxBuffer: 1 << 26 })
    .toString('latin1')
    .split('\0');
  const [subject = '', message = '', name = '', email = ''] = fields.map(field =>
    decode(Buffer.from(field, 'latin1')).replace(/^%a[NE](?=\n?$)/, ''),
  );
  return { id, subject, message: message.replace(/(\r?\n)+$/, ''), name, email: email.replace(/\n$/, '') };
}

async function assertSays(mail: StoredBytes, facts: Facts, patch: Buffer): Promise<void> {
  const { subject, text, replyTo } = await read(mail);
  const [start = ''] = /^\[[12]\/3\] project git commit:/.exec(subject) ?? [];
  assert.notEqual(start, '');
  const title = visibleLine(facts.subject).trim() === '' ? '(no message)' : facts.subject;
  assert.equal(subject, inHeader(`${start} ${title}`));
  const said = visible(facts.message).trim() === '' ? '(no message)' : visible(facts.message);
  const message = `\n${said}\n\n\nBranch: refs/heads/x`;
  assert.ok(
    text.startsWith(message.slice(1)) || text.includes(`\n\n${message}`),
    'the message is in the text',
  );
  const known = facts.name !== '' || facts.email !== '';
  const author = known ? visibleLine(`${facts.name} <${facts.email}>`) : '(unknown)';
  assert.ok(text.includes(`\nCommit: ${facts.id}\n`));
  assert.ok(text.includes(`\nAuthor: ${author}\n`), `${author} is in the text`);
  assert.deepEqual(replyTo, isAddress(facts.email) && isAscii(facts.email) ? [facts.email] : []);
  const { difference, cut } = compareDiff(text, patch);
  assert.equal(difference, undefined);
  assert.equal(cut, false);
}

/** A subject is cut at 200 characters; blanks of every kind are one blank in a header. */
function inHeader(subject: string): string {
  const characters = Array.from(visibleLine(subject));
  const short = characters.length > 200 ? `${characters.slice(0, 199).join('')}…` : characters.join('');
  return short.replace(/[ \u00a0]+/g, ' ').trim();
}

const FIELDS = [
  ...['from', 'to', 'reply-to', 'subject', 'date', 'message-id', 'in-reply-to', 'references', 'list-id'],
  ...['x-git-repo', 'x-git-refname', 'x-git-oldrev', 'x-git-newrev', 'x-git-rev'],
  ...[
    'auto-submitted',
    'precedence',
    'x-patchwork-hint',
    'mime-version',
    'content-type',
    'content-transfer-encoding',
  ],
];

/** Reads a mail by both parsers, which must agree, and checks all that does not depend on the content. */
async function read({ bytes, envelope }: StoredBytes): Promise<{
  readonly subject: string;
  readonly text: string;
  readonly replyTo: readonly string[];
}> {
  assertLegal(bytes);
  assert.deepEqual(envelope, { from: 'git@git.example.org', to: [RECIPIENT] });
  const postal = await PostalMime.parse(bytes);
  const other = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true });
  const keys = postal.headers.map(header => header.key);
  assert.deepEqual(
    keys,
    FIELDS.filter(field => keys.includes(field)),
  );
  assert.deepEqual(other.headerLines.map(header => header.key).sort(), [...keys].sort());
  for (const to of [postal.to, postal.cc, postal.bcc, other.to, other.cc, other.bcc].flat()) {
    const addresses = to && ('value' in to ? to.value.map(({ address }) => address) : [to.address]);
    assert.deepEqual(addresses ?? [RECIPIENT], [RECIPIENT]);
  }
  assert.deepEqual(postal.attachments, []);
  assert.deepEqual(other.attachments, []);
  assert.equal(postal.from?.address, 'git@git.example.org');
  assert.equal(other.from?.value[0]?.address, 'git@git.example.org');
  assert.equal(other.subject, postal.subject);
  assert.equal(other.text, postal.text);
  const replyTo = postal.replyTo?.map(({ address }) => address ?? '') ?? [];
  assert.deepEqual(other.replyTo?.value.map(({ address }) => address) ?? [], replyTo);
  return { subject: postal.subject ?? '', text: postal.text ?? '', replyTo };
}
