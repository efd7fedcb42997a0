import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { isRefName } from '../../src/model/push.ts';

const NAMES = [
  ...[
    'refs/heads/main',
    'refs/heads/a/b',
    'refs/heads/größe',
    'refs/heads/a.b',
    'refs/heads/a@b',
    'refs/heads/@',
    'refs/x',
  ],
  ...[
    'refs/heads/my branch',
    'refs/heads/',
    'refs//x',
    'refs/heads/.a',
    'refs/heads/a.lock',
    'refs/heads/a.lock/b',
  ],
  ...[
    'refs/heads/a..b',
    'refs/heads/a.',
    'refs/heads/a@{1}',
    'refs/heads/a~1',
    'refs/heads/a^',
    'refs/heads/a:b',
  ],
  ...[
    'refs/heads/a?',
    'refs/heads/a*',
    'refs/heads/a[b',
    'refs/heads/a\\b',
    'refs/heads/a\tb',
    'refs/heads/a\n',
    'refs',
    'refs/',
  ],
];

test('a name is one of a ref where git check-ref-format says so', () => {
  for (const name of NAMES) {
    let legal = true;
    try {
      execFileSync('git', ['check-ref-format', name], { stdio: 'ignore' });
    } catch {
      legal = false;
    }
    assert.equal(isRefName(name), legal, JSON.stringify(name));
  }
});
