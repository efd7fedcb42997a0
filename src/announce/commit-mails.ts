import { mailSize } from '../delivery/compose.ts';
import type { Git } from '../git/git.ts';
import { readSource, type SourceCommit } from '../git/read-commits.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitContent, Position } from '../model/content.ts';
import type { HistoryCommit } from '../model/history.ts';
import type { Mail } from '../model/mail.ts';
import { isNotes } from '../model/push.ts';
import { fitCommit, fitWhole } from '../render/fit.ts';
import { renderNotice, type Written } from '../render/render-notice.ts';
import { type Part, splitter } from '../render/split-commits.ts';
import { addressed } from './addressed.ts';
import type { Converted } from './converted.ts';
import { type Making, othersAhead, readerFor, shapeOf, wantedBy } from './shared-reading.ts';
import { withHtml } from './with-html.ts';

type Content = Omit<CommitContent, 'notice'>;

type PartCounts = ReadonlyMap<string, number>;

/** What was made of a commit. */
interface Made {
  readonly mail: Mail;
  readonly content: Content;
}

/** Stands for numbers that are not known yet, so that no part grows past the limit when they are. */
const WIDE = 99_999;

/**
 * Reads what the editions want to tell of commits, once for all, and makes mails of it that are no larger than they may be. Those that split
 * commits read for themselves, since they need each file whole.
 * @param all every new commit, parents before children
 * @returns how many an edition has: more than commits where some are split; and each when it is asked for, by the number of all mails of its edition
 */
