import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { startSecureInbox } from '../fixtures/smtp-inbox.ts';
import { type Fault, startScripted } from '../fixtures/smtp-script.ts';

/** Leads to this machine as well, but is no loopback address by its looks. */
const ELSEWHERE = '0.0.0.0';

test('a login goes over an encrypted connection, or to this machine', async t => {
  const login = { user: 'git', password: 'pass word "ü' };
  for (const [tls, kind] of [
    ['implicit', 'smtps'],
    ['starttls', 'smtp'],
    ['none', 'smtp'],
  ] as const) {
    const inbox = await startSecureInbox(t, { tls, ...login });
    const sender = senderTo(t, inbox.port, {
      kind,
      tls: 'opportunistic',
      user: 'git',
      password: async () => login.password,
    });
    assert.match(inShort(await sender.send(outgoingMail())), /^one sent/);
    assert.deepEqual(inbox.sessions, [{ encrypted: tls !== 'none', user: 'git' }]);
  }
});

test('a refused login holds the queue, and the password is in no reply, even if the server says it', async t => {
  const inbox = await startSecureInbox(t, { tls: 'starttls', user: 'git', password: 'right' });
  const options = { tls: 'opportunistic', user: 'git', password: async () => 'hunter2  two' } as const;
  const reply = inShort(await senderTo(t, inbox.port, options).send(outgoingMail()));
  assert.equal(
    reply,
    `unreachable, lasting: smtp://127.0.0.1:${inbox.port}: login as git: 535 go away, *** is wrong`,
  );
});

test('no password goes over an unencrypted connection to another machine', async t => {
  const server = await startScripted(t, [], { extensions: ['AUTH PLAIN LOGIN'] });
  const login = { user: 'git', password: async () => 'hunter2' };
  for (const tls of ['opportunistic', 'off'] as const) {
    const attempt = inShort(
      await senderTo(t, server.port, { host: ELSEWHERE, tls, ...login }).send(outgoingMail()),
    );
    assert.match(
      attempt,
      /^unreachable, lasting: .*: refusing to send a password over an unencrypted connection/,
    );
  }
  assert.deepEqual(
    server.commands.filter(line => !line.startsWith('EHLO')),
    [],
  );
});

test('a login that cannot be had is said before a mail is offered', async t => {
  const server = await startScripted(t);
  const noPassword = await senderTo(t, server.port, { user: 'git' }).send(outgoingMail());
  assert.match(
    inShort(noPassword),
    /^unreachable, lasting: .*: refpost\.smtpUser is set, but there is no password for it$/,
  );
  assert.equal(server.connections, 0);
  const broken = { user: 'git', password: () => Promise.reject(new Error('hunter2')) };
  assert.match(
    inShort(await senderTo(t, server.port, broken).send(outgoingMail())),
    /: cannot read the password$/,
  );
  const noLogin = { user: 'git', password: async () => 'hunter2' };
  assert.match(
    inShort(await senderTo(t, server.port, noLogin).send(outgoingMail())),
    /, but the server offers no login$/,
  );
  assert.equal(server.received.length, 0);
});

const AUTH_FAULTS: readonly [Fault, RegExp][] = [
  [{ at: 'AUTH', reply: '535 5.7.8 wrong' }, /: login as git: 535 5\.7\.8 wrong$/],
  [{ at: 'AUTH', reply: '454 4.7.0 later' }, /: login as git: 454 4\.7\.0 later$/],
  [{ at: 'AUTH', reply: '421 bye', next: 'drop' }, /: login as git: 421 bye$/],
  [
    { at: 'AUTH', reply: `535 AHVzZXI= ${Buffer.from('\0git\0hunter2').toString('base64')}` },
    /: 535 AHVzZXI= \*\*\*$/,
  ],
  [{ at: 'AUTH', next: 'drop' }, /: login as git: Connection closed unexpectedly$/],
  [{ at: 'AUTH', next: 'hang' }, /: login as git: Timeout$/],
];

test('each fault of a login', { concurrency: 4 }, async t => {
  await Promise.all(
    AUTH_FAULTS.map(([fault, comes]) =>
      t.test(fault.reply ?? fault.next ?? '', async t => {
        const server = await startScripted(t, [fault], { extensions: ['AUTH PLAIN'] });
        const options = { user: 'git', password: async () => 'hunter2', timeouts: { socket: 1500 } };
        const attempt = inShort(await senderTo(t, server.port, options).send(outgoingMail()));
        assert.match(attempt, comes);
        assert.match(attempt, /^unreachable/);
      }),
    ),
  );
});
