import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands.ts';
import { settings } from '../../src/config/settings.ts';
import { readText } from '../fixtures/read-text.ts';
import { HOME } from '../fixtures/world.ts';

const page = join(HOME, 'docs', 'refpost.1');

test('the manual page has every command and every setting', () => {
  const text = readText(page).replaceAll('\\-', '-');
  for (const { name } of commands) assert.ok(text.includes(`.SS refpost ${name}`), name);
  for (const key of Object.keys(settings)) assert.ok(text.includes(`refpost.${key}`), key);
});

test('mandoc finds nothing wrong with the manual page', t => {
  const lint = spawnSync('mandoc', ['-Tlint', '-Wstyle', page], { encoding: 'utf8' });
  if (lint.error) return t.skip('mandoc is not here');
  assert.equal(lint.stdout, '');
});
