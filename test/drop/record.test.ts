import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatRecord, parseRecord, type ReadRecord, recordOf } from '../../src/drop/record.ts';
import type { Push } from '../../src/model/push.ts';

const ID = '20261122T113000-9f86d081';
const [A, B, ZERO] = ['a'.repeat(40), 'b'.repeat(40), '0'.repeat(40)];
const push: Push = {
  kind: 'push',
  id: ID,
  repository: '/srv/git/mesos.git',
  time: 1795348757000,
  updates: [{ ref: 'refs/heads/main', old: A, new: B }],
  options: ['ci.skip'],
  environment: { GL_USER: 'ada' },
  overrides: [],
};

function read(bytes: Buffer | string): ReadRecord {
  const result = parseRecord(ID, Buffer.from(bytes));
  assert.ok('push' in result, 'fault' in result ? result.fault : '');
  return result;
}

function faultOf(bytes: Buffer | string): string {
  const result = parseRecord(ID, Buffer.from(bytes));
  return 'fault' in result ? result.fault : 'no fault';
}

/** One of the two copies in a record. */
function copyOf(one: Push): string {
  const text = formatRecord(one).toString();
  return text.slice(0, text.length / 2);
}

test('a record is text that a person can read, twice', () => {
  const text = `refpost-push 1
repository /srv/git/mesos.git
time 1795348757
kind notify
env GL_USER=ada
option ci.skip
setting refpost.maxMails=5

${A} ${B} refs/heads/main
`;
  const overrides = [{ key: 'refpost.maxMails', value: '5' }];
  assert.equal(formatRecord({ ...push, kind: 'notify', overrides }).toString(), text + text);
});

test('a record gives back the push that was stored', () => {
  const anything = fc.string({
    unit: fc.oneof(fc.constantFrom('\n', ' ', '=', '\r', '\x1b'), fc.string({ unit: 'grapheme' })),
  });
  const ids = fc.constantFrom([A, B], [ZERO, A], [B, ZERO], ['c'.repeat(64), '0'.repeat(64)]);
  const refs = fc.constantFrom(
    'refs/heads/main',
    'refs/heads/größe',
    'refs/tags/v1',
    'refs/x/\\xE9t\\xE9',
    'refs/x/voilà',
    'refs/heads/日本',
  );
  const pushes = fc.record<Push>(
    {
      kind: fc.constantFrom('push', 'notify'),
      id: fc.constant(ID),
      repository: anything.map(path => `/${path}`),
      time: fc.nat().map(seconds => seconds * 1000),
      updates: fc.array(
        fc.tuple(ids, refs).map(([[old = A, fresh = B], ref]) => ({ ref, old, new: fresh })),
        { minLength: 1 },
      ),
      options: fc.array(anything),
      environment: fc.dictionary(fc.constantFrom('USER', 'GL_REPO', 'REMOTE_USER'), anything, {
        noNullPrototype: true,
      }),
      overrides: fc.array(
        fc.record(
          { key: fc.constantFrom('refpost.to', 'refpost.from'), value: anything },
          { noNullPrototype: true },
        ),
      ),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(pushes, one => {
      assert.deepEqual(read(formatRecord(one)), { push: one, complaints: [] });
    }),
  );
});

test('a record says what is to be sent again, and one that says it wrongly is a fault', () => {
  const all = { push: '20261122T113000-9f86d081', commit: A, to: 'ann@example.org' };
  for (const resend of [{}, all, { commit: A }, { to: 'größe@example.org' }]) {
    const asked = { ...push, kind: 'notify', resend } as const;
    assert.deepEqual(read(formatRecord(asked)), { push: asked, complaints: [] });
  }
  for (const wrong of [
    { to: 'a@example.org,b' },
    { to: 'a\nb@example.org' },
    { commit: '--all' },
    { push: '../x' },
  ]) {
    const record = parseRecord(ID, formatRecord({ ...push, kind: 'notify', resend: wrong }));
    assert.deepEqual(record, { fault: 'it does not say rightly what is to be sent again' });
  }
});

test('a value with line ends forges no header', () => {
  const value = `x\nrepository /etc\n\n${ZERO} ${ZERO} refs/heads/evil`;
  const { push: back } = read(formatRecord({ ...push, options: [value], environment: { USER: value } }));
  assert.deepEqual(back, { ...push, options: [value], environment: { USER: value } });
});

test('unreadable update lines cost themselves and are complained about', () => {
  const good = `${A} ${B} refs/heads/main`;
  const bad = [
    'nonsense',
    `${A} ${B} HEAD`,
    `${A} ${B}`,
    `${A} ${B} refs/heads/a b`,
    `${A} ${B} refs/heads/a\x1b[31m`,
    `${A} ${B} refs/heads/\\x41`,
    `${A} ${B} refs/heads/../../config`,
    `${A} ${B} refs/`,
    `${A} ${'b'.repeat(64)} refs/heads/two-lengths`,
    `${A.slice(1)} ${B.slice(1)} refs/heads/short`,
    `${A} ${'B'.repeat(40)} refs/heads/upper`,
    `${ZERO} ${ZERO} refs/heads/nothing`,
    `--output=x ${B} refs/heads/main`,
  ];
  const { push: back, complaints } = read(recordOf(push, Buffer.from([...bad, good, ''].join('\n'))));
  assert.deepEqual(back.updates, push.updates);
  assert.equal(complaints.length, bad.length);
  assert.match(complaints.join('\n'), /^[ -~\n]+$/, 'nothing that a terminal would act upon');
});

test('a record that was cut short or has a bit flipped anywhere is a fault, or it gives the push as it was', () => {
  const whole = formatRecord({
    ...push,
    updates: [...push.updates, { ref: 'refs/heads/x', old: A, new: B }],
  });
  const { push: was } = read(whole);
  const readable = (bytes: Buffer) => {
    const result = parseRecord(ID, bytes);
    if ('push' in result) assert.deepEqual(result, { push: was, complaints: [] });
    return 'push' in result;
  };
  const cuts = Array.from(whole.keys(), length => readable(whole.subarray(0, length)));
  assert.equal(cuts.indexOf(true), whole.length / 2 + 'refpost-push 1\n'.length);
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    const damaged = Buffer.from(whole);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.ok(!readable(damaged), `bit ${bit}`);
  }
});

