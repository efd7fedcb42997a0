import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { receivers } from '../../src/config/receivers.ts';
import { formatEffective } from '../../src/config/resolve-setting.ts';
import { type Setting, settings } from '../../src/config/settings.ts';
import { HOME } from '../fixtures/world.ts';
import { config, faults, read } from './reading.ts';

test('docs/receivers.md has a section for each, and every preset', () => {
  const page = readFileSync(join(HOME, 'docs', 'receivers.md'), 'utf8');
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title = '']) =>
    title.toLowerCase().replace(/ /g, ''),
  );
  for (const [name, { presets, untried }] of Object.entries(receivers)) {
    assert.ok(sections.includes(name), name);
    for (const [key, { value }] of Object.entries(presets))
      assert.match(page, new RegExp(`^\\|.*\`${name}\`.*\\| \`${key} = ${value}\` \\|`, 'm'));
    const section =
      page.split(/^## /m).find(text => text.toLowerCase().replace(/ /g, '').startsWith(name)) ?? '';
    assert.equal(/^[^\n]*\n\nNot tried\./.test(section), untried === true, name);
  }
});

const receiver = (value: string) => ({ key: 'refpost.receiver', value });

test('each preset is a right value of a setting that differs from its default, and has a reason', () => {
  for (const [name, { presets, there }] of Object.entries(receivers)) {
    assert.deepEqual(read([receiver(name)]).faults, [], name);
    assert.ok(there.length > 0, name);
    for (const [key, { value, reason }] of Object.entries(presets)) {
      const setting: Setting = settings[key as keyof typeof settings];
      assert.notEqual(value, setting.default, `${name}: ${key}`);
      assert.ok(setting.audience, `${name}: ${key}`);
      assert.match(reason, /^\S.*[^.]$/, `${name}: ${key}`);
    }
  }
});

test('a receiver is nothing but other defaults: a setting of its own wins, and an empty one brings the default of the receiver back', () => {
  const own = { key: 'refpost.maxsize', value: '20000' };
  assert.equal(config([receiver('mailman3')]).maxSize, 40_000);
  assert.equal(config([receiver('mailman3'), own]).maxSize, 20_000);
  assert.equal(config([own, receiver('Mailman3')]).maxSize, 20_000);
  assert.equal(config([own, receiver('mailman3'), { ...own, value: '' }]).maxSize, 40_000);
  assert.equal(config([receiver('mailman3'), receiver('none')]).maxSize, 90_000);
  assert.equal(config([receiver('mailman3')], 'refpost.receiver=none').maxSize, 90_000);
});

test('a receiver that drops automatic mail gets none that says so, and what is left out by a person is left out alone', () => {
  const omit = { key: 'refpost.omitheader', value: 'Precedence' };
  assert.deepEqual(config([receiver('sympa')]).omitHeader, ['Auto-Submitted']);
  assert.deepEqual(config([receiver('sympa'), omit]).omitHeader, ['Precedence']);
});

test('refpost config shows what a receiver sets, with the reason in the place of a file', () => {
  const shown = formatEffective(read([receiver('mailman3')]).effective);
  assert.match(shown, /^refpost\.maxSize = 40000 *\treceiver mailman3: the list holds mails over .*$/m);
  assert.match(shown, /^refpost\.oversize = truncate *\tdefault$/m);
});

test('an audience has the defaults of its own receiver, after what it or the plain section sets', () => {
  const docs = (key: string, value: string) => ({ key: `refpost.docs.${key}`, value });
  const plain = { key: 'refpost.maxsize', value: '20000' };
  const to = docs('to', 'docs@example.org');
  const sizes = (...entries: { key: string; value: string }[]) =>
    read([{ key: 'refpost.to', value: 'a@example.org' }, to, ...entries]).audiences.map(
      ({ config: { maxSize } }) => maxSize,
    );
  assert.deepEqual(sizes(docs('receiver', 'mailman3')), [90_000, 40_000]);
  assert.deepEqual(sizes(receiver('mailman3')), [40_000, 40_000]);
  assert.deepEqual(sizes(receiver('mailman3'), docs('receiver', 'none')), [40_000, 90_000]);
  assert.deepEqual(sizes(plain, docs('receiver', 'mailman3')), [20_000, 20_000]);
  assert.deepEqual(sizes(docs('receiver', 'mailman3'), docs('maxsize', '30000')), [90_000, 30_000]);
  const shown = formatEffective(read([to, docs('receiver', 'mailman3')]).effective);
  assert.match(shown, /^refpost\.docs\.maxSize = 40000 *\treceiver mailman3: /m);
  assert.doesNotMatch(formatEffective(read([to, receiver('mailman3')]).effective), /docs\.maxSize/);
  assert.match(
    faults([to, receiver('mailman3'), docs('oversize', 'attach')]),
    /refpost\.docs\.oversize = "attach"/,
  );
});

test('an attached patch contradicts a list that takes small mails, unless its limit is said', () => {
  const attach = { key: 'refpost.oversize', value: 'attach' };
  assert.match(
    faults([receiver('mailman3'), attach]),
    /refpost\.oversize = "attach" .*patches of 1048576 bytes come on top of the 40000 that mailman3 takes/,
  );
  assert.equal(
    config([receiver('mailman3'), attach, { key: 'refpost.maxsize', value: '30k' }]).maxSize,
    30 * 1024,
  );
});

test('a style sets defaults in the same way, with the reason, and an audience has those of its own style', () => {
  const style = { key: 'refpost.style', value: 'multimail' };
  const { summary, listId, threadIndex } = config([style]);
  assert.deepEqual([summary, listId, threadIndex], ['first', 'none', true]);
  assert.equal(config([style, { key: 'refpost.summary', value: 'last' }]).summary, 'last');
  assert.match(
    formatEffective(read([style]).effective),
    /^refpost\.summary = first *\tstyle multimail: its commit /m,
  );
  const [plain, docs] = read([
    { key: 'refpost.to', value: 'a@example.org' },
    { key: 'refpost.docs.to', value: 'b@example.org' },
    { key: 'refpost.docs.style', value: 'multimail' },
  ]).audiences;
  assert.deepEqual([plain?.config.summary, docs?.config.summary], ['last', 'first']);
  assert.match(
    faults([{ key: 'refpost.style', value: 'plain' }]),
    /refpost\.style .*apache, multimail, modern/,
  );
});
