import type { SignatureVerdict } from '../model/commit.ts';
import { visibleLine } from './visible.ts';

const VERDICT: Readonly<Record<SignatureVerdict['state'], string>> = {
  good: 'good',
  untrusted: 'good, by a key that is not known to be theirs',
  bad: 'BAD',
  expired: 'good, but it or its key has expired',
  revoked: 'good, but its key was revoked',
};

/** What a mail says of a signature, on one line. */
export function verdictText({ state, signer }: SignatureVerdict): string {
  return signer === '' ? VERDICT[state] : visibleLine(`${VERDICT[state]} (${signer})`);
}
