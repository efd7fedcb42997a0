import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readPayload } from '../../src/poll/payload.ts';

const [A, B, NONE] = ['a'.repeat(40), 'b'.repeat(40), '0'.repeat(40)];
const read = (value: unknown, type = 'application/json') =>
  readPayload(Buffer.from(JSON.stringify(value)), type);

// By each host's documentation of its push event, cut to what is read.
const HUB = {
  ref: 'refs/heads/main',
  before: A,
  after: B,
  repository: { full_name: 'team/mig', clone_url: 'https://git.example.org/team/mig.git' },
};

test('of a push is read which repository it concerns, what moved, and who pushed', () => {
  const main = { ref: 'refs/heads/main', old: A, new: B, pusher: 'ada' };
  const cases = [
    [
      'GitHub',
      { ...HUB, pusher: { name: 'ada', email: 'ada@example.org' } },
      'https://git.example.org/team/mig.git',
      [main],
    ],
    [
      'Gitea',
      { ...HUB, pusher: { login: 'ada', full_name: 'Ada' } },
      'https://git.example.org/team/mig.git',
      [main],
    ],
    [
      'GitLab',
      {
        ...{ ref: 'refs/heads/main', before: A, after: B, user_username: 'ada', user_name: 'Ada' },
        project: { git_http_url: 'https://git.example.org/team/mig.git', path_with_namespace: 'team/mig' },
      },
      'https://git.example.org/team/mig.git',
      [main],
    ],
    [
      'Bitbucket Cloud',
      {
        actor: { nickname: 'ada', display_name: 'Ada' },
        repository: {
          full_name: 'team/mig',
          links: { html: { href: 'https://bitbucket.example.org/team/mig' } },
        },
        push: {
          changes: [
            {
              old: { type: 'branch', name: 'main', target: { hash: A } },
              new: { type: 'branch', name: 'main', target: { hash: B } },
            },
            { old: { type: 'tag', name: 'v1', target: { hash: A } }, new: null },
          ],
        },
      },
      'https://bitbucket.example.org/team/mig',
      [main, { ref: 'refs/tags/v1', old: A, new: NONE, pusher: 'ada' }],
    ],
    [
      'Bitbucket Data Center',
      {
        actor: { name: 'ada', displayName: 'Ada' },
        repository: {
          slug: 'mig',
          project: { key: 'TEAM' },
          links: { clone: [{ href: 'ssh://git@bb.example.org:7999/team/mig.git' }] },
        },
        changes: [{ refId: 'refs/heads/main', fromHash: A, toHash: B }],
      },
      'ssh://git@bb.example.org:7999/team/mig.git',
      [main],
    ],
    [
      'sourcehut',
      {
        data: {
          webhook: {
            pusher: { canonicalName: '~ada' },
            repository: { name: 'mig', owner: { canonicalName: '~ada' } },
            updates: [{ ref: { name: 'refs/heads/main' }, old: { id: A }, new: { id: B } }],
          },
        },
      },
      '~ada/mig',
      [{ ...main, pusher: '~ada' }],
    ],
  ] as const;
  for (const [host, body, where, updates] of cases) {
    const told = read(body);
    assert.ok([...(told?.addresses ?? []), ...(told?.names ?? [])].includes(where), host);
    assert.deepEqual(told?.updates, updates, host);
  }
});

test('a form has the JSON in its field payload', () => {
  const form = `payload=${encodeURIComponent(JSON.stringify(HUB))}`;
  assert.equal(readPayload(Buffer.from(form), 'application/x-www-form-urlencoded')?.updates.length, 1);
});

test('what is no move of a ref is left out', () => {
  for (const change of [
    { ref: '../x' },
    { ref: 'refs/heads/a b' },
    { after: 'HEAD' },
    { after: `${B}\n` },
    { before: NONE, after: NONE },
  ])
    assert.deepEqual(read({ ...HUB, ...change })?.updates, []);
  const named = read({ ...HUB, pusher: { name: 'ada\nGIT_DIR=/x' } });
  assert.deepEqual(
    named?.updates.map(update => update.pusher),
    [undefined],
  );
});

test('no body makes it fail', () => {
  assert.equal(readPayload(Buffer.from('{'), ''), undefined);
  assert.equal(readPayload(Buffer.from('[]'), ''), undefined);
  fc.assert(
    fc.property(
      fc.jsonValue(),
      value => void read({ ...HUB, repository: value, pusher: value, push: value }),
    ),
  );
  fc.assert(fc.property(fc.uint8Array(), bytes => void readPayload(Buffer.from(bytes), '')));
});
