import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { isSigned, secretsIn } from '../../src/poll/signature.ts';

const NOW = 1_700_000_000_000;
const BODY = Buffer.from('{"ref":"refs/heads/main"}');
const SECRET = 'It is long and random';

const hex = (body: Buffer, secret: string) => createHmac('sha256', secret).update(body).digest('hex');

function standard(body: Buffer, secret: string | Buffer, at: number): Record<string, string> {
  const text = createHmac('sha256', secret).update(`id-1.${at}.`).update(body).digest('base64');
  return { 'webhook-id': 'id-1', 'webhook-timestamp': `${at}`, 'webhook-signature': `v1,AAAA v1,${text}` };
}

/** What each host sends with a body. */
const HOSTS: Readonly<Record<string, (body: Buffer, secret: string) => Record<string, string>>> = {
  GitHub: (body, secret) => ({ 'x-hub-signature-256': `sha256=${hex(body, secret)}` }),
  Gitea: (body, secret) => ({ 'x-gitea-signature': hex(body, secret) }),
  Forgejo: (body, secret) => ({ 'x-forgejo-signature': hex(body, secret) }),
  Bitbucket: (body, secret) => ({ 'x-hub-signature': `sha256=${hex(body, secret)}` }),
  'GitLab, a signing token': (body, secret) => standard(body, secret, NOW / 1000),
};

for (const [host, headers] of Object.entries(HOSTS))
  test(`a webhook of ${host} is believed with the right secret and body alone`, () => {
    const secrets = secretsIn(`another one\n${SECRET}\n`);
    assert.equal(isSigned(headers(BODY, SECRET), BODY, secrets, NOW), true);
    assert.equal(isSigned(headers(BODY, 'wrong'), BODY, secrets, NOW), false);
    assert.equal(isSigned(headers(BODY, SECRET), Buffer.from(`${BODY} `), secrets, NOW), false);
    assert.equal(isSigned({}, BODY, secrets, NOW), false);
    assert.equal(isSigned(headers(BODY, SECRET), BODY, [], NOW), false);
  });

test("the example of GitHub's documentation is signed", () => {
  const headers = {
    'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  };
  assert.ok(isSigned(headers, Buffer.from('Hello, World!'), secretsIn("It's a Secret to Everybody"), NOW));
});

test("GitLab's secret token is compared, and SHA-1 counts for nothing", () => {
  const secrets = secretsIn(SECRET);
  assert.equal(isSigned({ 'x-gitlab-token': SECRET }, BODY, secrets, NOW), true);
  for (const token of ['', `${SECRET} `, SECRET.slice(1), 'wrong'])
    assert.equal(isSigned({ 'x-gitlab-token': token }, BODY, secrets, NOW), false);
  const sha1 = createHmac('sha1', SECRET).update(BODY).digest('hex');
  assert.equal(isSigned({ 'x-hub-signature': `sha1=${sha1}` }, BODY, secrets, NOW), false);
});

test('a signed moment may be five minutes off and no more, and a secret may be in base64', () => {
  const key = Buffer.from('sixteen bytes ok');
  const secrets = secretsIn(`whsec_${key.toString('base64')}`);
  for (const [seconds, good] of [
    [0, true],
    [-299, true],
    [299, true],
    [-301, false],
    [301, false],
  ] as const)
    assert.equal(isSigned(standard(BODY, key, NOW / 1000 + seconds), BODY, secrets, NOW), good, `${seconds}`);
});

test('a sourcehut signs body and nonce with a key of which the file has the public part', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  const secrets = secretsIn(`# of sr.ht\ned25519 ${raw}\ned25519 AAAA\n`);
  assert.equal(secrets.length, 1);
  const signature = sign(null, Buffer.concat([BODY, Buffer.from('nonce')]), privateKey).toString('base64');
  const headers = { 'x-payload-signature': signature, 'x-payload-nonce': 'nonce' };
  assert.equal(isSigned(headers, BODY, secrets, NOW), true);
  assert.equal(isSigned({ ...headers, 'x-payload-nonce': 'other' }, BODY, secrets, NOW), false);
  assert.equal(isSigned({ 'x-payload-signature': 'AAAA' }, BODY, secrets, NOW), false);
});
