import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineOf } from '../../src/config/line-of.ts';
import { parseListing } from '../../src/config/listing.ts';
import { gitEnvironment, temporaryFolder } from '../fixtures/repository.ts';

// Every value ends in L and the number of the line on which its key stands.
const awkward = `\uFEFF[refpost] to = L1
\tto = L2
# [other]
\tTO=L4
[RefPost]
from = "quoted # ; L6" ; comment
\tmaxMails = one \\
   to = inside L7
to = "two \\
spool = inside # L9"
  [refpost "Sub"] to = L11 # comment with a backslash \\
Key-1 = "escaped \\" quote L12"
[refpost "sub"]
to = L14
[refpost "a]b\\"c"] to = L15
[refpost.Old]
to = L17
[refposts] to = L18

; comment
[refpost]to=backslash\\\\ L21
  listId\t=\tL22
`;

test('every key of an awkward file is found on the line from which git reads it', t => {
  const file = join(temporaryFolder(t), 'config');
  for (const text of [awkward, awkward.replaceAll('\n', '\r\n')]) {
    writeFileSync(file, text);
    const command = ['config', '--list', '-z', '--show-origin', '--show-scope', '--file', file];
    const entries = parseListing(execFileSync('git', command, { env: gitEnvironment() }));
    assert.equal(entries.length, 14);
    for (const { key, value, origin } of entries) {
      assert.equal(
        lineOf(text, key, origin.nth),
        Number(/L(\d+)$/.exec(value ?? '')?.[1]),
        `${key} = ${value}`,
      );
    }
  }
});

test('what is not in the file has no line', () => {
  assert.equal(lineOf(awkward, 'refpost.keepdays', 0), undefined);
  assert.equal(lineOf(awkward, 'refpost.listid', 1), undefined);
  assert.equal(lineOf('', 'refpost.to', 0), undefined);
});

test('the key may be asked for as people write it', () => {
  assert.equal(lineOf('[refpost]\nmaxmails = 5\n', 'refpost.maxMails', 0), 2);
});

test('a key without a value is found, whether a comment follows or nothing', () => {
  assert.equal(lineOf('[refpost]\n\tto ; x\n\tfrom', 'refpost.to', 0), 2);
  assert.equal(lineOf('[refpost]\n\tto ; x\n\tfrom', 'refpost.from', 0), 3);
});

test('no text makes the search fail', () => {
  const text = fc.array(
    fc.constantFrom('[', ']', '"', '\\', '\n', ' ', '#', '=', 'refpost', 'to', '\r', '.'),
  );
  fc.assert(fc.property(text, pieces => lineOf(pieces.join(''), 'refpost.to', 0) !== 0));
});
