import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { startSecureInbox } from '../fixtures/smtp-inbox.ts';
import { type Fault, startScripted } from '../fixtures/smtp-script.ts';

const TOKEN = 'ya29.hunter2';
const PASSWORD = 'hunter2 pass';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What EHLO offers, what there is to log in with, and the AUTH command that follows; or the words of what is in the way. */
const CHOICES: readonly (readonly [string, 'token' | 'password', string | RegExp])[] = [
  [
    'AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER',
    'token',
    `AUTH OAUTHBEARER ${base64(`n,a=git=3Dx,\u0001auth=Bearer ${TOKEN}\u0001\u0001`)}`,
  ],
  [
    'AUTH PLAIN LOGIN XOAUTH2',
    'token',
    `AUTH XOAUTH2 ${base64(`user=git=x\u0001auth=Bearer ${TOKEN}\u0001\u0001`)}`,
  ],
  ['AUTH=XOAUTH2', 'token', `AUTH XOAUTH2 ${base64(`user=git=x\u0001auth=Bearer ${TOKEN}\u0001\u0001`)}`],
  [
    'AUTH PLAIN LOGIN',
    'token',
    /lasting: .*offers no login that takes an OAuth2 token, only PLAIN, LOGIN \(see refpost\.smtpPasswordFile\)$/,
  ],
  ['AUTH LOGIN PLAIN', 'password', `AUTH PLAIN ${base64(`\0git=x\0${PASSWORD}`)}`],
  ['AUTH LOGIN', 'password', 'AUTH LOGIN'],
  ['AUTH PLAIN CRAM-MD5', 'password', 'AUTH CRAM-MD5'],
  [
    'AUTH XOAUTH2 GSSAPI',
    'password',
    /lasting: .*offers no login that takes a password, only XOAUTH2, GSSAPI \(see refpost\.smtpTokenCommand\)$/,
  ],
  ['AUTH', 'password', /lasting: .*, but the server offers no login$/],
  ['SIZE 1000', 'token', /lasting: .*, but the server offers no login$/],
];

test('of the logins that a server offers the best one is used that the secret is good for, and no other', async t => {
  for (const [extension, kind, comes] of CHOICES) {
    // What follows AUTH is not looked at here.
    const server = await startScripted(t, [{ at: 'AUTH', reply: '535 5.7.8 no' }], {
      extensions: [extension],
    });
    const sender = senderTo(t, server.port, {
      user: 'git=x',
      password: async () => (kind === 'password' ? PASSWORD : undefined),
      token: async () => (kind === 'token' ? TOKEN : undefined),
    });
    const attempt = inShort(await sender.send(outgoingMail()));
    const asked = server.commands.find(line => line.startsWith('AUTH'));
    if (comes instanceof RegExp) {
      assert.match(attempt, comes, extension);
      assert.equal(asked, undefined);
    } else assert.equal(asked, comes, extension);
    assert.doesNotMatch(attempt, /hunter2/);
  }
});

const ERROR = base64('{"status":"invalid_token"}');

const ANSWERS: readonly (readonly [string, readonly Fault[], RegExp, next?: string])[] = [
  ['it is taken', [], /^one sent/],
  [
    'it is refused at once',
    [{ at: 'AUTH', reply: `535 5.7.8 ${base64(`n,a=git,\u0001auth=Bearer ${TOKEN}\u0001\u0001`)} is wrong` }],
    /^unreachable, lasting: .*: login as git: 535 5\.7\.8 \*\*\* is wrong$/,
  ],
  [
    'the reason comes first, in JSON',
    [{ at: 'AUTH', reply: `334 ${ERROR}` }],
    /^unreachable, lasting: .*: login as git: 500 what\?$/,
    'AQ==',
  ],
  [
    'not now',
    [{ at: 'AUTH', reply: '454 4.7.0 later' }],
    /^unreachable: .*: login as git: 454 4\.7\.0 later$/,
  ],
  ['hung up', [{ at: 'AUTH', next: 'drop' }], /^unreachable: .*: login as git: Connection closed/],
  ['silence', [{ at: 'AUTH', next: 'hang' }], /^unreachable: .*: login as git: Timeout$/],
];

for (const [title, faults, comes, next] of ANSWERS) {
  test(`a login by a token: ${title}`, async t => {
    const server = await startScripted(t, faults, { extensions: ['AUTH OAUTHBEARER'] });
    const sender = senderTo(t, server.port, {
      user: 'git',
      token: async () => TOKEN,
      timeouts: { socket: 1000 },
    });
    const attempt = inShort(await sender.send(outgoingMail()));
    assert.match(attempt, comes);
    assert.doesNotMatch(attempt, /hunter2/);
    if (next !== undefined) assert.ok(server.commands.includes(next), server.commands.join(' '));
  });
}

test('a server that is not ours takes the token, over an encrypted connection', async t => {
  const inbox = await startSecureInbox(t, { tls: 'starttls', user: 'git@example.org', token: TOKEN });
  const sender = senderTo(t, inbox.port, {
    tls: 'opportunistic',
    user: 'git@example.org',
    token: async () => TOKEN,
  });
  assert.match(inShort(await sender.send(outgoingMail())), /^one sent/);
  assert.deepEqual(inbox.sessions, [{ encrypted: true, user: 'git@example.org' }]);
});

test('a token is asked for at each connection', async t => {
  const server = await startScripted(t, [{ at: 'DOT', reply: '250 ok', next: 'drop' }], {
    extensions: ['AUTH XOAUTH2'],
  });
  let asked = 0;
  const sender = senderTo(t, server.port, { user: 'git', token: async () => `token${++asked}` });
  await sender.send(outgoingMail(1));
  await sender.send(outgoingMail(2));
  const tokens = server.commands
    .filter(line => line.startsWith('AUTH'))
    .map(line => Buffer.from(line.split(' ')[2] ?? '', 'base64').toString());
  assert.deepEqual(
    tokens.map(text => /token\d/.exec(text)?.[0]),
    ['token1', 'token2'],
  );
});

test('a token goes over no unencrypted connection to another machine', async t => {
  const server = await startScripted(t, [], { extensions: ['AUTH XOAUTH2'] });
  const sender = senderTo(t, server.port, { host: '0.0.0.0', user: 'git', token: async () => TOKEN });
  assert.match(
    inShort(await sender.send(outgoingMail())),
    /lasting: .*refusing to send a token over an unencrypted/,
  );
});
