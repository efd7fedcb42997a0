import { mailSize } from '../delivery/compose.ts';
import { readSource, type SourceOptions } from '../git/commit-source.ts';
import type { Git } from '../git/git.ts';
import type { Commit } from '../model/commit.ts';
import type { Content, Position } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import { isNotes } from '../model/push.ts';
import type { Notice, PushPlan } from '../model/push-plan.ts';
import type { RenderContext } from '../render/context.ts';
import { fitCommit } from '../render/fit.ts';
import { renderNotice } from '../render/render-notice.ts';
import { type Part, splitter } from '../render/split-commits.ts';

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
  const { maxSize, quietPaths, oversize, submodules, maxAttachment } = context.config;
  const noticeOf = new Map(notices.map(each => [each.commit, each]));
  const isNote = (id: string) => isNotes(noticeOf.get(id)?.change.ref ?? '');
  const commits: CommitContext = {
    ...context,
    git,
    plan,
    source: { ids, isMerge, isNote, maxSize, quietPaths, submodules },
    patches: oversize === 'attach' ? { maxPatch: maxAttachment } : {},
    noticeOf,
  };
  const parts = oversize === 'split' ? await countParts(commits) : undefined;
  if (parts) return { count: sum(parts.values()), mails: total => splitMails(commits, parts, total) };
  return { count: ids.length, mails: total => fittedMails(commits, total) };
}

interface CommitContext extends RenderContext {
  readonly git: Git;
  readonly plan: PushPlan;
  readonly source: SourceOptions;
  readonly patches: Pick<SourceOptions, 'maxPatch'>;
  readonly noticeOf: ReadonlyMap<string, CommitNotice>;
}

/** One mail a commit. */
async function* fittedMails(context: CommitContext, total: number): AsyncGenerator<Mail> {
  const { git, source, patches, config } = context;
  let number = 0;
  for await (const { commit, patch } of readSource(git, { ...source, ...patches })) {
    const position = { number: ++number, total };
    const made = (content: Omit<CommitContent, 'notice'>) => {
      const mail = render(context, content, position);
      return { made: mail, size: mailSize(mail, config.maxSize) };
    };
    const attached = patch && { attached: (each: Commit) => made({ commit: each, patch }) };
    yield fitCommit(commit, { ...config, ...attached }, each => made({ commit: each }));
  }
}

/** Stands for numbers that are not known yet, so that no part grows past the limit when they are. */
const WIDE = 99_999;

/** The parts of all commits. The same however often they are read, since their sizes do not depend on how many there are. */
async function* readParts(context: CommitContext): AsyncGenerator<Part> {
  const split = splitter(context.config.maxSize, (part, opening) => {
    const position = { number: opening ? 1 : WIDE, total: WIDE };
    return mailSize(
      render(context, { commit: part.commit, part: { number: part.number, total: WIDE } }, position),
    );
  });
  for await (const { commit } of readSource(context.git, { ...context.source, keep: 'pieces' }))
    yield* split(commit);
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
