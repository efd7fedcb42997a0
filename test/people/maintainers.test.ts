import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedIn, peopleFile } from './naming.ts';

const LINES = [
  'List of maintainers',
  '===================',
  '',
  '\tM: *Mail* patches to: FullName <address@domain>',
  '',
  'NETWORKING DRIVERS',
  'M:\tAnn (Example) <ann@example.org>',
  'R:\t"Bo, B." <bo@example.org>',
  'L:\tnet@lists.example.org (moderated for non-subscribers)',
  'L:\tclosed@lists.example.org (subscribers-only)',
  'S:\tMaintained',
  'T:\tgit git@example.org/net.git',
  'F:\tdrivers/net/',
  'X:\tdrivers/net/old/',
  'K:\tnet_device',
  '',
  'FORK',
  'M:\tCy <cy@example.org>, Di <di@example.org>',
  'M:\tnobody at example.org',
  'M:\tei@example.org',
  '',
  '# a comment',
  'F:\tkernel/fork',
  'F:\tDocumentation/*/fork?.rst',
  'N:\tfork',
  '',
  'THE REST',
  'M:\tAnn <ann@EXAMPLE.org>',
  'F:\t*',
  'F:\t*/',
];
const FILE = await peopleFile('MAINTAINERS', LINES);

const NET = 'ann@example.org bo@example.org net@lists.example.org';
const FORK = 'cy@example.org di@example.org ei@example.org';

const CASES: readonly (readonly [path: string, named: string])[] = [
  ['drivers/net/a.c', NET],
  ['drivers/net/x/y/a.c', NET],
  ['drivers/net/old/a.c', 'ann@EXAMPLE.org'],
  ['drivers/network/a.c', 'ann@EXAMPLE.org'],
  ['kernel/fork', `${FORK} ann@EXAMPLE.org`],
  ['kernel/fork.c', `${FORK} ann@EXAMPLE.org`],
  ['kernel/fork/a.c', `${FORK} ann@EXAMPLE.org`],
  ['kernel/forks/a.c', 'ann@EXAMPLE.org'],
  ['arch/kernel/fork.c', 'ann@EXAMPLE.org'],
  ['Documentation/x/fork1.rst', `${FORK} ann@EXAMPLE.org`],
  ['Documentation/x/y/fork1.rst', 'ann@EXAMPLE.org'],
  ['Makefile', 'ann@EXAMPLE.org'],
];

test('of MAINTAINERS each section counts that has the file and does not exclude it', async () => {
  assert.deepEqual(
    CASES.map(([path]) => [path, namedIn(FILE, path)]),
    CASES,
  );
});

test('of MAINTAINERS the line of the pattern is named', async () => {
  assert.deepEqual(FILE.of(['kernel/fork.c']).named.slice(0, 1), [
    { who: 'cy@example.org', why: 'MAINTAINERS line 23: kernel/fork' },
  ]);
});

test("stars of MAINTAINERS cross folders where the kernel's script lets them", async () => {
  const cases: readonly (readonly [pattern: string, meant: readonly string[], other: readonly string[]])[] = [
    ['drivers/net/*', ['drivers/net/a.c'], ['drivers/net/x/a.c']],
    ['*/net/*', ['drivers/net/a', 'fs/net/b'], ['net/a', 'drivers/x/net/a', 'drivers/net/x/a']],
    ['arch/*/include/', ['arch/x86/include/a', 'arch/x86/um/include/a/b'], ['arch/include/a']],
    ['fs/**/*foo*.c', ['fs/a/foo.c', 'fs/a/b/xfoo1.c'], ['fs/foo.h', 'x/fs/a/foo.c']],
    ['net/ftgmac100.[ch]', ['net/ftgmac100.c', 'net/ftgmac100.h'], ['net/ftgmac100.s', 'net/x/ftgmac100.c']],
    ['a\\b', ['a\\b', 'a\\b.c'], ['ab']],
    ['*', ['a'], ['a/b']],
    ['*/', ['a/b', 'a/b/c'], ['a']],
  ];
  for (const [pattern, meant, other] of cases) {
    const file = await peopleFile('MAINTAINERS', ['ONE', 'M: a@x.org', `F: ${pattern} \r`]);
    const wrong = [
      ...meant.filter(path => namedIn(file, path) !== 'a@x.org'),
      ...other.filter(path => namedIn(file, path) !== ''),
    ];
    assert.deepEqual(wrong, [], pattern);
  }
});
