import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kindsOfContent, kindsOfPush } from './corpus/all.ts';
import { goldenFile, UNREADABLE } from './corpus/play.ts';
import { sha256Cases } from './corpus/pushes.ts';
import { HOME } from './fixtures/world.ts';

/*
 * What holds for the golden mails of the corpus all together. The pushes are played in corpus-pushes.test.ts and
 * corpus-content.test.ts, two files so that they run side by side.
 */

const GOLDEN = join(HOME, 'test', 'golden', 'corpus');

test('every golden file of the corpus belongs to a push', () => {
  const pushes = Object.keys({ ...kindsOfPush, ...sha256Cases, ...kindsOfContent }).map(goldenFile);
  assert.deepEqual(goldenFiles().sort(), pushes.sort());
});

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
  /^From To (Cc )?(Reply-To )?Subject Date Message-ID (In-Reply-To References )?List-Id X-Git-Repo (X-Git-Refname X-Git-Oldrev X-Git-Newrev )+X-Git-Rev Auto-Submitted Precedence X-Patchwork-Hint MIME-Version Content-Type( Content-Transfer-Encoding)?$/;

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
  // Of the audiences of the corpus, and those whom its commits name.
  const addresses =
    /^(From: [^<>@,]*<git@git\.example\.org>|To: (undisclosed-recipients:;|(commits|docs|announce|both|ann|ada|rev)@example\.org(, (commits|docs|announce|both|ann|ada|rev)@example\.org)*)|Cc: (commits|docs|announce|both|ann|ada|rev)@example\.org(, (commits|docs|announce|both|ann|ada|rev)@example\.org)*|Reply-To: ([^<>@,]*<[^<>@,]+@[^<>@,]+>|[^<>@, ]+@[^<>@, ]+))$/;
  const lines = head.split('\n').filter(line => /^(From|To|Cc|Bcc|Reply-To):/.test(line));
  return lines.filter(line => !addresses.test(line.replace(/"(\\.|[^"\\])*"/g, '')));
}

function goldenFiles(): string[] {
  return readdirSync(GOLDEN);
}

function textOf(file: string): string {
  return readFileSync(join(GOLDEN, file), 'utf8');
}
