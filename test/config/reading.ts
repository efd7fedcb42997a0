import assert from 'node:assert/strict';
import { configError } from '../../src/config/config-fault.ts';
import { parseListing, parseOverride } from '../../src/config/listing.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { Config } from '../../src/model/config.ts';
import { type Listed, listing } from './listing.ts';

/** What these values, and these arguments of -c, come to. */
export function read(entries: readonly Listed[], ...overrides: string[]) {
  return readConfig(parseListing(listing(...entries)), overrides.map(parseOverride), '/home/git');
}

/** The configuration, where nothing may be wrong. */
export function config(entries: readonly Listed[], ...overrides: string[]): Config {
  const reading = read(entries, ...overrides);
  if (reading.faults.length > 0) throw configError(reading.faults);
  return reading.config;
}

/** What an operator is told, where something must be wrong. */
export function faults(entries: readonly Listed[], ...overrides: string[]): string {
  const reading = read(entries, ...overrides);
  assert.ok(reading.faults.length > 0, 'nothing is found to be wrong');
  return configError(reading.faults).message;
}
