import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../fixtures/repository.ts';
import { AUTHORITY, CLIENT, EXPIRED_CLIENT, SERVER } from '../fixtures/smtp-authority.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../fixtures/smtp-certificate.ts';
import { inShort, outgoingMail, senderTo } from '../fixtures/smtp-client.ts';
import { startSecureInbox } from '../fixtures/smtp-inbox.ts';

/** Leads to this machine as well, but is no loopback address by its looks. */
const ELSEWHERE = '0.0.0.0';

/** Files with these texts; the key is for its owner alone. */
function tlsFiles(t: TestContext, { ca, cert, key }: { ca?: string; cert?: string; key?: string }) {
  const folder = temporaryFolder(t);
  const file = (name: string, text: string | undefined) => {
    if (text !== undefined) writeFileSync(join(folder, name), text, { mode: 0o600 });
    return text === undefined ? undefined : join(folder, name);
  };
  return {
    caFile: file('ca.pem', ca),
    clientCertFile: file('client.pem', cert),
    clientKeyFile: file('client.key', key),
    now: Date.now,
  };
}

const YES = /^one sent/;

/** The texts of the files, what else is done to them, and what comes of it. */
type Files = Parameters<typeof tlsFiles>[1];
const CASES: Readonly<
  Record<string, readonly [Files, RegExp, ((files: ReturnType<typeof tlsFiles>) => void)?]>
> = {
  'both are known to each other': [{ ca: AUTHORITY, ...CLIENT }, YES],
  'several authorities, the right one last': [{ ca: `# ours\n${CERTIFICATE}${AUTHORITY}`, ...CLIENT }, YES],
  'another authority than the right one': [
    { ca: CERTIFICATE, ...CLIENT },
    /lasting: .*no encrypted connection: self-signed certificate in certificate chain \(see refpost\.caFile and refpost\.tls\)$/,
  ],
  'no authority but the usual ones': [
    CLIENT,
    /lasting: .*no encrypted connection: self-signed certificate in certificate chain \(see refpost\.caFile and refpost\.tls\)$/,
  ],
  'no certificate of our own': [
    { ca: AUTHORITY },
    /^unreachable, lasting: .*certificate required.* \(see refpost\.clientCertFile\)$/,
  ],
  'a certificate that the server does not know': [
    { ca: AUTHORITY, cert: CERTIFICATE, key: PRIVATE_KEY },
    // This server hangs up; others send an alert first.
    /^unreachable/,
  ],
  'a certificate whose time is over': [
    { ca: AUTHORITY, cert: EXPIRED_CLIENT, key: CLIENT.key },
    /^unreachable, lasting: .*refpost\.clientCertFile, \S+, has expired on Nov 26 .* 2026 GMT: put/,
  ],
  'the key of another certificate': [
    { ca: AUTHORITY, cert: CLIENT.cert, key: SERVER.key },
    /refpost\.clientKeyFile, \S+, is the key of another certificate than refpost\.clientCertFile: /,
  ],
  'a key that is none': [
    { ca: AUTHORITY, cert: CLIENT.cert, key: 'HUNTER2' },
    /refpost\.clientKeyFile, \S+, is not a private key in PEM that needs no passphrase: /,
  ],
  'a key that others can read': [
    { ca: AUTHORITY, ...CLIENT },
    /refpost\.clientKeyFile, \S+, can be read by every user of this machine: chmod/,
    ({ clientKeyFile }) => chmodSync(clientKeyFile ?? '', 0o644),
  ],
  'a pipe in place of the key': [
    { ca: AUTHORITY, ...CLIENT },
    /refpost\.clientKeyFile, \S+, is not a file, or far too large: /,
    ({ clientKeyFile: path = '' }) => execFileSync('sh', ['-c', 'rm "$0"; mkfifo -m 600 "$0"', path]),
  ],
  'a file of authorities that is not there': [
    { ca: AUTHORITY },
    /refpost\.caFile, \S+, cannot be read: /,
    ({ caFile = '' }) => execFileSync('rm', [caFile]),
  ],
  'a file of authorities without one': [
    { ca: 'Our authority\n' },
    /refpost\.caFile, \S+, has no certificate in PEM in it: /,
  ],
};

for (const tls of ['implicit', 'starttls'] as const) {
  test(`certificates of both sides, TLS ${tls}`, { concurrency: 4 }, async t => {
    await Promise.all(
      Object.entries(CASES).map(([title, [texts, comes, change]]) =>
        t.test(title, async t => {
          const inbox = await startSecureInbox(t, { tls, identity: SERVER, clientAuthority: AUTHORITY });
          const files = tlsFiles(t, texts);
          change?.(files);
          const kind = tls === 'implicit' ? 'smtps' : 'smtp';
          const options = { kind, host: ELSEWHERE, tls: 'verify', tlsFiles: files } as const;
          const attempt = inShort(await senderTo(t, inbox.port, options).send(outgoingMail()));
          assert.match(attempt, comes);
          assert.doesNotMatch(attempt, /HUNTER2/);
        }),
      ),
    );
  });
}

test('a certificate for another name is told apart', async t => {
  const inbox = await startSecureInbox(t, { tls: 'implicit', identity: CLIENT });
  const options = {
    kind: 'smtps',
    host: ELSEWHERE,
    tls: 'verify',
    tlsFiles: tlsFiles(t, { ca: AUTHORITY }),
  } as const;
  assert.match(
    inShort(await senderTo(t, inbox.port, options).send(outgoingMail())),
    /lasting: .* \(see the host in refpost\.transport, and refpost\.tls\)$/,
  );
});
