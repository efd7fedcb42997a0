import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import DKIM from 'nodemailer/lib/dkim';
import { composeForWire, cutMail } from '../../src/delivery/compose.ts';
import { decodeMail } from '../../src/delivery/decode.ts';
import { dkimKey, dkimRecord, openSigner, signatureRoom } from '../../src/delivery/dkim.ts';
import { OperatorError } from '../../src/errors.ts';
import { parseMailbox } from '../../src/model/address.ts';
import type { ComposedMail, Mail } from '../../src/model/mail.ts';
import { smtpSize } from '../../src/model/mail.ts';
import { cannotVerify, verified } from '../fixtures/opendkim.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { HOME } from '../fixtures/world.ts';
import { assertLegal, PLAIN } from './sample-mail.ts';

const rsa = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const ed25519 = () => generateKeyPairSync('ed25519').privateKey;

/** Settings that name a key file with this in it. */
function settings(t: TestContext, key: KeyObject | string) {
  const dkimKeyFile = join(temporaryFolder(t), 'dkim.pem');
  const pem = typeof key === 'string' ? key : key.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(dkimKeyFile, pem, { mode: 0o600 });
  return { dkimDomain: 'example.org', dkimSelector: 'key', dkimKeyFile };
}

async function recordFor(named: ReturnType<typeof settings>): Promise<string> {
  const key = await dkimKey(named);
  assert.ok(key);
  return dkimRecord(key);
}

/** Every mail of an mbox in test/golden, as it is there and as it would be sent. */
function goldenMails(): readonly ComposedMail[] {
  const folder = join(HOME, 'test', 'golden');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.mbox'),
  );
  const texts = files.map(file => readFileSync(join(folder, file), 'latin1'));
  return texts
    .flatMap(text => text.split(/^From .*\n/m).slice(1))
    .flatMap(text => {
      const bytes = Buffer.from(text, 'latin1');
      const mail = mailOf(bytes);
      return [{ ...composeForWire(mail), bytes }, composeForWire(mail)];
    });
}

function mailOf(bytes: Buffer): Mail {
  const { headers, text } = decodeMail(bytes);
  const one = (name: string) => headers.find(([found]) => found === name)?.[1] ?? '';
  const replyTo = parseMailbox(one('Reply-To'));
  return {
    ...PLAIN,
    messageId: one('Message-ID'),
    from: parseMailbox(one('From')) ?? PLAIN.from,
    ...(replyTo && { replyTo: [replyTo] }),
    subject: one('Subject'),
    headers,
    text,
  };
}

test('opendkim verifies every golden mail, as it is read and as it is sent', async t => {
  const obstacle = cannotVerify();
  if (obstacle !== undefined) return t.skip(obstacle);
  const mails = goldenMails();
  assert.ok(mails.length > 200);
  for (const key of [rsa(), ed25519()]) {
    const named = settings(t, key);
    const sign = await openSigner(named);
    const verdicts = await verified(
      t,
      mails.map(mail => sign(mail).bytes),
      await recordFor(named),
    );
    assert.deepEqual(
      verdicts.filter(words => words !== 'succeeded'),
      [],
    );
  }
});

/** What somebody on the way does to the header, and whether the mail still counts as ours. */
const CHANGES: readonly (readonly [string, (text: string) => string, holds: boolean])[] = [
  ['a From above ours', text => `From: Eve <eve@example.org>\n${text}`, false],
  ['a Reply-To above ours', text => `Reply-To: eve@example.net\n${text}`, false],
  ['a Subject above ours', text => `Subject: free beer\n${text}`, false],
  ['a Cc where there is none', text => `Cc: eve@example.net\n${text}`, false],
  ['a References more', text => `References: <other@example.net>\n${text}`, false],
  ['a Content-Type above ours', text => `Content-Type: text/html\n${text}`, false],
  ['another subject', text => text.replace('Subject: [2/4]', 'Subject: [List] [2/4]'), false],
  ['a footer', text => `${text}-- \nlist@example.net\n`, false],
  ['a word of the text', text => text.replace('from here on', 'from now on'), false],
  ['what each server adds', text => `Received: from a by b; Thu, 5 Nov 2026 01:02:03 +0000\n${text}`, true],
  ['the link of a list', text => `List-Unsubscribe: <mailto:x@example.net>\n${text}`, true],
  ['another field of ours', text => text.replace('X-Git-Repo: mesos', 'X-Git-Repo: moses'), true],
  ['lines folded anew', text => text.replace('"no" to', '"no"\n to'), true],
  ['a blank at the end of a line', text => text.replace('from here on', 'from here on \t'), true],
  ['blank lines at the end', text => `${text}\n\n`, true],
];

test('a signature holds as long as nothing is changed or added that a reader would see', async t => {
  const obstacle = cannotVerify();
  if (obstacle !== undefined) return t.skip(obstacle);
  const named = settings(t, rsa());
  const signed = (await openSigner(named))(composeForWire(PLAIN)).bytes.toString('latin1');
  const mails = CHANGES.map(([, change]) => change(signed));
  for (const mail of mails) assert.notEqual(mail, signed);
  const verdicts = await verified(
    t,
    mails.map(mail => Buffer.from(mail, 'latin1')),
    await recordFor(named),
  );
  assert.deepEqual(
    CHANGES.map(([title], at) => [title, verdicts[at] === 'succeeded']),
    CHANGES.map(([title, , holds]) => [title, holds]),
  );
});

