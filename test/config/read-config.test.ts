import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseListing, parseOverride } from '../../src/config/listing.ts';
import { EX } from '../../src/errors.ts';
import { config } from './reading.ts';

test('without any setting, all have their defaults', () => {
  const { to, from, refs, excludeRefs, merges, maxMails, maxSize, keepDays, retry, tls, worker, transport } =
    config([{ key: 'core.bare', value: 'true' }]);
  assert.deepEqual(
    { to, from, refs, excludeRefs, merges, maxMails, maxSize, keepDays, retry, tls, worker, transport },
    {
      to: [],
      from: undefined,
      refs: ['refs/heads', 'refs/tags'],
      excludeRefs: [],
      merges: true,
      maxMails: 50,
      maxSize: 90_000,
      keepDays: 14,
      retry: { firstWait: 300_000, maxWait: 14_400_000, giveUpAfter: 432_000_000 },
      tls: 'verify',
      worker: 'hook',
      transport: undefined,
    },
  );
});

test('truth values are those of git, and a key without "=" is true', () => {
  const merges = (value: string | undefined) =>
    config([{ key: 'refpost.merges', ...(value === undefined ? {} : { value }) }]).merges;
  assert.deepEqual(['no', 'off', 'false', '0'].map(merges), [false, false, false, false]);
  assert.deepEqual(['yes', 'on', 'TRUE', '1', undefined].map(merges), [true, true, true, true, true]);
  assert.throws(() => merges('perhaps'), /neither true nor false/);
});

test('of several values the last one counts, and blanks around it do not', () => {
  const entries = [
    { key: 'refpost.maxmails', value: '5' },
    { key: 'refpost.maxmails', value: ' 7 ' },
  ];
  assert.equal(config(entries).maxMails, 7);
  assert.equal(config(entries, 'refpost.maxMails=9', 'REFPOST.MAXMAILS=11').maxMails, 11);
});

test('recipients add up over all scopes, each once', () => {
  const entries = [
    { key: 'refpost.to', value: 'a@example.org, b@example.org' },
    { key: 'refpost.to', value: 'c@example.org\nb@EXAMPLE.org' },
    { key: 'refpost.to', value: 'A@example.org' },
  ];
  const to = config(entries).to.map(address => address.toLowerCase());
  assert.deepEqual(to, ['a@example.org', 'b@example.org', 'c@example.org', 'a@example.org']);
});

test('an empty value drops the recipients before it', () => {
  const entries = [
    { key: 'refpost.to', value: 'a@example.org' },
    { key: 'refpost.to', value: '' },
  ];
  assert.deepEqual(config(entries).to, []);
  assert.deepEqual(config([...entries, { key: 'refpost.to', value: 'b@example.org' }]).to, ['b@example.org']);
});

test('an empty value brings the default back', () => {
  const entries = [
    { key: 'refpost.maxmails', value: '5' },
    { key: 'refpost.linkbase', value: 'https://git.example.org' },
    { key: 'refpost.maxmails', value: '' },
    { key: 'refpost.linkbase', value: '  ' },
  ];
  assert.equal(config(entries).maxMails, 50);
  assert.equal(config(entries).linkBase, undefined);
});

test('recipients given for one run take the place of the configured ones', () => {
  const entries = [{ key: 'refpost.to', value: 'list@example.org' }];
  const to = config(entries, 'refpost.to=me@example.org', 'refpost.to=you@example.org').to;
  assert.deepEqual(to, ['me@example.org', 'you@example.org']);
});

test('a wrong value that is overridden does no harm', () => {
  const entries = [
    { key: 'refpost.maxmails', value: 'many' },
    { key: 'refpost.to', value: 'nobody' },
    { key: 'refpost.to', value: '' },
  ];
  assert.equal(config(entries, 'refpost.maxMails=3').maxMails, 3);
});

test('an override needs an equals sign, and only the first one parts key and value', () => {
  assert.deepEqual(parseOverride('refpost.linkBase=a=b'), { key: 'refpost.linkBase', value: 'a=b' });
  for (const text of ['refpost.to', '=x', '']) {
    assert.throws(() => parseOverride(text), { name: 'OperatorError', exitCode: EX.USAGE });
  }
});

test('what is not a whole listing is a bug, not a configuration', () => {
  for (const text of ['local\0file:config\0', 'local\0file:config\0refpost.to\na@example.or', 'x']) {
    assert.throws(() => parseListing(text), /not a whole listing/);
  }
  assert.deepEqual(parseListing(''), []);
});
