import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
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

const GOLDEN = join(HOME, 'test', 'golden', 'corpus');

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
  const pushes = Object.keys({ ...cases, ...sha256Cases }).map(goldenFile);
  assert.deepEqual(goldenFiles().sort(), pushes.sort());
});

/** Controls but TAB and LF, bidirectional overrides, and the sign that decoders put for what they could not read. */
const UNREADABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]/;

test('in no mail of the corpus is anything that a reviewer cannot see', () => {
  const found = goldenFiles().filter(file => UNREADABLE.test(textOf(file)));
  assert.deepEqual(found, []);
});

test('no push of the corpus gets a header, a sender or a recipient into a mail', () => {
  const wrong = goldenFiles().flatMap(file =>
    headsOf(textOf(file))
      .filter(head => !HEADERS.test(namesOf(head)) || strangers(head).length > 0)
      .map(head => `${file}:\n${head}`),
  );
  assert.deepEqual(wrong, []);
});

/** All that a mail of the corpus has, in this order. */
const HEADERS =
  /^From To (Reply-To )?Subject Date Message-ID (In-Reply-To References )?X-Git-Repo X-Git-Refname X-Git-Oldrev X-Git-Newrev X-Git-Rev Auto-Submitted Precedence MIME-Version Content-Type Content-Transfer-Encoding$/;

/** The header of each mail in an mbox, unfolded. */
function headsOf(mbox: string): string[] {
  const mails = mbox.split(/^From .*\n/m).slice(1);
  return mails.map(mail => mail.slice(0, mail.indexOf('\n\n')).replace(/\n[ \t]/g, ' '));
}

function namesOf(head: string): string {
  return head
    .split('\n')
    .map(line => line.split(':')[0])
    .join(' ');
}

/** Address headers that hold anything but one address, outside of quotes. */
function strangers(head: string): string[] {
  const addresses =
    /^(From: [^<>@,]*<git@git\.example\.org>|To: commits@example\.org|Reply-To: ([^<>@,]*<[^<>@,]+@[^<>@,]+>|[^<>@, ]+@[^<>@, ]+))$/;
  const lines = head.split('\n').filter(line => /^(From|To|Reply-To):/.test(line));
  return lines.filter(line => !addresses.test(line.replace(/"(\\.|[^"\\])*"/g, '')));
}

function play(cases: Cases, format: ObjectFormat): void {
  for (const [title, tell] of Object.entries(cases)) {
    test(title, async t => {
      const scene = openScene(join(temporaryFolder(t), 'project.git'), format);
      tell(scene);
      assertGolden(`corpus/${goldenFile(title)}`, await mailsInFull(scene));
    });
  }
}

async function mailsInFull(scene: Scene): Promise<string> {
  const { updates, settings, extra } = scene.pushed();
  const mails = await mailsOf(scene, updates, settings, extra);
  return mails.length > 0 ? asMbox(mails) : 'There is no mail about this push.\n';
}

function goldenFile(title: string): string {
  return `${title.split(':')[0]}.mbox`;
}

function goldenFiles(): string[] {
  return readdirSync(GOLDEN);
}

function textOf(file: string): string {
  return readFileSync(join(GOLDEN, file), 'utf8');
}
