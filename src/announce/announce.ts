import { mailSize } from '../delivery/compose.ts';
import type { Git } from '../git/git.ts';
import { readHeadlines } from '../git/read-headlines.ts';
import { pusherOf } from '../host/pusher.ts';
import type { Config } from '../model/config.ts';
import type { Content } from '../model/content.ts';
import type { Ledger } from '../model/ledger.ts';
import { type Mail, roomWithin } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { PushFacts, PushPlan } from '../model/push-plan.ts';
import { planPush, wishOf } from '../plan/plan-push.ts';
import { fitDigest, fitText } from '../render/fit.ts';
import { renderNotice } from '../render/render-notice.ts';
import type { RenderContext } from '../render/templates.ts';
import { commitMails } from './commit-mails.ts';
import { readSummary } from './read-summary.ts';
import { survey } from './survey.ts';

/** Bytes that a commit takes in a digest, at the least: id, subject, author and shortstat. */
const DIGEST_LINE = 80;

/**
 * Takes a push from what the hook saw to its mails. The same push gives the same mails, however often it is asked.
 * @param largest bytes that the server takes in a mail, 0 where that is not known; asked where there are mails to make
 * @returns what it has to announce, what it does to the ledger, and its mails in order, each made when it is asked for: only one is in memory
 */
export async function announce(
  git: Git,
  push: Push,
  ledger: Ledger,
  host: RenderContext,
  largest: () => Promise<number> = async () => 0,
) {
  const { config } = host;
  const { name, email, repository } = pusherOf(push.environment);
  const context = {
    ...host,
    // As its host has it (`team/mig`), unless refpost.repoName is set.
    repositoryName: (config.repoName === undefined && repository) || host.repositoryName,
    ...(name === undefined ? {} : { pusher: { name, ...(email === undefined ? {} : { email }) } }),
  };
  const facts = await survey(git, push, ledger, config);
  const wish = config.pushOptions ? wishOf(push.options) : 'all';
  const policy = { ...config, wish, maxListed: Math.floor(config.maxSize / DIGEST_LINE) };
  const { plan, ...rest } = planPush(facts, ledger, policy);
  return { ...rest, plan, mails: renderMails(git, plan, facts, context, largest) };
}

async function* renderMails(
  git: Git,
  plan: PushPlan,
  { history, refsNow, skews }: PushFacts,
  host: RenderContext,
  largest: () => Promise<number>,
): AsyncGenerator<Mail> {
  if (plan.notices.length === 0) return;
  const config = within(host.config, await largest());
  const context = { ...host, config };
  const { maxSize } = config;
  const merges = new Set(history.filter(({ parents }) => parents.length > 1).map(({ id }) => id));
  const commits = await commitMails(git, plan, id => merges.has(id), context);
  // Where the refs are looked at, a push may start from a value that the ledger never had.
  const known = refsNow.size === 0 ? skews : undefined;
  // The plan has the commits first.
  const others = plan.notices.filter(notice => notice.kind !== 'commit');
  const total = commits.count + others.length;
  let number = commits.count;
  yield* commits.mails(total);
  for (const notice of others) {
    const position = { number: ++number, total };
    const render = (content: Content) => renderNotice(plan, content, position, context);
    if (notice.kind === 'summary') {
      yield fitText(render(await readSummary(git, notice, known)), maxSize, mailSize);
      continue;
    }
    const ids = notice.groups.flatMap(group => group.commits);
    const headlines = await readHeadlines(git, ids, { shortstat: true });
    yield fitDigest({ notice, headlines }, maxSize, content => {
      const made = render(content);
      return { made, size: mailSize(made) };
    });
  }
}

/** Settings by which no mail is larger than the server takes. A patch comes on top of a mail, and may double where it is encoded. */
function within(config: Config, largest: number): Config {
  if (largest === 0) return config;
  const room = roomWithin(largest, config.to);
  const maxSize = Math.min(config.maxSize, room);
  return {
    ...config,
    maxSize,
    maxAttachment: Math.min(config.maxAttachment, Math.floor((room - maxSize) / 2)),
  };
}
