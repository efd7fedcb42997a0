import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeForWire } from '../../src/delivery/compose.ts';
import { decodeMail } from '../../src/delivery/decode.ts';
import { resent } from '../../src/delivery/resent.ts';
import type { Mail } from '../../src/model/mail.ts';
import { PLAIN } from './sample-mail.ts';

const AGAIN = { push: '20261127T120000-00c0ffee', later: 3_600_000 };

function fieldsOf(mail: Partial<Mail>, to?: string) {
  const first = composeForWire({ ...PLAIN, ...mail });
  const signed = {
    ...first,
    bytes: Buffer.concat([Buffer.from('DKIM-Signature: v=1;\n b=abc\n'), first.bytes]),
  };
  const again = resent(signed, { ...AGAIN, ...(to === undefined ? {} : { to }) });
  const { headers, text } = decodeMail(again.bytes);
  assert.equal(text, decodeMail(first.bytes).text);
  for (const line of again.bytes.toString('latin1').split('\n\n')[0]?.split('\n') ?? [])
    assert.ok(line.length <= 78 || !line.includes('=?'), line);
  return { first, again, field: (name: string) => headers.find(([found]) => found === name)?.[1] };
}

test('a mail that is sent again says so, answers the first one, and is otherwise the same', () => {
  const { first, again, field } = fieldsOf({ inReplyTo: '<thread@host>', cc: ['cc@example.org'] });
  assert.equal(field('Subject'), `[resent] ${PLAIN.subject}`);
  assert.equal(again.subject, field('Subject'));
  assert.equal(again.messageId, field('Message-ID'));
  assert.notEqual(again.messageId, first.messageId);
  assert.equal(field('In-Reply-To'), first.messageId);
  assert.equal(field('References'), `<thread@host> ${first.messageId}`);
  assert.equal(Date.parse(field('Date') ?? ''), PLAIN.date + AGAIN.later);
  assert.equal(Date.parse(field('X-Git-Resent') ?? ''), PLAIN.date);
  assert.equal(field('DKIM-Signature'), undefined);
  assert.equal(field('Cc'), 'cc@example.org');
  assert.deepEqual(again.envelope, first.envelope);
});

test('a mail that is sent again to one address names no other', () => {
  const { again, field } = fieldsOf({ cc: ['cc@example.org'] }, 'ann@example.org');
  assert.deepEqual([field('To'), field('Cc')], ['ann@example.org', undefined]);
  assert.deepEqual(again.envelope, { ...PLAIN.envelope, to: ['ann@example.org'] });
});

test('a mail that was made anew answers none that nobody has, but the one that starts the thread of the new ones', () => {
  const again = (mail: Partial<Mail>) => {
    const made = resent(composeForWire({ ...PLAIN, ...mail }), { push: AGAIN.push });
    const { headers } = decodeMail(made.bytes);
    const field = (name: string) => headers.find(([found]) => found === name)?.[1];
    return {
      id: made.messageId,
      parent: field('In-Reply-To'),
      references: field('References'),
      mark: field('X-Git-Resent'),
    };
  };
  const { inReplyTo: _, ...first } = { ...PLAIN, messageId: '<1.push@example.org>' };
  const bytes = composeForWire(first);
  const start = resent(bytes, { push: AGAIN.push });
  const second = again({});
  assert.doesNotMatch(start.bytes.toString(), /^(?:In-Reply-To|References):/m);
  assert.deepEqual([second.parent, second.references], [start.messageId, start.messageId]);
  assert.equal(second.mark, 'made anew');
});

test('any subject can be marked, once', () => {
  for (const subject of ['häß '.repeat(40), 'x'.repeat(950), 'word '.repeat(39), '=?utf-8?q?no?=']) {
    const { first, again, field } = fieldsOf({ subject });
    const named = decodeMail(first.bytes).headers.find(([name]) => name === 'Subject')?.[1];
    assert.equal(field('Subject'), `[resent] ${named}`);
    const twice = resent(again, { ...AGAIN, push: 'another' });
    assert.ok(!twice.subject.startsWith('[resent] [resent]'));
    assert.notEqual(twice.messageId, again.messageId);
  }
  assert.equal(fieldsOf({ subject: '' }).field('Subject'), undefined);
});
