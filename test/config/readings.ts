import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ValueType } from '../../src/config/value-type.ts';

/** Texts that a type must take, each with its value, and texts that it must refuse, each with what it must say. */
export interface Cases {
  readonly type: ValueType<unknown>;
  readonly good: readonly (readonly [text: string, value: unknown])[];
  readonly bad: readonly (readonly [text: string, wrong: RegExp])[];
}

/** One test for each type of the table. */
export function testReadings(cases: Readonly<Record<string, Cases>>): void {
  for (const [name, { type, good, bad }] of Object.entries(cases)) {
    test(`${name}: every right form is read, and every wrong one refused`, () => {
      for (const [text, value] of good) assert.deepEqual(type.read(text, '/home/git'), { value }, text);
      for (const [text, wrong] of bad) {
        const reading = type.read(text, '/home/git');
        assert.ok('wrong' in reading, `${text} is taken for good`);
        assert.match(reading.wrong, wrong, text);
      }
    });
  }
}

/** Whatever is wrong with this text, it may hold a password: it must be marked, and not be repeated in what is said. */
export function assertSecret(type: ValueType<unknown>, text: string): void {
  const reading = type.read(text, '/home/git');
  assert.ok('wrong' in reading && reading.secret, text);
  assert.doesNotMatch(reading.wrong, /hunter2/);
}
