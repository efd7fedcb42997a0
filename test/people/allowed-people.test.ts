import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Allowance, allowedPeople } from '../../src/people/allowed-people.ts';

const ALLOWANCE: Allowance = {
  personDomains: ['example.org', '*.example.net', 'xn--bcher-kva.example'],
  groups: new Map([
    ['@Example/Core', ['ann@example.org', 'zoe@elsewhere.example']],
    ['@none', []],
  ]),
  most: 10,
};

function decide(words: readonly string[], allowance: Allowance = ALLOWANCE) {
  const { kept, dropped } = allowedPeople(
    words.map(who => ({ who, why: 'CODEOWNERS line 1: *' })),
    allowance,
  );
  return [
    kept.map(({ who }) => who).join(' '),
    dropped.map(({ who, reason }) => `${who} ${reason}`).join(', '),
  ];
}

test('people are allowed by their domains, or because the administrator has a group of that name', () => {
  const cases: readonly (readonly [words: readonly string[], kept: string, dropped: string])[] = [
    [['ann@example.org'], 'ann@example.org', ''],
    [['ann@EXAMPLE.org'], 'ann@EXAMPLE.org', ''],
    [['ann@lists.example.org'], '', 'ann@lists.example.org domain'],
    [['ann@lists.example.net', 'bo@a.b.EXAMPLE.net'], 'ann@lists.example.net bo@a.b.EXAMPLE.net', ''],
    [['ann@example.net', 'bo@myexample.net'], '', 'ann@example.net domain, bo@myexample.net domain'],
    [['ann@example.org.evil.example', 'a@org'], '', 'ann@example.org.evil.example domain, a@org domain'],
    [['ann@xn--bcher-kva.example'], 'ann@xn--bcher-kva.example', ''],
    [['@example/core'], 'ann@example.org zoe@elsewhere.example', ''],
    [['@nobody', '@example', '@none'], '', '@nobody handle, @example handle'],
    [
      ['@EXAMPLE/CORE', 'ann@EXAMPLE.ORG', 'Ann@example.org'],
      'ann@example.org zoe@elsewhere.example Ann@example.org',
      '',
    ],
  ];
  for (const [words, kept, dropped] of cases) assert.deepEqual(decide(words), [kept, dropped]);
});

test('more than the most are left out, the last ones, and nobody else', () => {
  const two = { ...ALLOWANCE, most: 2 };
  const words = [
    'a@evil.example',
    'a@example.org',
    'a@EXAMPLE.org',
    '@example/core',
    'a@example.org',
    'b@example.org',
  ];
  assert.deepEqual(decide(words, two), [
    'a@example.org ann@example.org',
    'a@evil.example domain, zoe@elsewhere.example most, b@example.org most',
  ]);
  assert.deepEqual(decide(['a@example.org'], { ...ALLOWANCE, most: 0 }), ['', 'a@example.org most']);
});

test('somebody of a group is kept with the handle that names them', () => {
  const { kept } = allowedPeople([{ who: '@example/core', why: 'CODEOWNERS line 1: *' }], ALLOWANCE);
  assert.deepEqual(kept[0], { who: 'ann@example.org', why: 'CODEOWNERS line 1: * (@example/core)' });
});
