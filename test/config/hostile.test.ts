import { test } from 'node:test';
import fc from 'fast-check';
import { configError } from '../../src/config/config-fault.ts';
import { parseListing } from '../../src/config/listing.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { settings } from '../../src/config/settings.ts';
import { listing } from './listing.ts';

test('whatever keys and values git lists, there is a configuration or a list of faults', () => {
  const known = Object.keys(settings).map(key => `refpost.${key.toLowerCase()}`);
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-composite' }));
  const clean = anyText.map(text => text.replaceAll('\0', ''));
  const telling = fc.constantFrom(...'a@b|,|<|>|@| |\n|5|k|smtp://|https://|/|~|:|['.split('|'));
  const value = fc.oneof(
    clean,
    fc.array(telling).map(pieces => pieces.join('')),
  );
  const key = fc.oneof(
    fc.constantFrom(...known),
    clean.map(text => `refpost.${text.replaceAll('\n', '')}`),
  );
  const entry = fc.record({ key, value: fc.option(value, { nil: undefined }), origin: clean });
  const override = fc.record({ key: fc.oneof(key, clean), value });
  fc.assert(
    fc.property(fc.array(entry), fc.array(override), (entries, overrides) => {
      const listed = entries.map(({ key, value, origin }) => ({
        key,
        origin,
        ...(value === undefined ? {} : { value }),
      }));
      const reading = readConfig(parseListing(listing(...listed)), overrides, '/home/git');
      if (reading.faults.length === 0) return reading.config.to.every(address => /^[^\s,<>]+$/.test(address));
      const lines = configError(reading.faults).message.split('\n');
      return lines.length === reading.faults.length + 1 && !lines.some(line => /\p{Cc}/u.test(line));
    }),
    { numRuns: 1000 },
  );
});

test('bytes of any kind as a value are a fault or a value', () => {
  fc.assert(
    fc.property(fc.constantFrom('from', 'reponame', 'spool', 'to'), fc.uint8Array(), (name, bytes) => {
      const value = Buffer.from(bytes.filter(byte => byte !== 0));
      const head = Buffer.from(`local\0file:config\0refpost.${name}\n`);
      const reading = readConfig(
        parseListing(Buffer.concat([head, value, Buffer.from('\0')])),
        [],
        undefined,
      );
      return reading.faults.length > 0 || !JSON.stringify(reading.config).includes('\uFFFD');
    }),
  );
});
