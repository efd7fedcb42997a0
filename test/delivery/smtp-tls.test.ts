import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { TlsPolicy } from '../../src/model/config.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { CERTIFICATE } from '../fixtures/smtp-certificate.ts';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { type SecureOptions, startSecureInbox } from '../fixtures/smtp-inbox.ts';
import { type Fault, startScripted } from '../fixtures/smtp-script.ts';

/** Leads to this machine as well, but is no loopback address by its looks. */
const ELSEWHERE = '0.0.0.0';
const HERE = '127.0.0.1';
const UNTRUSTED =
  /^unreachable, lasting: smtps?:\/\/\S+: no encrypted connection: self-signed certificate \(see refpost\.caFile and refpost\.tls\)$/;

interface Case {
  readonly server: SecureOptions['tls'];
  readonly policy: TlsPolicy;
  readonly host: string;
  readonly comes: 'encrypted' | 'plain' | RegExp;
}

const CASES: readonly Case[] = [
  { server: 'implicit', policy: 'verify', host: ELSEWHERE, comes: UNTRUSTED },
  { server: 'implicit', policy: 'verify', host: HERE, comes: UNTRUSTED },
  { server: 'implicit', policy: 'opportunistic', host: ELSEWHERE, comes: 'encrypted' },
  { server: 'implicit', policy: 'off', host: ELSEWHERE, comes: 'encrypted' },
  { server: 'starttls', policy: 'verify', host: ELSEWHERE, comes: UNTRUSTED },
  { server: 'starttls', policy: 'verify', host: HERE, comes: 'encrypted' },
  { server: 'starttls', policy: 'opportunistic', host: ELSEWHERE, comes: 'encrypted' },
  { server: 'starttls', policy: 'off', host: ELSEWHERE, comes: 'plain' },
  {
    server: 'none',
    policy: 'verify',
    host: ELSEWHERE,
    comes:
      /^unreachable, lasting: .*: the server offers no encryption: 5\d\d .* to STARTTLS \(see refpost\.tls\)$/,
  },
  { server: 'none', policy: 'verify', host: HERE, comes: 'plain' },
  { server: 'none', policy: 'opportunistic', host: ELSEWHERE, comes: 'plain' },
  { server: 'none', policy: 'off', host: ELSEWHERE, comes: 'plain' },
];

test('each policy, towards this machine and towards others', { concurrency: 4 }, async t => {
  await Promise.all(
    CASES.map(({ server, policy, host, comes }) =>
      t.test(`TLS ${server}, policy ${policy}, ${host === HERE ? 'loopback' : 'elsewhere'}`, async t => {
        const inbox = await startSecureInbox(t, { tls: server });
        const kind = server === 'implicit' ? 'smtps' : 'smtp';
        const attempt = await senderTo(t, inbox.port, { kind, host, tls: policy }).send(outgoingMail());
        if (comes instanceof RegExp) assert.match(inShort(attempt), comes);
        else
          assert.deepEqual(
            inbox.sessions,
            [{ encrypted: comes === 'encrypted', user: undefined }],
            inShort(attempt),
          );
        assert.equal(inbox.received.length, comes instanceof RegExp ? 0 : 1);
      }),
    ),
  );
});

test('a certificate that this machine trusts, for the right name, is all that verify asks', async t => {
  const inbox = await startSecureInbox(t, { tls: 'starttls' });
  const trusted = join(temporaryFolder(t), 'ca.pem');
  writeFileSync(trusted, CERTIFICATE);
  const program = `
    import { openSender } from ${JSON.stringify(new URL('../../src/delivery/sender.js', import.meta.url).href)};
    const address = { kind: 'smtp', host: '${ELSEWHERE}', port: ${inbox.port} };
    const sender = openSender(address, { tls: 'verify', password: async () => undefined, clientName: 'client.test' });
    const mail = { from: 'a@example.org', to: ['b@example.org'], messageId: '<1@x>', bytes: Buffer.from('Subject: x\\n\\ny\\n') };
    console.log((await sender.send(mail)).outcome);
    await sender.close();`;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env,
  });
  assert.equal(stdout, 'answered\n');
  assert.deepEqual(inbox.sessions, [{ encrypted: true, user: undefined }]);
});

const STARTTLS_FAULTS: readonly [Fault, RegExp][] = [
  [{ at: 'STARTTLS', reply: '454 not now' }, /: no encrypted connection: 454 not now \(see/],
  [{ at: 'STARTTLS', reply: '421 bye', next: 'drop' }, /: no encrypted connection: 421 bye \(see/],
  [
    { at: 'STARTTLS', reply: '220 go', next: 'drop' },
    /: Client network socket disconnected before secure TLS connection/,
  ],
  [{ at: 'STARTTLS', reply: '220 go', next: 'hang' }, /: TLS handshake timed out$/],
  [{ at: 'STARTTLS', next: 'drop' }, /: Connection closed unexpectedly$/],
  [{ at: 'STARTTLS', next: 'hang' }, /: Timeout$/],
];

test('each fault of STARTTLS, where it is demanded', { concurrency: 4 }, async t => {
  await Promise.all(
    STARTTLS_FAULTS.map(([fault, comes]) =>
      t.test(`${fault.reply ?? ''} ${fault.next ?? ''}`, async t => {
        const server = await startScripted(t, [fault], { extensions: ['STARTTLS'] });
        const options = {
          host: ELSEWHERE,
          tls: 'verify',
          timeouts: { socket: 1500, greeting: 1500 },
        } as const;
        const attempt = inShort(await senderTo(t, server.port, options).send(outgoingMail()));
        assert.match(attempt, comes);
        assert.match(attempt, /^unreachable/);
      }),
    ),
  );
});

test('a server that speaks plainly where TLS is expected is told apart', async t => {
  const server = await startScripted(t);
  const attempt = await senderTo(t, server.port, { kind: 'smtps', tls: 'verify' }).send(outgoingMail());
  assert.match(
    inShort(attempt),
    /^unreachable, lasting: .*: no encrypted connection: wrong version number \(see refpost\.tls\)$/,
  );
});

test('where TLS is only welcome, a server that cannot do it just now gets the mail without', async t => {
  const server = await startScripted(t, [{ at: 'STARTTLS', reply: '454 not now' }], {
    extensions: ['STARTTLS'],
  });
  const attempt = await senderTo(t, server.port, { tls: 'verify' }).send(outgoingMail());
  assert.equal(inShort(attempt), 'one sent: 250 queued');
});
