import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toMbox } from '../../src/delivery/compose.ts';
import type { ComposedMail } from '../../src/model/mail.ts';

const DATE = Date.UTC(2026, 10, 5, 1, 2, 3);

function mailOf(bytes: Buffer | string, from = 'bounces@example.org'): ComposedMail {
  return { envelope: { from, to: [] }, messageId: '<1@x>', subject: 'x', bytes: Buffer.from(bytes) };
}

test('a message begins with its sender and date and ends with a blank line', () => {
  assert.equal(
    toMbox(mailOf('Subject: x\n\nHello.\n'), DATE).toString(),
    'From bounces@example.org Thu Nov  5 01:02:03 2026\nSubject: x\n\nHello.\n\n',
  );
});

test('a message without a line end gets one', () => {
  assert.match(toMbox(mailOf('Subject: x\n\nHello.'), DATE).toString(), /\nHello\.\n\n$/);
});

test('a sender that is none, or would break the line, does not', () => {
  const firstLine = (from: string) => toMbox(mailOf('\n', from), DATE).toString().split('\n')[0];
  assert.equal(firstLine(''), 'From MAILER-DAEMON Thu Nov  5 01:02:03 2026');
  assert.equal(firstLine('a b\n@x'), 'From ab@x Thu Nov  5 01:02:03 2026');
});

test('lines that look like the beginning of a message are quoted, those that are quoted once more', () => {
  const text =
    'S: x\n\nFrom a\nFrom b\n>From c\n>>From d\n From e\nFrom:f\n> From g\nxFrom h\nfrom i\nFrom\n';
  const quoted =
    'S: x\n\n>From a\n>From b\n>>From c\n>>>From d\n From e\nFrom:f\n> From g\nxFrom h\nfrom i\nFrom\n';
  assert.equal(toMbox(mailOf(text), DATE).toString().split('\n').slice(1).join('\n'), `${quoted}\n`);
});

test('whatever the bytes, unquoting gives them back, and only the first line is a From line', () => {
  const line = fc.oneof(
    fc.constantFrom('From ', '>From x', '>>From ', 'From', '\r', ''),
    fc.uint8Array({ maxLength: 6 }).map(b => Buffer.from(b).toString('latin1')),
  );
  fc.assert(
    fc.property(fc.array(line), lines => {
      const bytes = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
      const [first, ...rest] = toMbox(mailOf(bytes), DATE).toString('latin1').split('\n');
      assert.match(first ?? '', /^From bounces@/);
      assert.equal(
        rest.some(one => one.startsWith('From ')),
        false,
      );
      const unquoted = rest.map(one => one.replace(/^>(>*From )/, '$1')).join('\n');
      assert.equal(unquoted, `${bytes.toString('latin1')}\n`);
    }),
  );
});