export async function commitMails(
  git: Git,
  makings: readonly Making[],
  all: readonly HistoryCommit[],
  known: Pick<Converted, 'commit'>,
) {
  const merges = new Set(all.filter(({ parents }) => parents.length > 1).map(({ id }) => id));
  const tasks = makings.map(making => {
    const notices = making.edition.plan.notices.filter(notice => notice.kind === 'commit');
    return {
      ...making,
      making,
      noticeOf: new Map(notices.map(notice => [notice.commit, notice])),
      ahead: othersAhead(making.edition.plan),
      shape: shapeOf(making.edition, making.context.config),
    };
  });
  type Task = (typeof tasks)[number];

  function sourceFor(some: readonly Task[]) {
    return {
      ...wantedBy(some.map(({ context }) => context.config)),
      ids: idsOf(some),
      isMerge: (id: string) => merges.has(id),
      isNote: (id: string) => some.some(({ noticeOf }) => isNotes(noticeOf.get(id)?.change.ref ?? '')),
    };
  }

  /** Several plans have them in the order of their history; one alone may have another. */
  function idsOf(some: readonly Task[]): readonly string[] {
    if (some.length === 1) return [...(some[0]?.noticeOf.keys() ?? [])];
    return all.map(({ id }) => id).filter(id => some.some(({ noticeOf }) => noticeOf.has(id)));
  }

  const told = (task: Task, content: Content): CommitContent => ({
    notice: task.noticeOf.get(content.commit.id) as CommitContent['notice'],
    ...known.commit(content, task.context.config),
  });

  function render(task: Task, each: Content, position: Position, written?: Written): Mail {
    const { edition, context } = task;
    const content = told(task, each);
    const mail = renderNotice(edition.plan, content, position, context, written);
    return addressed(mail, edition, content.notice, context.config);
  }

  function shown(task: Task, { mail, content }: Made, position: Position): Mail {
    return withHtml(mail, task.edition.plan, told(task, content), position, task.context);
  }

  /** One mail a commit and edition. What two say in the same words is written once; the first mail of an edition has more to say. */
  async function* fitted(some: readonly Task[], totalOf: (making: Making) => number): AsyncGenerator<Mail> {
    const numbers = new Map<Task, number>();
    const asRead = readerFor(some.map(({ context }) => context.config));
    for await (const read of readSource(git, sourceFor(some))) {
      const written = new Map<string, Made>();
      for (const task of some.filter(({ noticeOf }) => noticeOf.has(read.commit.id))) {
        const count = 1 + (numbers.get(task) ?? 0);
        numbers.set(task, count);
        const number = count + (task.ahead.get(read.commit.id) ?? 0);
        const position = { number, total: totalOf(task.making) };
        const { maxSize } = task.context.config;
        const { change, story } = task.noticeOf.get(read.commit.id) as CommitContent['notice'];
        const words = `${task.shape} ${change.ref} ${story === undefined}`;
        const known = number > 1 ? written.get(words) : undefined;
        const again = known && render(task, known.content, position, known.mail);
        if (again && mailSize(again, maxSize) <= maxSize) yield again;
        else {
          const fitting = await fit(task, asRead(read.commit, task.context.config), read.patch, position);
          const made = { ...fitting, mail: shown(task, fitting, position) };
          if (number > 1) written.set(words, made);
          yield made.mail;
        }
      }
    }
  }

  async function fit(
    task: Task,
    commit: Commit,
    ask: SourceCommit['patch'],
    position: Position,
  ): Promise<Made> {
    const { config } = task.context;
    const made = (content: Content, enough?: number) => {
      const mail = render(task, content, position);
      return { made: { mail, content }, size: mailSize(mail, enough) };
    };
    const whole = fitWhole(commit, config.maxSize, each => made({ commit: each }, config.maxSize));
    if (whole) return whole;
    // Measured exactly: a search that ends near the limit would take a bound for a mail that is nearly full.
    const make = (each: Commit) => made({ commit: each });
    const patch = config.oversize === 'attach' ? await ask() : undefined;
    const isSmall = patch && patch.length <= config.maxAttachment;
    const attached = isSmall && { attached: (each: Commit) => made({ commit: each, patch }) };
    return fitCommit(commit, { ...config, ...attached }, make);
  }

  /** The parts of all commits. The same however often they are read, since their sizes do not depend on how many there are. */
  async function* readParts(task: Task): AsyncGenerator<Part> {
    const split = splitter(task.context.config.maxSize, ({ commit, number }, opening) => {
      const position = { number: opening ? 1 : WIDE, total: WIDE };
      return mailSize(render(task, { commit, part: { number, total: WIDE } }, position));
    });
    for await (const { commit } of readSource(git, { ...sourceFor([task]), keep: 'pieces' }))
      yield* split(commit);
  }

  /** How many mails each commit makes. undefined where that would be more than a push may bring: then nothing is split. */
  async function countParts(task: Task): Promise<PartCounts | undefined> {
    const counts = new Map<string, number>();
    let count = 0;
    for await (const { commit, number } of readParts(task)) {
      counts.set(commit.id, number);
      if (++count > task.context.config.maxMails) return undefined;
    }
    return counts;
  }

  async function* splitMails(task: Task, counts: PartCounts, all: number): AsyncGenerator<Mail> {
    let count = 0;
    for await (const { commit, number: at } of readParts(task)) {
      const total = counts.get(commit.id) ?? 1;
      const position = { number: ++count + (task.ahead.get(commit.id) ?? 0), total: all };
      const content = { commit, ...(total > 1 ? { part: { number: at, total } } : {}) };
      yield shown(task, { content, mail: render(task, content, position) }, position);
    }
  }

  const partsOf = new Map<Making, PartCounts>();
  for (const task of tasks) {
    if (task.context.config.oversize !== 'split' || task.noticeOf.size === 0) continue;
    const counts = await countParts(task);
    if (counts) partsOf.set(task.making, counts);
  }
  const together = tasks.filter(({ context }) => context.config.summary === 'last');
  const whole = together.filter(({ making, noticeOf }) => noticeOf.size > 0 && !partsOf.has(making));
  return {
    /** Mails of one commit. */
    partsOf: (making: Making, commit: string): number => partsOf.get(making)?.get(commit) ?? 1,
    /** Those of an edition alone, in the order of its plan. */
    mailsOf: (making: Making, total: number): AsyncGenerator<Mail> => {
      const task = tasks.find(one => one.making === making) as Task;
      const counts = partsOf.get(making);
      return counts ? splitMails(task, counts, total) : fitted([task], () => total);
    },
    count: (making: Making): number => {
      const counts = partsOf.get(making);
      if (counts) return [...counts.values()].reduce((sum, parts) => sum + parts, 0);
      return making.edition.plan.notices.filter(({ kind }) => kind === 'commit').length;
    },
    mails: async function* (totalOf: (making: Making) => number): AsyncGenerator<Mail> {
      if (whole.length > 0) yield* fitted(whole, totalOf);
      for (const task of together) {
        const counts = partsOf.get(task.making);
        if (counts) yield* splitMails(task, counts, totalOf(task.making));
      }
    },
  };
}
