import { linksOf } from '../config/links.ts';
import { mailSize } from '../delivery/compose.ts';
import { signatureRoom } from '../delivery/dkim.ts';
import type { Git } from '../git/git.ts';
import { readHeadlines } from '../git/read-headlines.ts';
import { type Account, accountsIn, withAddress } from '../host/accounts.ts';
import { hosts, knownNames, saidBy } from '../host/hosts.ts';
import type { Audience, Config } from '../model/config.ts';
import type { Content, Position } from '../model/content.ts';
import { type Edition, noticeName } from '../model/edition.ts';
import type { Ledger } from '../model/ledger.ts';
import { type Mail, roomWithin } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { PushFacts } from '../model/push-plan.ts';
import { remembered } from '../model/remembered.ts';
import { planPush, wishOf } from '../plan/plan-push.ts';
import { fitDigest, fitText } from '../render/fit.ts';
import { renderNotice } from '../render/render-notice.ts';
import type { RenderContext } from '../render/templates.ts';
import { keeperOf } from '../repository/host-of.ts';
import { readText } from '../repository/workplace.ts';
import { addressed, envelopeOf } from './addressed.ts';
import { commitMails } from './commit-mails.ts';
import { converted } from './converted.ts';
import { readSummary } from './read-summary.ts';
import type { Making } from './shared-reading.ts';
import { survey } from './survey.ts';
import { withHtml } from './with-html.ts';

export interface AnnounceOptions {
  /** Bytes that the server of an audience takes in a mail, 0 where that is not known; asked where there are mails to make. */
  readonly largest?: (audience: string) => Promise<number>;
  /** True where the default audience hears of refs that it does not name, since somebody asks for them by name. */
  readonly asksByName?: boolean;
}

/**
 * Takes a push from what the hook saw to its mails. The same push gives the same mails, however often it is asked.
 * @param contexts what rendering knows, for each audience in their order
 * @returns what it has to announce to whom, what it does to the ledger, and its mails, each made when it is asked for: only one is in memory.
 *   Those of an audience come in order, those of several one beside the other; and why it has none that its host passes over
 */
export async function announce(
  git: Git,
  push: Push,
  ledger: Ledger,
  contexts: readonly RenderContext[],
  { largest = async () => 0, asksByName = push.kind === 'notify' }: AnnounceOptions = {},
) {
  const [first] = contexts as [RenderContext];
  const { pusherMap, authorMap } = first.config;
  const accounts = accountsIn(authorMap === undefined ? '' : (readText(authorMap) ?? ''));
  const { host, repository, ...said } = saidBy(push.environment);
  // Who pushes by a path sets variables as they like, but a push is hidden only where its repository is of that host.
  const passedOver = said.passedOver && keeperOf(git.gitDir) === host ? said.passedOver : undefined;
  const pusher = pusherMap === undefined ? said.pusher : withAddress(said.pusher, readText(pusherMap) ?? '');
  // Whoever asks by hand is no host; it is known from earlier pushes then.
  const web = said.web ?? hosts.find(({ name }) => name === ledger.host)?.web?.({});
  const name = pusher.name ?? pusher.email;
  const known = contexts.map((context): RenderContext => {
    const links = linksOf(context.config, repository ?? context.repositoryName, web);
    return {
      ...context,
      // As its host has it (`team/mig`), unless refpost.repoName is set.
      repositoryName: (context.config.repoName === undefined && repository) || context.repositoryName,
      ...(name === undefined ? {} : { pusher: { ...pusher, name } }),
      ...(links ? { links } : {}),
    };
  });
  const audiences = contexts.map(({ audience, config }): Audience => ({ name: audience, config }));
  const facts = await survey(git, push, ledger, audiences, first.config.trailers, accounts);
  const asked = first.config.pushOptions ? wishOf(push.options) : 'all';
  const wish = passedOver === undefined ? asked : 'none';
  const planned = planPush(facts, ledger, audiences, { wish, pusher: knownNames(pusher), asksByName });
  const { move } = planned;
  const isNews = move !== undefined && !['ssh', ledger.host].includes(host.name);
  const named = isNews ? { move: { ...move, host: host.name } } : {};
  return {
    ...planned,
    ...named,
    passedOver,
    contexts: known,
    mails: renderMails(git, planned.editions, facts, known, accounts, largest),
  };
}

