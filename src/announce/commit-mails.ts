import { randomBytes } from 'node:crypto';
import { mailSize } from '../delivery/compose.ts';
import type { Git } from '../git/git.ts';
import { quietRule } from '../git/quiet.ts';
import { readAttributes } from '../git/read-attributes.ts';
import { type ReadOptions, readCommits } from '../git/read-commits.ts';
import { readNoted } from '../git/read-noted.ts';
import { readPatches } from '../git/read-patches.ts';
import { tellSubmodules } from '../git/tell-submodules.ts';
import type { Commit } from '../model/commit.ts';
import type { Content, Position } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import type { Notice, PushPlan } from '../model/push-plan.ts';
import { isNotes } from '../model/ref-change.ts';
import type { RenderContext } from '../render/context.ts';
import { fitBare, fitBegin, fitWhole } from '../render/fit-commit.ts';
import { renderNotice } from '../render/render-notice.ts';
import { type Part, splitCommits } from '../render/split-commits.ts';

type CommitNotice = Extract<Notice, { kind: 'commit' }>;

/** The mails of the commits of a push. */
export interface CommitMails {
  /** How many there are: more than commits where some are split. */
  readonly count: number;
  /** Each made when it is asked for. @param total of all mails of the push */
  mails(total: number): AsyncGenerator<Mail>;
}

/** Reads what the plan wants to tell of commits, and makes mails of it that are no larger than they may be. */
export async function commitMails(
  git: Git,
  plan: PushPlan,
  isMerge: (id: string) => boolean,
  context: RenderContext,
): Promise<CommitMails> {
  const notices = plan.notices.filter(notice => notice.kind === 'commit');
  const ids = notices.map(notice => notice.commit);
  const { maxSize, quietPaths, oversize } = context.config;
  const quiet = readAttributes(git, ids).then(attributes => quietRule(quietPaths, attributes));
  // Whoever reads commits hears of a fault; a push without commits asks for nothing.
  quiet.catch(() => {});
  const reading = {
    maxSize,
    mark: randomBytes(16).toString('hex'),
    isMerge,
    quiet,
  };
  const commits: CommitContext = {
    ...context,
    git,
    plan,
    ids,
    reading,
    noticeOf: new Map(notices.map(each => [each.commit, each])),
  };
  const parts = oversize === 'split' ? await countParts(commits) : undefined;
  if (parts) return { count: sum(parts.values()), mails: total => splitMails(commits, parts, total) };
  return { count: ids.length, mails: total => fittedMails(commits, total) };
}

/** All commits, with all that a mail says of them. */
function readAll(
  { git, ids, reading, noticeOf, config }: CommitContext,
  keep: 'head' | 'pieces',
): AsyncGenerator<Commit> {
  const commits = tellSubmodules(git, readCommits(git, ids, { ...reading, keep }), config.submodules);
  return readNoted(git, commits, id => isNotes(noticeOf.get(id)?.change.ref ?? ''));
}

interface CommitContext extends RenderContext {
  readonly git: Git;
  readonly plan: PushPlan;
  readonly ids: readonly string[];
  readonly reading: ReadOptions;
  readonly noticeOf: ReadonlyMap<string, CommitNotice>;
}

/** One mail a commit. */
async function* fittedMails(context: CommitContext, total: number): AsyncGenerator<Mail> {
  const { git, ids, reading, config } = context;
  const { oversize, maxAttachment } = config;
  const patches =
    oversize === 'attach' ? readPatches(git, ids, { mark: reading.mark, most: maxAttachment }) : undefined;
  let number = 0;
  for await (const commit of readAll(context, 'head')) {
    const position = { number: ++number, total };
    const patch = (await patches?.next())?.value ?? undefined;
    yield fitted(context, commit, position, patch);
  }
}

/** The commit as it is, if it fits; else without its diff and with the patch, where there is one; else with less. */
function fitted(context: CommitContext, commit: Commit, position: Position, patch: Buffer | undefined): Mail {
  const { maxSize, oversize } = context.config;
  const made = (content: Omit<CommitContent, 'notice'>) => {
    const mail = render(context, content, position);
    return { made: mail, size: mailSize(mail, maxSize) };
  };
  const plain = (each: Commit) => made({ commit: each });
  const whole = fitWhole(commit, maxSize, plain);
  if (whole) return whole;
  if (patch) return fitBare(commit, maxSize, each => made({ commit: each, patch })).made;
  return oversize === 'stat' ? fitBare(commit, maxSize, plain).made : fitBegin(commit, maxSize, plain);
}

/** Stands for numbers that are not known yet, so that no part grows past the limit when they are. */
const WIDE = 99_999;

/** The parts of all commits. The same however often they are read, since their sizes do not depend on how many there are. */
function readParts(context: CommitContext): AsyncGenerator<Part> {
  return splitCommits(readAll(context, 'pieces'), context.config.maxSize, (part, opening) => {
    const position = { number: opening ? 1 : WIDE, total: WIDE };
    return mailSize(
      render(context, { commit: part.commit, part: { number: part.number, total: WIDE } }, position),
    );
  });
}

/**
 * How many mails each commit makes. undefined where that would be more than a push may bring: then nothing is split.
 */
async function countParts(context: CommitContext): Promise<ReadonlyMap<string, number> | undefined> {
  const counts = new Map<string, number>();
  let count = 0;
  for await (const { commit, number } of readParts(context)) {
    counts.set(commit.id, number);
    if (++count > context.config.maxMails) return undefined;
  }
  return counts;
}

async function* splitMails(
  context: CommitContext,
  counts: ReadonlyMap<string, number>,
  total: number,
): AsyncGenerator<Mail> {
  let number = 0;
  for await (const { commit, number: at } of readParts(context)) {
    const parts = counts.get(commit.id) ?? 1;
    const part = parts > 1 ? { part: { number: at, total: parts } } : {};
    yield render(context, { commit, ...part }, { number: ++number, total });
  }
}

type CommitContent = Extract<Content, { commit: Commit }>;

function render(context: CommitContext, content: Omit<CommitContent, 'notice'>, position: Position): Mail {
  const notice = context.noticeOf.get(content.commit.id) as CommitNotice;
  return renderNotice(context.plan, { notice, ...content }, position, context);
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}
