import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIdent } from '../../src/git/ident.ts';

const DATE = '1704110400 +0100';
const SHOWN = 'Mon Jan 1 13:00:00 2024 +0100';

test('the line of an author is read as git reads it', () => {
  const cases: [line: string, name: string, email: string, date: string][] = [
    [`Ada <ada@example.org> ${DATE}`, 'Ada', 'ada@example.org', SHOWN],
    [`<ada@example.org> ${DATE}`, '', 'ada@example.org', SHOWN],
    [`Ada<ada@example.org> ${DATE}`, 'Ada', 'ada@example.org', SHOWN],
    [`Ada <> ${DATE}`, 'Ada', '', SHOWN],
    ['Ada <ada@example.org>', 'Ada', 'ada@example.org', ''],
    ['Ada <ada@example.org> -14182980 +0000', 'Ada', 'ada@example.org', 'Sun Jul 20 20:17:00 1969 +0000'],
    ['Ada <ada@example.org> 1704110400', 'Ada', 'ada@example.org', ''],
    ['Ada <ada@example.org> yesterday +0100', 'Ada', 'ada@example.org', ''],
    [`Ada <ada@example.org> ${'9'.repeat(400)} +0000`, 'Ada', 'ada@example.org', ''],
    [`Ada <ada@<example>.org> ${DATE}`, 'Ada', 'ada@<example', SHOWN],
  ];
  for (const [line, name, email, date] of cases)
    assert.deepEqual(parseIdent(line), { name, email, date }, line);
  for (const line of ['', 'Ada', `Ada ${DATE}`, 'Ada <ada', '> Ada <'])
    assert.equal(parseIdent(line), undefined, line);
});

test('a name of a thousand bytes is whole, a longer one cut between two characters', () => {
  const name = (text: string) => parseIdent(`${Buffer.from(text).toString('latin1')} <a>`)?.name;
  assert.equal(name('👩'.repeat(250)), '👩'.repeat(250));
  assert.equal(name(`x${'👩'.repeat(250)}`), `x${'👩'.repeat(249)}…`);
});

test('a line of brackets alone is passed over at once', () => {
  for (const sign of ['<', '>', '<>', ' <', '> 1']) {
    const line = sign.repeat(1_000_000);
    const { name = '', email = '' } = parseIdent(line) ?? {};
    assert.ok(name.length <= 1001 && email.length <= 1001, sign);
  }
});
