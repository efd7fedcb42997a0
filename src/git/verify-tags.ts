import type { SignatureCheck } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import type { Git } from './git.ts';
import { readCheck } from './signature-check.ts';

/** Signed tags that are checked: git starts gpg or ssh-keygen for each. */
const MOST = 100;

/**
 * What git says of the signatures of tags, by the ids of their objects, out of one git process; where it dies over a tag, it is
 * started again. Tags of which it says nothing are missing from the answer.
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
): Promise<ReadonlyMap<string, SignatureCheck>> {
  const asked = ids.slice(0, MOST);
  const found = new Map<string, SignatureCheck>();
  let tries = 0;
  for (let next = 0; next < asked.length; ) {
    const checks = await ask(git, asked.slice(next), mark);
    for (const [at, check] of checks.entries()) if (check) found.set(asked[next + at] as string, check);
    next += checks.length;
    tries = checks.length > 0 ? 0 : tries + 1;
    if (tries < TRIES) continue;
    next++;
    tries = 0;
  }
  return found;
}

/** How often git may die over one tag before it goes without a check: of SIGPIPE, if ssh-keygen does not read all of it. */
const TRIES = 3;

/** Verdicts on the first tags, as many as git came to. */
async function ask(git: Git, ids: readonly string[], mark: string): Promise<(SignatureCheck | undefined)[]> {
  const words = await git.stderr(['verify-tag', '--raw', ...ids.flatMap(id => [id, `refs/${mark}`])]);
  const answers = decode(words).split(new RegExp(`^.*\\brefs/${mark}\\b.*\\n`, 'm'));
  // The last answer is what follows the last mark: nothing, or one that was cut.
  return answers.slice(0, -1).map(readCheck);
}