async function* renderMails(
  git: Git,
  editions: readonly Edition[],
  facts: PushFacts,
  contexts: readonly RenderContext[],
  accounts: ReadonlyMap<string, Account>,
  largest: (audience: string) => Promise<number>,
): AsyncGenerator<Mail> {
  const told = editions.filter(({ plan }) => plan.notices.length > 0);
  // Side by side: each server may be waited for.
  const makings = await Promise.all(
    told.map(async (edition): Promise<Making> => {
      const context = contexts.find(({ audience }) => audience === edition.audience) as RenderContext;
      return {
        edition,
        context: { ...context, config: within(context.config, await largest(edition.audience), edition) },
      };
    }),
  );
  if (makings.length === 0) return;
  const configs = makings.map(({ context }) => context.config);
  const ids = makings.flatMap(({ edition }) => [...edition.plan.told]);
  const known = await converted(git, configs, [...new Set(ids)], accounts);
  const commits = await commitMails(git, makings, facts.all, known);
  const totals = new Map(makings.map(making => [making, commits.count(making) + othersOf(making).length]));
  const totalOf = (making: Making) => totals.get(making) as number;
  // Where the refs are looked at, a push may start from a value that the ledger never had.
  const skews = facts.refsNow.size === 0 ? facts.skews : undefined;
  const read = readers(git, skews);
  yield* commits.mails(totalOf);
  for (const making of makings) {
    const total = totalOf(making);
    if (making.context.config.summary === 'first') yield* inOrder(making, total);
    else
      for (const [at, notice] of othersOf(making).entries())
        yield await otherMail(making, notice, { number: commits.count(making) + at + 1, total });
  }

  /** The mails of refs, and behind each those of its commits. */
  async function* inOrder(making: Making, total: number): AsyncGenerator<Mail> {
    const mails = commits.mailsOf(making, total);
    let number = 0;
    try {
      for (const notice of making.edition.plan.notices) {
        if (notice.kind !== 'commit') yield await otherMail(making, notice, { number: ++number, total });
        else
          for (let left = commits.partsOf(making, notice.commit); left > 0; left--) {
            const { value } = await mails.next();
            if (value) yield value;
            number++;
          }
      }
    } finally {
      await mails.return(undefined);
    }
  }

  async function otherMail(
    { edition, context }: Making,
    notice: ReturnType<typeof othersOf>[number],
    position: Position,
  ): Promise<Mail> {
    const { maxSize } = context.config;
    const render = (content: Content) =>
      addressed(renderNotice(edition.plan, content, position, context), edition, notice, context.config);
    const shown = (mail: Mail, content: Content) => withHtml(mail, edition.plan, content, position, context);
    if (notice.kind === 'summary') {
      const content = await read.summary(notice);
      return shown(fitText(render(content), maxSize, mailSize), content);
    }
    const found = await read.headlines(notice.groups.flatMap(group => group.commits));
    const headlines = new Map([...found].map(([id, one]) => [id, known.headline(one, context.config)]));
    const { mail, content } = fitDigest({ notice, headlines }, maxSize, content => {
      const mail = render(content);
      return { made: { mail, content }, size: mailSize(mail) };
    });
    return shown(mail, content);
  }
}

/** But for the plan of a `first` summary, all commits are before them. */
function othersOf({ edition }: Making) {
  return edition.plan.notices.filter(notice => notice.kind !== 'commit');
}

/** What several audiences hear of is read once. */
function readers(git: Git, skews: PushFacts['skews']) {
  type Summary = Parameters<typeof readSummary>[1];
  const few = 2;
  return {
    summary: remembered(few, (notice: Summary) => readSummary(git, notice, skews), JSON.stringify),
    headlines: remembered(
      few,
      (ids: readonly string[]) => readHeadlines(git, ids, { shortstat: true }),
      ids => ids.join(),
    ),
  };
}

/** Settings by which no mail is larger than the server takes, its signature included. A patch comes on top of a mail, and may double where it is encoded. */
function within(config: Config, largest: number, edition: Edition): Config {
  const signature = signatureRoom(config);
  const most = config.maxSize - signature;
  if (largest === 0) return { ...config, maxSize: most };
  const names = edition.plan.notices.map(notice => envelopeOf(edition, noticeName(notice)));
  const longest = names.reduce((one, each) => (each.length > one.length ? each : one), []);
  const room = roomWithin(largest, longest) - signature;
  const maxSize = Math.min(most, room);
  return {
    ...config,
    maxSize,
    maxAttachment: Math.min(config.maxAttachment, Math.floor((room - maxSize) / 2)),
  };
}
