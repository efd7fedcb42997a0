import type { SignatureCheck } from '../model/commit.ts';

/** git-log(1), `%G?`. Not in it: `N`, no signature, and `E`, one that cannot be checked here. */
const STATES: Readonly<Record<string, SignatureCheck['state']>> = {
  G: 'good',
  U: 'untrusted',
  B: 'bad',
  X: 'expired',
  Y: 'expired',
  R: 'revoked',
};

/** What git says by a letter; undefined where it says nothing that could be told. */
export function checkOf(letter: string, signer: string): SignatureCheck | undefined {
  const state = STATES[letter];
  return state && { state, signer };
}

/**
 * The same from what the program that checks a signature wrote, as `git verify-tag --raw` hands it on:
 *
 *   [GNUPG:] GOODSIG 84A020F50A182FEB Gina <gina@example.org>
 *   [GNUPG:] TRUST_ULTIMATE 0 pgp
 *
 *   Good "git" signature for gina@example.org with ED25519 key SHA256:ho05ryAOvAiMxODP32xrBs78y
 *
 *   Could not verify signature.
 *
 * Lines of git itself (`error: no signature found`) are no word on a signature.
 */
export function readCheck(output: string): SignatureCheck | undefined {
  const lines = output
    .split('\n')
    .filter(line => line.trim() !== '' && !/^(fatal|error|warning|hint): /.test(line));
  if (lines.length === 0) return undefined;
  const status = lines.flatMap(line => /^\[GNUPG:\] (.*)$/.exec(line)?.[1] ?? []);
  return status.length > 0 ? fromGpg(status) : fromSsh(lines);
}

/** gpg's doc/DETAILS, "Format of the --status-fd output", with git's letters. */
const LETTERS: Readonly<Record<string, string>> = {
  GOODSIG: 'G',
  BADSIG: 'B',
  ERRSIG: 'E',
  EXPSIG: 'X',
  EXPKEYSIG: 'Y',
  REVKEYSIG: 'R',
};

function fromGpg(status: readonly string[]): SignatureCheck | undefined {
  const found = status.flatMap(line => {
    const [, word = '', signer = ''] = /^([A-Z]+) \S+ ?(.*)$/.exec(line) ?? [];
    const letter = LETTERS[word];
    return letter ? [{ letter, signer }] : [];
  });
  // Of several signatures git trusts none: a stranger's could stand beside a bad one.
  const [only, ...others] = found;
  if (!only || others.length > 0) return undefined;
  const doubted = status.some(line => /^TRUST_(UNDEFINED|NEVER)\b/.test(line));
  return checkOf(only.letter === 'G' && doubted ? 'U' : only.letter, only.signer);
}

function fromSsh(lines: readonly string[]): SignatureCheck | undefined {
  const first = lines[0] ?? '';
  const signer = /^Good "git" signature for (.*) with \S+ key \S+$/.exec(first)?.[1];
  if (signer !== undefined) return checkOf('G', signer);
  return checkOf(first.startsWith('Good "git" signature with ') ? 'U' : 'B', '');
}
