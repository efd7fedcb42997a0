import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import dns from 'node:dns';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startNameServer } from '../fixtures/name-server.ts';
import { site } from './doctor-site.ts';

type Site = Awaited<ReturnType<typeof site>>;

const NAME = 'key._domainkey.example.org';
/** What is published at that name; KEY stands for the key's own record. */
const KEY = 'KEY';

/** What is published or changed, the exit code, and the words. */
const CASES: Readonly<
  Record<string, readonly [published: string | undefined, (at: Site) => void, code: number, RegExp]>
> = {
  'the record of the key': [
    KEY,
    () => {},
    0,
    /^ok {4}dkim: mails are signed for example\.org, and key\._domainkey\.example\.org has the key\n$/,
  ],
  'no record': [
    undefined,
    () => {},
    0,
    /^warn {2}dkim: there is no record \S+: nobody can verify the signatures\n {6}publish it:\n {6}key\._domainkey\.example\.org\. IN TXT \( "v=DKIM1; k=rsa; p=\S+"(?: "\S+")+ \)\n$/,
  ],
  'the record of another key': [
    'v=DKIM1; p=MIIBother',
    () => {},
    78,
    /^FAIL {2}dkim: \S+ has another key, so that every signature counts as broken\n {6}publish it:\n/,
  ],
  'a name server that cannot say': [
    'fails',
    () => {},
    0,
    /^warn {2}dkim: the DNS could not be asked for \S+ \(ESERVFAIL\)/,
  ],
  'mails from another domain': [
    KEY,
    ({ repository }) => repository.git('config', 'refpost.from', 'a@badexample.org'),
    0,
    /^warn {2}dkim: mails are from a@badexample\.org, which is not in example\.org: /m,
  ],
  'mails from a part of the domain': [
    KEY,
    ({ repository }) => repository.git('config', 'refpost.from', 'a@git.example.org'),
    0,
    /^ok .*\n$/,
  ],
  'a short key': [
    undefined,
    ({ folder }) => void makeKey(join(folder, 'dkim.pem'), 1024),
    0,
    /^warn {2}dkim: the key has 1024 bits: some receivers take none with fewer than 2048/m,
  ],
  'a key that others can read': [
    undefined,
    ({ folder }) => chmodSync(join(folder, 'dkim.pem'), 0o644),
    77,
    /^FAIL {2}dkim: refpost\.dkimKeyFile, \S+, can be read by every user of this machine\n {6}chmod o= \/\S+\n$/,
  ],
};

/** Returns the public half, as a record has it. */
function makeKey(path: string, modulusLength: number): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

for (const [title, [published, change, code, words]] of Object.entries(CASES)) {
  test(`doctor looks at the DKIM key: ${title}`, async t => {
    const at = await site(t);
    const path = join(at.folder, 'dkim.pem');
    const own = makeKey(path, 2048);
    const text = published === KEY ? `v=DKIM1; h=sha256; p=${own}` : published;
    const before = dns.getServers();
    t.after(() => dns.setServers(before));
    dns.setServers([await startNameServer(t, text === undefined ? {} : { [NAME]: text })]);
    at.repository.git('config', 'refpost.dkimDomain', 'example.org');
    at.repository.git('config', 'refpost.dkimSelector', 'key');
    at.repository.git('config', 'refpost.dkimKeyFile', path);
    change(at);
    const found = await at.doctor('dkim');
    assert.match(found.said, words);
    assert.equal(found.code, code);
  });
}
