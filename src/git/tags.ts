import type { SignatureCheck, Tag } from '../model/commit.ts';
import { decode } from '../model/text.ts';
import { readField } from './capped.ts';
import { splitObject } from './commit-object.ts';
import { openObjects } from './conversation.ts';
import type { Git } from './git.ts';
import { parseIdent } from './ident.ts';
import { freshMark, whileRead } from './streams.ts';

/** The tag objects by their ids, out of one git process, and one more where some are signed; without those that git cannot show. */
export async function readTags(git: Git, ids: readonly string[]): Promise<Map<string, Tag>> {
  const tags = new Map<string, Tag>();
  for await (const tag of whileRead(git, own => readAll(own, ids))) tags.set(tag.id, tag);
  const signed = [...tags.values()].flatMap(({ id, signed }) => (signed ? [id] : []));
  for (const [id, signature] of await verifyTags(git, signed))
    tags.set(id, { ...(tags.get(id) as Tag), signature });
  return tags;
}

/** Bytes of all tags of a push. Those after them are missing from the answer. */
const MOST = 16 << 20;

async function* readAll(git: Git, ids: readonly string[]): AsyncGenerator<Tag> {
  const objects = openObjects(git);
  let left = MOST;
  for (const id of new Set(ids)) {
    const { text, lost } = (await objects(id, left)) ?? {};
    left -= text?.length ?? 0;
    if (text && !lost) yield parseTag(id, text);
  }
}

/** A signature stands at the end of the message, in any of the forms that git makes (gitformat-signature(5)). */
const SIGNATURE = /^-----BEGIN (PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/m;

/**
 * object 7dbb705725e6f2d8a4b8e5e8b6a3f0f6b0f7c1aa
 * type commit
 * tag 1.5.1
 * tagger A U Thor <author@example.org> 1526932800 +0200
 *
 * The message
 */
function parseTag(id: string, content: Buffer): Tag {
  const object = splitObject(content);
  const field = (name: string) => readField(object.values(name)[0] ?? '');
  const body = decode(object.body);
  const signature = SIGNATURE.exec(body);
  const tagger = parseIdent(object.values('tagger')[0]);
  return {
    id,
    target: field('object'),
    targetType: field('type'),
    ...(tagger ? { tagger } : {}),
    message: (signature ? body.slice(0, signature.index) : body).trimEnd(),
    signed: signature !== null,
  };
}

/** By git's letters (git-log(1), `%G?`) and gpg's words (doc/DETAILS, "--status-fd"). Not in it: what has no signature (`N`), or cannot be checked here (`E`, ERRSIG). */
const STATES: readonly (readonly [state: SignatureCheck['state'], words: RegExp])[] = [
  ['good', /^(G|GOODSIG)$/],
  ['untrusted', /^U$/],
  ['bad', /^(B|BADSIG)$/],
  ['expired', /^([XY]|EXP(KEY)?SIG)$/],
  ['revoked', /^(R|REVKEYSIG)$/],
];

/** What git says by a letter, or gpg by a word; undefined where it says nothing that could be told. */
export function checkOf(word: string, signer: string): SignatureCheck | undefined {
  const [state] = STATES.find(([, words]) => words.test(word)) ?? [];
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

function fromGpg(status: readonly string[]): SignatureCheck | undefined {
  const found = status.map(line => /^((?:GOOD|BAD|ERR|EXP|EXPKEY|REVKEY)SIG) \S+ ?(.*)$/.exec(line));
  const [only, ...others] = found.filter(match => match !== null);
  // Of several signatures git trusts none: a stranger's could stand beside a bad one.
  if (!only || others.length > 0) return undefined;
  const [, word = '', signer = ''] = only;
  const doubted = word === 'GOODSIG' && status.some(line => /^TRUST_(UNDEFINED|NEVER)\b/.test(line));
  return checkOf(doubted ? 'U' : word, signer);
}

function fromSsh(lines: readonly string[]): SignatureCheck | undefined {
  const first = lines[0] ?? '';
  const signer = /^Good "git" signature for (.*) with \S+ key \S+$/.exec(first)?.[1];
  if (signer !== undefined) return checkOf('G', signer);
  return checkOf(first.startsWith('Good "git" signature with ') ? 'U' : 'B', '');
}

/** Signed tags that are checked: git starts gpg or ssh-keygen for each. */
const MOST_CHECKED = 100;

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
 */
export async function verifyTags(git: Git, ids: readonly string[]): Promise<Map<string, SignatureCheck>> {
  const mark = freshMark();
  const asked = ids.slice(0, MOST_CHECKED);
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
