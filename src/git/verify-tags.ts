import type { SignatureVerdict } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import type { Git } from './git.ts';
import { readVerdict } from './signature-verdict.ts';

/** Signed tags that are checked: git starts gpg or ssh-keygen for each. */
const MOST = 100;

/**
 * What git says of the signatures of tags, by the ids of their objects, out of one git process. Tags of which it says
 * nothing are missing from the answer.
 *
 * git names no tag in what it prints, so between any two stands a question for a ref that cannot exist; no content can
 * imitate its answer (here, M is the mark):
 *
 *   Good "git" signature for gina@example.org with ED25519 key SHA256:ho05ryAOvAiMxODP32xrBs78y
 *   error: tag 'refs/M' not found.
 *   Could not verify signature.
 *
 * @param mark a fresh random word
 */
export async function verifyTags(
  git: Git,
  ids: readonly string[],
  mark: string,
): Promise<ReadonlyMap<string, SignatureVerdict>> {
  if (ids.length === 0) return new Map();
  const asked = ids.slice(0, MOST).flatMap(id => [id, `refs/${mark}`]);
  const words = await git.remarks(['verify-tag', '--raw', ...asked]);
  const answers = decode(words).split(new RegExp(`^.*\\brefs/${mark}\\b.*\\n`, 'm'));
  // The last answer is what follows the last mark: nothing, or one that was cut.
  return new Map(
    answers.slice(0, -1).flatMap((answer, at) => {
      const verdict = readVerdict(answer);
      return verdict ? [[ids[at] as string, verdict]] : [];
    }),
  );
}
