import {
  createHash,
  createHmac,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
  verify,
} from 'node:crypto';

/** A secret of webhooks: what both ends know, or the public key of who signs. */
export interface Secret {
  readonly word: string;
  readonly key?: KeyObject;
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** How far the clock of a signed moment may be off, in seconds (Standard Webhooks: five minutes). */
const TOLERANCE = 300;

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 4), all but the key. */
const ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/** The secrets in a file, one a line; several while one takes another's place. What is no key after `ed25519` is left out. */
export function secretsIn(text: string): Secret[] {
  const lines = text.split(/\r?\n/).map(line => line.trim());
  return lines.filter(line => line !== '' && !line.startsWith('#')).flatMap(secretIn);
}

function secretIn(word: string): Secret[] {
  const [, encoded] = /^ed25519\s+(\S+)$/.exec(word) ?? [];
  if (encoded === undefined) return [{ word }];
  const raw = Buffer.from(encoded, 'base64');
  const key = { key: Buffer.concat([ED25519, raw]), format: 'der', type: 'spki' } as const;
  return raw.length === 32 ? [{ word, key: createPublicKey(key) }] : [];
}

/**
 * Whether who has sent this knows the secret. The body is that of the wire, byte for byte. Every comparison takes the same time, whatever
 * is wrong. One right signature is enough: hosts send several for programs that expect those of others.
 *
 *     X-Hub-Signature-256: sha256=<hex>       GitHub, Gitea, Forgejo
 *     X-Hub-Signature: sha256=<hex>           Bitbucket (GitHub's, sha1=, does not count)
 *     X-Gitea-Signature: <hex>                Gitea; X-Forgejo-Signature in Forgejo
 *     webhook-signature: v1,<base64> ...      GitLab's signing token (Standard Webhooks: of id, moment and body)
 *     X-Gitlab-Token: <the secret>            GitLab's secret token
 *     X-Payload-Signature: <base64>           sourcehut: Ed25519, of body and X-Payload-Nonce
 *
 * @param now milliseconds since 1970
 */
export function isSigned(headers: Headers, body: Buffer, secrets: readonly Secret[], now: number): boolean {
  // No short cut: all are looked at.
  return secrets
    .map(({ word, key }) => (key ? byKey(key, headers, body) : byWord(word, headers, body, now)))
    .some(Boolean);
}

function byWord(word: string, headers: Headers, body: Buffer, now: number): boolean {
  const said = (name: string) => [headers[name] ?? []].flat()[0] ?? '';
  const hex = createHmac('sha256', word).update(body).digest('hex');
  const pairs = [
    [said('x-hub-signature-256'), `sha256=${hex}`],
    [said('x-hub-signature'), `sha256=${hex}`],
    [said('x-gitea-signature'), hex],
    [said('x-forgejo-signature'), hex],
    [said('x-gitlab-token'), word],
    ...standardPairs(word, said, body, now),
  ] as const;
  // Which of them are there is no secret.
  const given = pairs.filter(([signature]) => signature !== '');
  return given.map(([signature, right]) => isEqual(signature, right)).some(Boolean);
}

/** By Standard Webhooks: of an id, a moment in seconds and the body; several may be there while a secret changes. */
function standardPairs(word: string, said: (name: string) => string, body: Buffer, now: number) {
  const [given, id, moment] = ['webhook-signature', 'webhook-id', 'webhook-timestamp'].map(said);
  const isRecent = /^\d{1,12}$/.test(moment ?? '') && Math.abs(now / 1000 - Number(moment)) <= TOLERANCE;
  if (!given || !isRecent) return [];
  const key = word.startsWith('whsec_') ? Buffer.from(word.slice(6), 'base64') : word;
  const right = createHmac('sha256', key).update(`${id}.${moment}.`).update(body).digest('base64');
  return given
    .split(' ')
    .slice(0, 4)
    .map(each => [each, `v1,${right}`] as const);
}

function byKey(key: KeyObject, headers: Headers, body: Buffer): boolean {
  const [signature, nonce] = ['x-payload-signature', 'x-payload-nonce'].map(
    name => [headers[name] ?? []].flat()[0] ?? '',
  );
  const raw = Buffer.from(signature ?? '', 'base64');
  return raw.length === 64 && verify(null, Buffer.concat([body, Buffer.from(nonce ?? '')]), key, raw);
}

/** Of texts of any lengths in the same time. */
function isEqual(given: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(right));
}
