import { meaning } from '../model/address.ts';
import { type Audience, type Config, fixedRecipients } from '../model/config.ts';
import { type Edition, type Recipients, storiesOf } from '../model/edition.ts';
import { flatMatches } from '../model/glob.ts';
import type { HistoryCommit } from '../model/history.ts';
import type { RefChange } from '../model/push.ts';
import { type PushFacts, type PushPlan, patternsName, type Reason, scopeName } from '../model/push-plan.ts';
import { isAnnounced } from './announced-refs.ts';
import { isOfPeopleAlone, namesOf } from './naming.ts';
import { type Hearing, withPeople } from './people.ts';
import { type PlanPolicy, type PushWish, planChanges, reasonAgainst } from './plan-changes.ts';

/** Bytes that a commit takes in a digest, at the least: id, subject, author and shortstat. */
const DIGEST_LINE = 80;

/** What the push itself has to say. */
export interface Asked {
  readonly wish: PushWish;
  /** The names and addresses by which the pusher is known, in lower case. */
  readonly pusher: readonly string[];
  /** True where somebody asks for refs by name: the default audience hears of them in any case. */
  readonly asksByName: boolean;
}

/**
 * Decides which audience hears what. Who is named in several gets each commit once, and hears of each ref once, from the first that matches;
 * where that differs within an audience, it has several editions: so nobody's mails have a gap in their numbers. What an audience
 * with `instead` hears is not for the default one. Each audience has an edition, also if that tells nothing.
 */
export function planEditions(
  changes: readonly RefChange[],
  facts: PushFacts,
  audiences: readonly Audience[],
  asked: Asked,
): Edition[] {
  const commits = new Map(facts.all.map(commit => [commit.id, commit]));
  const all = audiences.map(audience => hear(audience, changes, facts, commits, asked));
  const taken = all.filter(({ audience }) => audience.name !== '' && audience.config.instead);
  const hearings = all.map(hearing =>
    hearing.audience.name === '' && taken.length > 0 ? leaveTo(taken, hearing) : hearing,
  );
  const drafts = hearings.flatMap((hearing, at) =>
    shared(hearing, at, hearings).map(({ commits, refs, recipients }, share) => {
      const plan =
        commits.size + refs.size === 0 ? hearing.plan : hearing.without(commits, refs, 'elsewhere');
      return { hearing, recipients, plan: share === 0 ? plan : { ...plan, share } };
    }),
  );
  return withPeople(drafts, facts, asked.pusher);
}

function hear(
  audience: Audience,
  all: readonly RefChange[],
  facts: PushFacts,
  commits: ReadonlyMap<string, HistoryCommit>,
  { wish, pusher, asksByName }: Asked,
): Hearing {
  const { config, name } = audience;
  const isOurs = ({ ref }: RefChange) => (asksByName && name === '') || isAnnounced(ref, config);
  const isHeard = config.pushers.length === 0 || pusher.some(text => matchesOne(config.pushers, text));
  const changes = isHeard ? all.filter(isOurs) : [];
  const history = facts.histories.get(scopeName(config)) ?? facts.history;
  const names = isOfPeopleAlone(config) ? namesOf(audience, facts, pusher) : undefined;
  const policy: PlanPolicy = {
    ...config,
    kinds: config.kinds.length === 0 && choosesCommits(config) ? ['commit', 'digest'] : config.kinds,
    maxListed: Math.floor(config.maxSize / DIGEST_LINE),
    wish,
    // What there is nobody for is neither told nor taken from others.
    unwanted: id => unwanted(id, config, facts) ?? (names && !names.isForCommit(id) ? 'nobody' : undefined),
    wantsRef: change => !names || names.isForRef(change),
  };
  // Who pushed a commit then is not known, nor how old it was.
  const byAll: PlanPolicy = { ...policy, wish: 'all', maxAge: undefined };
  const planBy = (own: PlanPolicy) => planChanges(changes, { ...facts, history }, own);
  const plan = planBy(policy);
  const news = new Set(history.map(({ id }) => id));
  return {
    audience,
    plan,
    refs: refsOf(plan),
    named: new Set(fixedRecipients(config).map(meaning)),
    heardBefore: id => {
      const commit = news.has(id) ? undefined : commits.get(id);
      return commit !== undefined && config.pushers.length === 0 && !reasonAgainst(commit, facts, byAll);
    },
    without: (others, refs, reason) =>
      planBy({
        ...policy,
        unwanted: id => policy.unwanted(id) ?? (others.has(id) ? reason : undefined),
        wantsRef: change => !refs.has(change.ref) && policy.wantsRef(change),
      }),
  };
}