test('a signed mail is a legal one, the same each time, and no larger than was reckoned with', async t => {
  for (const key of [rsa(1024), rsa(4096), ed25519()]) {
    const named = { ...settings(t, key), dkimDomain: `${'long.'.repeat(40)}example.org` };
    const sign = await openSigner(named);
    const headers = [
      'List-Id',
      'List-Unsubscribe',
      'List-Unsubscribe-Post',
      'List-Post',
      'List-Archive',
      'Archived-At',
    ];
    const mail = composeForWire({
      ...PLAIN,
      headers: [...headers, 'Auto-Submitted'].map(name => [name, 'x.example.org']),
    });
    const { bytes } = sign(mail);
    assertLegal(bytes);
    assert.deepEqual(sign(mail).bytes, bytes);
    const added = smtpSize(bytes) - smtpSize(mail.bytes);
    assert.ok(added <= signatureRoom(named), `${added} bytes`);
  }
});

test('a mail that is cut for a server has no signature any more', async t => {
  const sign = await openSigner(settings(t, rsa()));
  const { bytes } = sign(composeForWire({ ...PLAIN, text: 'All of the text.\n'.repeat(500) }));
  assert.match(String(bytes), /^DKIM-Signature: /);
  assert.match(String(cutMail(bytes, 2000)), /^From: /);
});

test('whatever the text, its hash is the one that nodemailer comes to', async t => {
  const key = rsa(1024);
  const sign = await openSigner(settings(t, key));
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' });
  const others = new DKIM({ domainName: 'example.org', keySelector: 'key', privateKey });
  const tagOf = (signed: Buffer, tag: string) =>
    new RegExp(`[ ;]${tag}=([^;]*)`).exec(String(signed).replace(/\r?\n[ \t]/g, ''))?.[1];
  const odd = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\n', '\n', 'é', '.'), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(odd, async text => {
      const bytes = Buffer.from(`From: a@example.org\n\n${text}`);
      const ours = sign({ ...composeForWire(PLAIN), bytes }).bytes;
      const theirs = await buffer(
        others.sign(Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')),
      );
      assert.equal(tagOf(ours, 'bh'), tagOf(theirs, 'bh'));
    }),
    { numRuns: 200 },
  );
});

test('without the settings a mail stays as it is', async () => {
  const none = { dkimDomain: undefined, dkimSelector: undefined, dkimKeyFile: undefined };
  const mail = composeForWire(PLAIN);
  assert.equal((await openSigner(none))(mail), mail);
  assert.equal(signatureRoom(none), 0);
});

/** What is there in place of a key, and what an operator is told. */
const FAULTS: Readonly<Record<string, readonly [(path: string) => void, RegExp]>> = {
  nothing: [() => {}, /, cannot be read$/],
  'a key that others can read': [
    path => {
      writeFileSync(path, 'HUNTER2');
      chmodSync(path, 0o644);
    },
    /, can be read by every user of this machine$/,
  ],
  'a pipe': [path => execFileSync('mkfifo', ['-m', '600', path]), /, is not a file, or far too large$/],
  'a folder': [path => mkdirSync(path), /, is not a file, or far too large$/],
  'a link to a device': [path => symlinkSync('/dev/zero', path), /, is not a file, or far too large$/],
  'a link to a file that others can read': [
    path => {
      writeFileSync(`${path}.real`, 'HUNTER2', { mode: 0o644 });
      symlinkSync(`${path}.real`, path);
    },
    /, can be read by every user of this machine$/,
  ],
  'a huge file': [
    path => writeFileSync(path, Buffer.alloc(100_000), { mode: 0o600 }),
    /, is not a file, or far too large$/,
  ],
  'what is no key': [
    path => writeFileSync(path, '-----BEGIN PRIVATE KEY-----\nHUNTER2\n', { mode: 0o600 }),
    /, is not a private key in PEM that needs no passphrase$/,
  ],
  'a key with a passphrase': [
    path => {
      const { privateKey } = generateKeyPairSync('rsa', {
        modulusLength: 1024,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'HUNTER2' },
      });
      writeFileSync(path, privateKey, { mode: 0o600 });
    },
    /, is not a private key in PEM that needs no passphrase$/,
  ],
  'a key of another kind': [
    path => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    },
    /, is neither an RSA nor an Ed25519 key$/,
  ],
  'a key that is too short': [
    path => writeFileSync(path, rsa(512).export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 }),
    /, has 512 bits, and verifiers take 1024 to 4096$/,
  ],
};

for (const [what, [make, words]] of Object.entries(FAULTS)) {
  test(`a key file that is ${what} is named, with what to do, and nothing of it is said`, async t => {
    const named = settings(t, '');
    const dkimKeyFile = `${named.dkimKeyFile}.other`;
    make(dkimKeyFile);
    const error: unknown = await openSigner({ ...named, dkimKeyFile }).catch(reason => reason);
    assert.ok(error instanceof OperatorError, String(error));
    assert.match(error.message, /^refpost\.dkimKeyFile, \//);
    assert.match(error.message, words);
    assert.notEqual(error.remedy, '');
    assert.doesNotMatch(`${error.message} ${error.remedy} ${error.stack} ${String(error.cause)}`, /HUNTER2/);
  });
}
