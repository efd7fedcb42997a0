import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressesIn } from '../../src/model/address.ts';
import { trailerPeople } from '../../src/people/trailer-people.ts';
import { gitEnvironment } from '../fixtures/repository.ts';

function people(message: string, name = 'Reviewed-by'): string {
  return trailerPeople(message, name)
    .map(({ who }) => who)
    .join(' ');
}

const CASES: readonly (readonly [message: string, named: string])[] = [
  ['subject\n\nReviewed-by: Ann <ann@x.org>\n', 'ann@x.org'],
  [
    'subject\n\ntext\n\nreviewed-BY : ann@x.org # why\nReviewed-by: Bo <bo@x.org>, Cy <cy@x.org>',
    'ann@x.org bo@x.org cy@x.org',
  ],
  ['Reviewed-by: Ann <ann@x.org>', ''],
  ['Reviewed-by: Ann <ann@x.org>\n\ntext', ''],
  ['subject\nReviewed-by: Ann <ann@x.org>', ''],
  ['subject\n\ntext\nReviewed-by: Ann <ann@x.org>', ''],
  ['subject\n\ntext\nSigned-off-by: Bo <bo@x.org>\nReviewed-by: Ann <ann@x.org>', 'ann@x.org'],
  ['subject\n\nReviewed-by: Ann\n  <ann@x.org>\n', 'ann@x.org'],
  ['subject\n\nReviewed-by: Ann <ann@x.org>\n\n# a comment\n\n', 'ann@x.org'],
  ['subject\r\n\r\nReviewed-by: Ann <ann@x.org>\r\n', 'ann@x.org'],
  ['subject\n\nReviewed-by: Ann <ann@x.org>\n---\nx', ''],
  [
    'subject\n\nReviewed-by: Ann\nReviewed-by: <>\nReviewed-by: a@b@c, "x y"@z\nReviewed-by: ann at x.org',
    '',
  ],
  ['subject\n\nReviewed-by-me: Ann <ann@x.org>\nReviewed: Bo <bo@x.org>', ''],
  ['subject\n\nReviewed-by: Ann <ann@x.org>\nReviewed-by: A. <ann@x.org>', 'ann@x.org'],
];

for (const [message, named] of CASES) {
  test(`the people of ${JSON.stringify(message)} are ${named || 'none'}`, () => {
    assert.equal(people(message), named);
  });
}

test('git itself agrees what a trailer is', () => {
  const line = fc.constantFrom(
    'Reviewed-by: Ann <ann@x.org>',
    'reviewed-by:bo@x.org',
    'Reviewed-by \t: <cy@x.org>',
    'Reviewed-by:',
    'Signed-off-by: Di <di@x.org>',
    'Signed-off-by:ei@x.org',
    '(cherry picked from commit abc)',
    'text',
    'text: and more',
    'two words: Ei <ei@x.org>',
    ' goes on <fo@x.org>',
    '\t: gu@x.org',
    '# comment',
    ': colon',
    '---',
    '',
    '',
    ' \t',
  );
  const message = fc.array(line, { maxLength: 10 }).map(lines => lines.join('\n'));
  for (const one of fc.sample(message, { numRuns: 150, seed: 3 })) {
    const answer = execFileSync('git', ['interpret-trailers', '--parse', '--no-divider'], {
      input: `subject\n${one}\n`,
      env: gitEnvironment(),
      encoding: 'utf8',
    });
    const values = [...answer.matchAll(/^reviewed-by: ?(.*)$/gim)].map(([, value = '']) => value);
    assert.equal(
      people(`subject\n${one}\n`),
      [...new Set(values.flatMap(addressesIn))].join(' '),
      JSON.stringify(one),
    );
  }
});

test('a message of trailers alone names a thousand people at the most', () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `Reviewed-by: <a${at}@x.org>\n <b${at}@x.org>`);
  assert.equal(trailerPeople(`subject\n\n${lines.join('\n')}`, 'reviewed-by').length, 1000);
});
