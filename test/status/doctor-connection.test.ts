import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AUTHORITY, CLIENT, EXPIRED_CLIENT, SERVER } from '../fixtures/smtp-authority.ts';
import { type SecureOptions, startSecureInbox } from '../fixtures/smtp-inbox.ts';
import { type Fault, startScripted } from '../fixtures/smtp-script.ts';
import { site } from './doctor-site.ts';

/** A server, the settings by which it is called, and what doctor says. FOLDER is one with the files below, PORT the server's. */
interface Case {
  readonly server?: SecureOptions;
  readonly script?: { readonly faults?: readonly Fault[]; readonly extensions?: readonly string[] };
  readonly settings: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const FILES = {
  'ca.pem': AUTHORITY,
  'client.pem': CLIENT.cert,
  'expired.pem': EXPIRED_CLIENT,
  'client.key': CLIENT.key,
};
const ELSEWHERE = 'smtps://0.0.0.0:PORT';
const TLS = { tls: 'implicit', identity: SERVER } as const;
const IDENTITY = {
  caFile: 'FOLDER/ca.pem',
  clientCertFile: 'FOLDER/client.pem',
  clientKeyFile: 'FOLDER/client.key',
};

const CASES: Readonly<Record<string, Case>> = {
  'certificates of both sides': {
    server: { ...TLS, clientAuthority: AUTHORITY },
    settings: { transport: ELSEWHERE, ...IDENTITY },
    says: /^ok {4}transport: .* accepts the sender and the recipients/m,
  },
  'an authority that is not known': {
    server: TLS,
    settings: { transport: ELSEWHERE },
    says: /^FAIL {2}transport: .*\n {6}name the certificate of the authority .* in refpost\.caFile/m,
  },
  'a file of authorities that is gone': {
    server: TLS,
    settings: { transport: ELSEWHERE, caFile: 'FOLDER/gone' },
    says: /^FAIL {2}transport: .* refpost\.caFile, \S+gone, cannot be read: .*\n {6}correct that/m,
  },
  'a certificate that the server demands': {
    server: { ...TLS, clientAuthority: AUTHORITY },
    settings: { transport: ELSEWHERE, caFile: 'FOLDER/ca.pem' },
    says: /^FAIL {2}transport: .*certificate required.*\n {6}set refpost\.clientCertFile and refpost\.clientKeyFile/m,
  },
  'a certificate whose time is over': {
    server: { ...TLS, clientAuthority: AUTHORITY },
    settings: { transport: ELSEWHERE, ...IDENTITY, clientCertFile: 'FOLDER/expired.pem' },
    says: /^FAIL {2}transport: .* refpost\.clientCertFile, \S+, has expired on .*\n {6}correct that/m,
  },
  'a certificate for another name': {
    server: { tls: 'implicit', identity: CLIENT },
    settings: { transport: ELSEWHERE, caFile: 'FOLDER/ca.pem' },
    says: /^FAIL {2}transport: .*\n {6}name the server in refpost\.transport as its certificate does/m,
  },
  'a token command that fails': {
    script: { extensions: ['AUTH XOAUTH2'] },
    settings: { smtpUser: 'ann', smtpTokenCommand: 'echo hunter2; exit 3' },
    says: /^FAIL {2}transport: .*refpost\.smtpTokenCommand ended with exit code 3: run it by hand.*\n {6}correct that/m,
  },
  'a server without a login for tokens': {
    script: { extensions: ['AUTH PLAIN'] },
    settings: { smtpUser: 'ann', smtpTokenCommand: 'echo hunter2' },
    says: /^FAIL {2}transport: .*takes an OAuth2 token, only PLAIN \(see refpost\.smtpPasswordFile\)\n {6}give it a login/m,
  },
  'a token that is refused': {
    script: { extensions: ['AUTH XOAUTH2'], faults: [{ at: 'AUTH', reply: '535 5.7.8 no' }] },
    settings: { smtpUser: 'ann', smtpTokenCommand: 'echo hunter2' },
    says: /^FAIL {2}transport: .*login as ann: 535 5\.7\.8 no\n {6}correct refpost\.smtpUser, and its password or token/m,
  },
  'a name in EHLO that is refused': {
    script: {
      faults: [
        { at: 'MAIL', reply: '504 5.5.2 <here>: Helo command rejected: need fully-qualified hostname' },
      ],
    },
    settings: { ehloName: 'here' },
    says: /^warn {2}transport: this host gives its name as here: .*\n {6}set refpost\.ehloName/m,
  },
  'a socket that is gone': {
    settings: { transport: 'lmtp:unix:FOLDER/gone' },
    says: /^FAIL {2}transport: lmtp:unix:\S+gone: connect ENOENT .*\n {6}start the server, .*unix_listener/m,
  },
  'a program that is gone, with options': {
    settings: { transport: 'sendmail:FOLDER/gone -a list' },
    says: /^FAIL {2}transport: \/\S+gone cannot be run\n {6}check the program/m,
  },
};

for (const [title, { server, script, settings, says }] of Object.entries(CASES)) {
  test(`doctor names the setting for a connection: ${title}`, async t => {
    const at = await site(t);
    for (const [name, text] of Object.entries(FILES))
      writeFileSync(join(at.folder, name), text, { mode: 0o600 });
    const { port } = server
      ? await startSecureInbox(t, server)
      : await startScripted(t, script?.faults, script?.extensions ? { extensions: script.extensions } : {});
    const all = { transport: 'smtp://127.0.0.1:PORT', ...settings };
    for (const [key, value] of Object.entries(all))
      at.repository.git(
        'config',
        `refpost.${key}`,
        value.replace('FOLDER', at.folder).replace('PORT', String(port)),
      );
    const { said } = await at.doctor('transport');
    assert.match(said, says);
    assert.doesNotMatch(said, /hunter2/);
    rmSync(join(at.folder, 'client.key'));
  });
}
