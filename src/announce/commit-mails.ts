import { mailSize } from '../delivery/compose.ts';
import type { Git } from '../git/git.ts';
import { readSource } from '../git/read-commits.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitContent, Position } from '../model/content.ts';
import type { Mail } from '../model/mail.ts';
import { isNotes } from '../model/push.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { fitCommit, fitWhole } from '../render/fit.ts';
import { renderNotice } from '../render/render-notice.ts';
import { type Part, splitter } from '../render/split-commits.ts';
import type { RenderContext } from '../render/templates.ts';

/** Stands for numbers that are not known yet, so that no part grows past the limit when they are. */
const WIDE = 99_999;

/**
 * Reads what the plan wants to tell of commits, and makes mails of it that are no larger than they may be.
 * @returns how many there are: more than commits where some are split; and each when it is asked for, by the number of all mails of the push
 */
export async function commitMails(
  git: Git,
  plan: PushPlan,
  isMerge: (id: string) => boolean,
  context: RenderContext,
) {
  const { maxSize, quietPaths, oversize, submodules, maxAttachment, maxMails } = context.config;
  const notices = plan.notices.filter(notice => notice.kind === 'commit');
  const noticeOf = new Map(notices.map(notice => [notice.commit, notice]));
  const isNote = (id: string) => isNotes(noticeOf.get(id)?.change.ref ?? '');
  const source = {
    ids: [...noticeOf.keys()],
    isMerge,
    isNote,
    maxSize,
    quietPaths,
    submodules,
    maxPatch: maxAttachment,
  };

  function render(content: Omit<CommitContent, 'notice'>, position: Position): Mail {
    const notice = noticeOf.get(content.commit.id) as CommitContent['notice'];
    return renderNotice(plan, { notice, ...content }, position, context);
  }

  /** One mail a commit. */
  async function* fitted(total: number): AsyncGenerator<Mail> {
    let number = 0;
    for await (const { commit, patch: ask } of readSource(git, source)) {
      const position = { number: ++number, total };
      const made = (content: Omit<CommitContent, 'notice'>) => {
        const mail = render(content, position);
        return { made: mail, size: mailSize(mail, maxSize) };
      };
      const make = (each: Commit) => made({ commit: each });
      const whole = fitWhole(commit, maxSize, make);
      const patch = whole || oversize !== 'attach' ? undefined : await ask();
      const attached = patch && { attached: (each: Commit) => made({ commit: each, patch }) };
      yield whole ?? fitCommit(commit, { ...context.config, ...attached }, make);
    }
  }

  /** The parts of all commits. The same however often they are read, since their sizes do not depend on how many there are. */
  async function* readParts(): AsyncGenerator<Part> {
    const split = splitter(maxSize, ({ commit, number }, opening) => {
      const position = { number: opening ? 1 : WIDE, total: WIDE };
      return mailSize(render({ commit, part: { number, total: WIDE } }, position));
    });
    for await (const { commit } of readSource(git, { ...source, keep: 'pieces' })) yield* split(commit);
  }

  /** How many mails each commit makes. undefined where that would be more than a push may bring: then nothing is split. */
  async function countParts(): Promise<ReadonlyMap<string, number> | undefined> {
    const counts = new Map<string, number>();
    let count = 0;
    for await (const { commit, number } of readParts()) {
      counts.set(commit.id, number);
      if (++count > maxMails) return undefined;
    }
    return counts;
  }

  async function* splitMails(counts: ReadonlyMap<string, number>, all: number): AsyncGenerator<Mail> {
    let number = 0;
    for await (const { commit, number: at } of readParts()) {
      const total = counts.get(commit.id) ?? 1;
      const part = total > 1 ? { part: { number: at, total } } : {};
      yield render({ commit, ...part }, { number: ++number, total: all });
    }
  }

  const counts = oversize === 'split' ? await countParts() : undefined;
  if (!counts) return { count: notices.length, mails: fitted };
  const count = [...counts.values()].reduce((sum, parts) => sum + parts, 0);
  return { count, mails: (total: number) => splitMails(counts, total) };
}
