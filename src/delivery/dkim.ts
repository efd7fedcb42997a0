import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { fault } from '../errors.ts';
import type { Audience, Config } from '../model/config.ts';
import type { ComposedMail } from '../model/mail.ts';
import { headerLines } from './header.ts';
import { readSecret } from './secret.ts';

type DkimSettings = Pick<Config, 'dkimDomain' | 'dkimSelector' | 'dkimKeyFile'>;

/** Signs a mail, or gives it back as it is where the settings ask for no signature. */
export type Signer = (mail: ComposedMail) => ComposedMail;

/** Who signs, and with what. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly key: KeyObject;
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  /** Of an RSA key; an Ed25519 key is as good as the longest. */
  readonly bits: number;
}

/**
 * Fields that a mail has once at the most: each is signed, and named once more than it is there, so that nobody can add one that readers
 * would see first (RFC 6376 8.15). nodemailer signs what is there, and nothing else; neither does it know Ed25519.
 */
const OURS = 'from reply-to subject date to cc message-id in-reply-to references'.split(' ');
/** The same where they are there. Where they are not, a list manager may add its own. */
const WHERE_PRESENT =
  'sender list-id list-unsubscribe list-unsubscribe-post list-post list-archive archived-at auto-submitted mime-version content-type content-transfer-encoding'.split(
    ' ',
  );

/** RFC 8301 section 3.2: with fewer bits no signature counts, and verifiers need not know more. */
const [LEAST_BITS, MOST_BITS] = [1024, 4096];

/**
 * Opens the key that the settings name. What it returns has no state: the same mail gets the same signature.
 * @throws OperatorError where the key cannot be used
 */
export async function openSigner(settings: DkimSettings): Promise<Signer> {
  const key = await dkimKey(settings);
  return key ? mail => signed(mail, key) : mail => mail;
}

/** Signs each mail by the settings of its audience. @throws OperatorError where a key cannot be used */
export async function openSigners(audiences: readonly Audience[]): Promise<Signer> {
  const signers = await Promise.all(
    audiences.map(async ({ name, config }) => [name, await openSigner(config)] as const),
  );
  const known = new Map(signers);
  return mail => (known.get(mail.audience ?? '') ?? known.get(''))?.(mail) ?? mail;
}

/** undefined where no signature is asked for. */
export async function dkimKey({
  dkimDomain: domain,
  dkimSelector: selector,
  dkimKeyFile: path,
}: DkimSettings): Promise<DkimKey | undefined> {
  if (domain === undefined || selector === undefined || path === undefined) return undefined;
  const key = privateKey(await readSecret('dkimKeyFile', path), path);
  if (key.asymmetricKeyType === 'ed25519')
    return { domain, selector, key, algorithm: 'ed25519-sha256', bits: MOST_BITS };
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== 'rsa' || bits === undefined)
    throw fault.dkimKeyWrong(path, 'is neither an RSA nor an Ed25519 key');
  if (bits < LEAST_BITS || bits > MOST_BITS)
    throw fault.dkimKeyWrong(path, `has ${bits} bits, and verifiers take ${LEAST_BITS} to ${MOST_BITS}`);
  return { domain, selector, key, algorithm: 'rsa-sha256', bits };
}

/** OpenSSL's own words for what is wrong may hold a part of the file. */
function privateKey(bytes: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(bytes);
  } catch {
    throw fault.dkimKeyWrong(path, 'is not a private key in PEM that needs no passphrase');
  }
}

/** `v=DKIM1; k=rsa; p=MIIB...`: the TXT record that verifiers look for (RFC 6376 3.6.1, RFC 8463 section 4). */
export function dkimRecord({ key, algorithm }: DkimKey): string {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const isRsa = algorithm === 'rsa-sha256';
  // The last 32 bytes of an Ed25519 key in DER are the key (RFC 8410 section 4).
  return `v=DKIM1; k=${isRsa ? 'rsa' : 'ed25519'}; p=${(isRsa ? der : der.subarray(-32)).toString('base64')}`;
}

/** Where it is looked for. */
export function dkimRecordName({ domain, selector }: Pick<DkimKey, 'domain' | 'selector'>): string {
  return `${selector}._domainkey.${domain}`;
}

/** Bytes by which a signature may make a mail larger: the longest key, all fields. */
export function signatureRoom({ dkimDomain, dkimSelector, dkimKeyFile }: DkimSettings): number {
  if (dkimKeyFile === undefined) return 0;
  return 1700 + (dkimDomain?.length ?? 0) + (dkimSelector?.length ?? 0);
}

/**
 * A mail with a DKIM signature (RFC 6376) above its header, relaxed in header and body. What is stored has LF line ends, what is signed CR LF,
 * as it is sent.
 */
function signed(mail: ComposedMail, { domain, selector, key, algorithm }: DkimKey): ComposedMail {
  const text = mail.bytes.toString('latin1');
  const end = text.indexOf('\n\n') + 1;
  const fields = relaxedFields(text.slice(0, end));
  const names = [...OURS, ...WHERE_PRESENT.filter(name => fields.has(name))].flatMap(name =>
    Array<string>(1 + (fields.get(name)?.length ?? 0)).fill(name),
  );
  const tags = [
    'v=1',
    `a=${algorithm}`,
    'c=relaxed/relaxed',
    `d=${domain}`,
    `s=${selector}`,
    `bh=${sha256(relaxedBody(text.slice(end + 1))).toString('base64')}`,
    // A blank where the line may be folded.
    `h=${names.join(':').replace(/([^ ]{50,60}:)/g, '$1 ')}`,
    'b=',
  ].join('; ');
  // The last field of a name comes first. A name beyond what is there adds nothing (RFC 6376 5.4.2).
  const lines = names.flatMap(name => fields.get(name)?.pop() ?? []);
  const data = `${lines.join('')}dkim-signature:${tags}`;
  const signature =
    algorithm === 'rsa-sha256'
      ? sign('sha256', Buffer.from(data, 'latin1'), key)
      : sign(null, sha256(data), key);
  const value = `${tags}${signature.toString('base64').replace(/.{70}(?=.)/g, '$& ')}`;
  const field = headerLines([['DKIM-Signature', value]]);
  return { ...mail, bytes: Buffer.concat([Buffer.from(field), mail.bytes]) };
}

/** @param text one character a byte */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'latin1').digest();
}

/** The fields of a header in their order, by name, each as it is signed: `subject:Say hello\r\n` (RFC 6376 3.4.2). */
function relaxedFields(head: string): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of head.replace(/\n(?=[ \t])/g, '').split('\n')) {
    const name = line
      .slice(0, Math.max(0, line.indexOf(':')))
      .trim()
      .toLowerCase();
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/[ \t]+/g, ' ')
      .trim();
    fields.set(name, [...(fields.get(name) ?? []), `${name}:${value}\r\n`]);
  }
  return fields;
}

/** RFC 6376 3.4.4: blanks at the ends of lines and lines at the end do not count, and several blanks are one. */
function relaxedBody(body: string): string {
  const lines = body
    .replace(/[ \t]+/g, ' ')
    .split('\n')
    .map(line => (line.endsWith(' ') ? line.slice(0, -1) : line));
  while (lines.at(-1) === '') lines.pop();
  return lines.map(line => `${line}\r\n`).join('');
}
