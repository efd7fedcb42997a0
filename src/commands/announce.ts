import { randomBytes } from 'node:crypto';
import type { Git } from '../git/git.ts';
import { readCommits } from '../git/read-commits.ts';
import { readHeadlines } from '../git/read-headlines.ts';
import type { Commit } from '../model/commit.ts';
import type { Ledger, LedgerMove } from '../model/ledger.ts';
import type { Mail } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { Notice, PushPlan } from '../model/push-plan.ts';
import type { Told } from '../model/told.ts';
import { planPush } from '../plan/plan-push.ts';
import { wishOf } from '../plan/wish.ts';
import type { RenderContext } from '../render/context.ts';
import { renderNotice } from '../render/render-notice.ts';
import { survey } from './survey.ts';
import { tellSummary } from './tell-summary.ts';

/** Bytes that a commit takes in a digest, about: subject, author, shortstat and link. */
const DIGEST_LINE = 200;

/** A push on its way through plan, read and render. */
export interface Announcement {
  readonly plan: PushPlan;
  /** The mails in their order, each made when it is asked for, so that only one is held in memory. */
  readonly mails: AsyncIterable<Mail>;
  /** What it does to the ledger; absent for a `notify`. */
  readonly move?: LedgerMove;
}

/** Takes a push from what the hook saw to its mails. The same push gives the same mails, however often it is asked. */
export async function announce(
  git: Git,
  push: Push,
  ledger: Ledger,
  context: RenderContext,
): Promise<Announcement> {
  const { config } = context;
  const { facts, move } = await survey(git, push, ledger, config);
  const wish = config.pushOptions ? wishOf(push.options) : 'all';
  const plan = planPush(facts, { ...config, wish, maxListed: Math.floor(config.maxSize / DIGEST_LINE) });
  return { plan, mails: renderMails(git, plan, context), ...(move ? { move } : {}) };
}

async function* renderMails(git: Git, plan: PushPlan, context: RenderContext): AsyncGenerator<Mail> {
  const ids = plan.notices.flatMap(notice => (notice.kind === 'commit' ? [notice.commit] : []));
  const commits = readCommits(git, ids, {
    maxSize: context.config.maxSize,
    mark: randomBytes(16).toString('hex'),
  });
  const total = plan.notices.length;
  let number = 0;
  for (const notice of plan.notices) {
    number++;
    yield renderNotice(plan, await tell(git, notice, commits), { number, total }, context);
  }
}

/** Reads from git what a notice needs. */
async function tell(git: Git, notice: Notice, commits: AsyncGenerator<Commit>): Promise<Told> {
  switch (notice.kind) {
    case 'commit': {
      const { value } = await commits.next();
      return { notice, commit: value as Commit };
    }
    case 'digest':
      return {
        notice,
        headlines: await readHeadlines(
          git,
          notice.groups.flatMap(group => group.commits),
        ),
      };
    case 'summary':
      return tellSummary(git, notice);
  }
}
