import type { SignatureCheck } from '../model/commit.ts';
import { visibleLine } from './visible.ts';

const STATES: Readonly<Record<SignatureCheck['state'], string>> = {
  good: 'good',
  untrusted: 'good, by a key that is not known to be theirs',
  bad: 'BAD',
  expired: 'good, but it or its key has expired',
  revoked: 'good, but its key was revoked',
};

/** What a mail says of a signature, on one line. */
export function signatureText({ state, signer }: SignatureCheck): string {
  return signer === '' ? STATES[state] : visibleLine(`${STATES[state]} (${signer})`);
}
