import { meaning } from '../model/address.ts';
import { type Audience, type Config, fixedRecipients } from '../model/config.ts';
import {
  allOf,
  type Chosen,
  type Dropped,
  type Edition,
  noticeName,
  type People,
  type Recipients,
  storiesOf,
} from '../model/edition.ts';
import type { Named, Notice, PushFacts, PushPlan, Reason } from '../model/push-plan.ts';
import { addressesOf, allowed, isOfPeopleAlone, type NamedFor, nameable } from './naming.ts';

/** What an audience hears, if nobody in it hears it from another one. */
export interface Hearing {
  readonly audience: Audience;
  readonly plan: PushPlan;
  /** The refs of which it is told something besides commits. */
  readonly refs: ReadonlySet<string>;
  /** The addresses that its settings name, as they mean. */
  readonly named: ReadonlySet<string>;
  /** True for a commit that it heard of before this push, since it hears of other refs than the rest. */
  readonly heardBefore: (commit: string) => boolean;
  /** The same without commits and refs of which others tell. */
  readonly without: (commits: ReadonlySet<string>, refs: ReadonlySet<string>, reason: Reason) => PushPlan;
}

/** An edition before people of the push are added to it. */
interface Draft {
  readonly hearing: Hearing;
  readonly recipients: Recipients;
  readonly plan: PushPlan;
}

/** What is told already, by the commit or ref and to whom. */
type Served = Map<string, Set<string>>;

/**
 * Adds the people of the push whom the settings name by words or files. They get what they do not get as recipients of some audience, and
 * each commit from one audience alone. An audience of such people alone tells what there is somebody for.
 */
export function withPeople(drafts: readonly Draft[], facts: PushFacts, pusher: readonly string[]): Edition[] {
  const served: Served = new Map();
  noteBefore(served, drafts, facts);
  for (const { plan, recipients } of drafts) {
    for (const notice of plan.notices) note(served, mattersOf(notice, plan), allOf(recipients));
  }
  return drafts.map(draft => {
    const { audience } = draft.hearing;
    const named = nameable(audience, facts, pusher);
    const first = peopleOf(draft.plan, draft, named, served);
    const plan = isOfPeopleAlone(audience.config) ? withoutLonely(draft, first) : draft.plan;
    const people = plan === draft.plan ? first : peopleOf(plan, draft, named, served);
    for (const notice of plan.notices) {
      const { cc, bcc } = people.get(noticeName(notice)) ?? NOBODY;
      note(
        served,
        mattersOf(notice, plan),
        [...cc, ...bcc].map(({ address }) => address),
      );
    }
    const peopleFaults = facts.about.peopleFaults.get(audience.name) ?? [];
    return { audience: audience.name, plan, recipients: draft.recipients, people, peopleFaults };
  });
}

/** What came to a ref of one audience before, and comes to one of another now. */
function noteBefore(served: Served, drafts: readonly Draft[], facts: PushFacts): void {
  const told = new Set(drafts.flatMap(({ plan }) => [...plan.told]));
  for (const { audience, heardBefore } of new Set(drafts.map(({ hearing }) => hearing))) {
    const { config } = audience;
    const fixed = fixedRecipients(config);
    // Who pushed it then is not known.
    const named = nameable(audience, facts, []);
    for (const id of told)
      if (heardBefore(id)) {
        const people = named ? [...named.cc(id), ...named.bcc(id)] : [];
        note(served, [id], [...fixed, ...people.flatMap(one => allowed(one, config))]);
      }
  }
}

const NOBODY: People = { cc: [], bcc: [], dropped: [] };

function note(served: Served, matters: readonly string[], addresses: readonly string[]): void {
  for (const matter of addresses.length > 0 ? matters : []) {
    const who = served.get(matter) ?? new Set();
    for (const address of addresses) who.add(meaning(address));
    served.set(matter, who);
  }
}

/** What a notice is about: commits, and refs. */
function mattersOf(notice: Notice, plan: Pick<PushPlan, 'told'>): readonly string[] {
  const refs = storiesOf(notice).map(({ change }) => change.ref);
  if (notice.kind === 'commit') return [notice.commit, ...refs];
  return notice.kind === 'digest' ? [...plan.told] : refs;
}

/** Who gets a copy of each notice, by its name. */
function peopleOf(
  { notices, told }: PushPlan,
  { hearing, recipients }: Draft,
  named: ReturnType<typeof nameable>,
  served: Served,
): ReadonlyMap<string, People> {
  if (!named) return new Map();
  const { config } = hearing.audience;
  const room = config.maxRecipients - allOf(recipients).length;
  return new Map(
    notices.map(notice => {
      const changes = new Map(storiesOf(notice).map(({ change }) => [change.ref, change]));
      const { take, dropped } = chooser(config, room, served);
      const takeAll = (namedFor: NamedFor) =>
        mattersOf(notice, { told }).flatMap(matter =>
          namedFor(matter, changes.get(matter)).flatMap(one => take(one, matter)),
        );
      return [
        noticeName(notice),
        { cc: takeAll(named.cc), bcc: takeAll(named.bcc), dropped: onceEach(dropped) },
      ];
    }),
  );
}

/** Gives the addresses of people, each once, while there is room, and keeps those that it gives none for. */
function chooser(config: Config, room: number, served: Served) {
  const dropped: Dropped[] = [];
  const taken = new Set<string>();
  const take = (named: Named, matter: string): readonly Chosen[] => {
    const addresses = addressesOf(named.who, config);
    if (typeof addresses === 'string') dropped.push({ ...named, reason: addresses });
    const found = (typeof addresses === 'string' ? [] : addresses).filter(address => {
      const name = meaning(address);
      const reason = served.get(matter)?.has(name) ? 'served' : taken.size < room ? undefined : 'many';
      if (taken.has(name)) return false;
      if (reason) dropped.push({ ...named, reason });
      else taken.add(name);
      return !reason;
    });
    return found.map(address => ({ address, why: named.why }));
  };
  return { take, dropped };
}

/** Many commits of a digest name the same people. */
function onceEach(dropped: readonly Dropped[]): readonly Dropped[] {
  return [...new Map(dropped.map(one => [`${one.who} ${one.reason}`, one])).values()];
}

/** The plan without what all who are named have from elsewhere. */
function withoutLonely({ hearing, plan }: Draft, people: ReadonlyMap<string, People>): PushPlan {
  const lonely = plan.notices.filter(notice => {
    const { cc, bcc } = people.get(noticeName(notice)) ?? NOBODY;
    return cc.length + bcc.length === 0;
  });
  if (lonely.length === 0) return plan;
  const refs = new Set(lonely.flatMap(storiesOf).map(({ change }) => change.ref));
  const matters = lonely.flatMap(notice => mattersOf(notice, plan));
  return hearing.without(new Set(matters.filter(one => !refs.has(one))), refs, 'nobody');
}