test('input of the hook whose last line end is missing is whole all the same', () => {
  assert.deepEqual(read(recordOf(push, Buffer.from(`${A} ${B} refs/heads/main`))).push, push);
});

test('a ref that is not UTF-8 keeps every byte of its name', () => {
  const line = Buffer.concat([Buffer.from(`${A} ${B} refs/heads/caf`), Buffer.from([0xe9, 0x0a])]);
  const { push: back } = read(recordOf(push, line));
  assert.equal(back.updates[0]?.ref, 'refs/heads/caf\\xE9');
  assert.deepEqual(formatRecord(back), recordOf(push, line));
});

test('what is no record is a fault that says why', () => {
  const text = copyOf(push);
  const cases: readonly (readonly [RegExp, string])[] = [
    [/first line/, ''],
    [/first line/, 'refpost-push 2\n\n'],
    [/first line/, '\0'.repeat(200)],
    [/no empty line/, `${text.slice(0, 40)}\n`],
    [/repository/, text.replace(/repository .*\n/, '')],
    [/repository/, text.replace('/srv', 'srv')],
    [/time/, text.replace(/time .*/, 'time soon')],
    [/time/, text.replace(/time .*\n/, '')],
    [/kind/, text.replace('kind push', 'kind shove')],
    [/names no ref/, text.slice(0, text.indexOf(A))],
    [/not a line of .*nonsense/, text.replace(A, 'nonsense')],
  ];
  for (const [reason, copy] of cases) assert.match(faultOf(copy + copy), reason);
  assert.match(faultOf(text), /second copy/);
  const latin1 = text.replace('mesos', 'caf\xe9');
  assert.match(faultOf(Buffer.from(latin1 + latin1, 'latin1')), /UTF-8/);
});

test('headers that a later version may add are passed over', () => {
  const copy = copyOf(push).replace('kind push\n', 'kind push\nweather fine\n');
  assert.deepEqual(read(copy + copy).push, push);
});

test('no bytes make the reader throw', () => {
  const record = formatRecord(push);
  fc.assert(
    fc.property(fc.uint8Array(), bytes => {
      parseRecord(ID, Buffer.from(bytes));
    }),
  );
  fc.assert(
    fc.property(fc.nat(record.length - 1), fc.nat(255), (at, byte) => {
      const damaged = Buffer.from(record);
      damaged[at] = byte;
      parseRecord(ID, damaged);
    }),
  );
});

test('refs in a namespace are read by their full names, and the identity of the repository is kept', () => {
  const line = Buffer.from(`${ZERO} ${A} refs/heads/main\n`);
  const { push: found } = read(recordOf({ ...push, identity: '0123456789abcdef' }, line, 'a//b/'));
  assert.equal(found.identity, '0123456789abcdef');
  const ref = 'refs/namespaces/a/refs/namespaces/b/refs/heads/main';
  assert.deepEqual(found.updates, [{ ref, old: ZERO, new: A }]);
  const { push: again } = read(formatRecord(found));
  assert.deepEqual(again, found);
});
