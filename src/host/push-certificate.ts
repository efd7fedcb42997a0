import { type Environment, mailboxOf, type Pusher } from './host.ts';

/** What git says about the certificate of a signed push (git-receive-pack(1)). */
export const CERTIFICATE_VARIABLES = [
  ...['GIT_PUSH_CERT', 'GIT_PUSH_CERT_SIGNER', 'GIT_PUSH_CERT_KEY', 'GIT_PUSH_CERT_STATUS'],
  'GIT_PUSH_CERT_NONCE_STATUS',
];

/**
 * Who has signed the push. Only of a signature that git found good (G) with the nonce of this server for this push (OK): else it may be
 * anybody's, or of another push. Of an OpenPGP key the signer is `Name <address>`; git says G here for each key of the keyring, whatever its
 * trust (2.39), so the keyring is the list of those who count. Of an SSH key it is the principal of the allowed signers.
 */
export function signerOf(env: Environment): Pusher | undefined {
  if (env.GIT_PUSH_CERT_STATUS !== 'G' || env.GIT_PUSH_CERT_NONCE_STATUS !== 'OK') return undefined;
  if (/\p{Cc}/u.test(env.GIT_PUSH_CERT_SIGNER ?? '')) return undefined;
  const { name, email } = mailboxOf(env.GIT_PUSH_CERT_SIGNER);
  const known = name || email;
  return known ? { name: known, ...(email ? { email } : {}), signed: true } : undefined;
}
