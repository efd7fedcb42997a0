import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPerPush, type Setting, settings } from '../../src/config/settings.ts';

const all = Object.entries<Setting>(settings);

test('every default and every example is right by its own type', () => {
  for (const [key, { type, default: fallback, example }] of all) {
    for (const text of [fallback, example]) {
      if (text !== undefined) assert.ok('value' in type.read(text, '/home/git'), `${key}: ${text}`);
    }
  }
});

test('every setting has either a default or words for what happens without it, and something to show in a fault', () => {
  for (const [key, { default: fallback, unset, example }] of all) {
    assert.notEqual(fallback === undefined, unset === undefined, key);
    assert.ok(example ?? fallback, key);
  }
});

test('keys and their other names are all different, and git can hold them', () => {
  const names = all.flatMap(([key, { alsoCalled }]) => [key.toLowerCase(), ...(alsoCalled ?? [])]);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z][a-z0-9-]*$/);
});

test('a push may bring settings of what its mails say, and no other', () => {
  const brought = Object.keys(settings).filter(key => isPerPush(`refpost.${key}`));
  assert.deepEqual(brought, [
    ...[
      'to',
      'cc',
      'bcc',
      'maxRecipients',
      'from',
      'fromAuthorDomains',
      'replyTo',
      'envelopeFrom',
      'repoName',
    ],
    ...['web', 'webUrl', 'commitUrl', 'treeUrl', 'fileUrl', 'compareUrl', 'tagUrl'],
    ...[
      'linkBase',
      'listId',
      'receiver',
      'listPost',
      'listArchive',
      'listUnsubscribe',
      'archivedAt',
      'threadIndex',
    ],
    ...['header', 'omitHeader', 'subject', 'style', 'summary', 'footer'],
    ...['refs', 'excludeRefs', 'merges', 'kinds', 'paths', 'authors', 'committers', 'pushers', 'maxAge'],
    ...['pushOptions', 'trailers', 'maxMails', 'maxSize', 'oversize', 'maxAttachment'],
    'quietPaths',
  ]);
});