/** The refs of which a plan tells something besides commits. */
function refsOf({ notices }: PushPlan): ReadonlySet<string> {
  return new Set(notices.flatMap(storiesOf).map(({ change }) => change.ref));
}

/** What an audience hears besides what others hear in its place. */
function leaveTo(others: readonly Hearing[], hearing: Hearing): Hearing {
  const commits = others.flatMap(({ plan }) => [...plan.told]);
  const refs = others.flatMap(other => [...other.refs]);
  const without: Hearing['without'] = (more, moreRefs, reason) =>
    hearing.without(new Set([...commits, ...more]), new Set([...refs, ...moreRefs]), reason);
  const heardBefore = (id: string) => hearing.heardBefore(id) && !others.some(other => other.heardBefore(id));
  if (commits.length + refs.length === 0) return { ...hearing, heardBefore };
  const plan = without(new Set(), new Set(), 'elsewhere');
  return { ...hearing, plan, refs: refsOf(plan), heardBefore, without };
}

/** Audiences that choose among commits hear of refs only where they say so. */
function choosesCommits({ paths, authors, committers, message }: Config): boolean {
  return paths.length + authors.length + committers.length > 0 || message !== undefined;
}

function matchesOne(patterns: readonly string[], text: string): boolean {
  return patterns.some(pattern => flatMatches(pattern, text.toLowerCase()));
}

/** Why an audience does not hear of a commit. */
function unwanted(
  id: string,
  { paths, authors, committers, message }: Config,
  { about }: PushFacts,
): Reason | undefined {
  const { author = '', committer = '' } = about.idents.get(id) ?? {};
  if (paths.length > 0 && !about.touching.get(patternsName(paths))?.has(id)) return 'paths';
  if (authors.length > 0 && !matchesOne(authors, author)) return 'authors';
  if (committers.length > 0 && !matchesOne(committers, committer)) return 'committers';
  if (message !== undefined && !about.worded.get(message)?.has(id)) return 'message';
  return undefined;
}

/** What others tell those of an audience. */
interface Share {
  readonly commits: ReadonlySet<string>;
  readonly refs: ReadonlySet<string>;
}

/** The recipients of an audience, parted by what they hear from another one. */
function shared(hearing: Hearing, at: number, hearings: readonly Hearing[]) {
  const { config } = hearing.audience;
  const shares = new Map<string, Share & { readonly who: Set<string> }>();
  for (const { who, others } of byOthers(hearing, hearings)) {
    const before = others.filter(other => hearings.indexOf(other) < at);
    const commits = [...hearing.plan.told].filter(
      id => before.some(({ plan }) => plan.told.has(id)) || others.some(other => other.heardBefore(id)),
    );
    const refs = [...hearing.refs].filter(ref => before.some(other => other.refs.has(ref)));
    const key = JSON.stringify([commits, refs]);
    const known = shares.get(key);
    if (known) for (const one of who) known.who.add(one);
    else shares.set(key, { who: new Set(who), commits: new Set(commits), refs: new Set(refs) });
  }
  return [...shares.values()].map(({ who, commits, refs }) => {
    const ofShare = (list: readonly string[]) => list.filter(one => who.has(meaning(one)));
    const recipients: Recipients = {
      to: ofShare(config.to),
      cc: ofShare(config.cc.addresses),
      bcc: ofShare(config.bcc.addresses),
    };
    return { recipients, commits, refs };
  });
}

/** The recipients of an audience by the other audiences that name them, those first who are in no other. */
function byOthers(hearing: Hearing, hearings: readonly Hearing[]) {
  const others = hearings.filter(other => other !== hearing);
  const groups = new Map<string, { readonly who: string[]; readonly others: readonly Hearing[] }>();
  const none = { who: [] as string[], others: [] as readonly Hearing[] };
  for (const one of hearing.named) {
    const naming = others.filter(other => other.named.has(one));
    const key = naming.map(({ audience }) => audience.name).join('\0');
    const group = naming.length === 0 ? none : (groups.get(key) ?? { who: [], others: naming });
    group.who.push(one);
    if (group !== none) groups.set(key, group);
  }
  const isNeeded = none.who.length > 0 || hearing.named.size === 0;
  return [...(isNeeded ? [none] : []), ...groups.values()];
}
