import { addressesIn, isWithin, parseMailbox, readAddress } from '../model/address.ts';
import { type Audience, type Config, type Copies, fixedRecipients, namesPeopleBy } from '../model/config.ts';
import type { RefChange } from '../model/push.ts';
import type { Named, PushFacts } from '../model/push-plan.ts';
import { trailerOf } from '../model/words.ts';

/** Whom a setting names for a commit; or for a ref, by its change. */
export type NamedFor = (matter: string, change?: RefChange) => readonly Named[];

/** True for an audience that hears of what names somebody. */
export function isOfPeopleAlone(config: Config): boolean {
  return fixedRecipients(config).length === 0 && namesPeopleBy(config).length > 0;
}

/** What there is somebody for in an audience of people alone. */
export function namesOf(audience: Audience, facts: PushFacts, pusher: readonly string[]) {
  const named = nameable(audience, facts, pusher);
  const isSomebody = (one: Named) => allowed(one, audience.config).length > 0;
  const isFor: (...matter: Parameters<NamedFor>) => boolean = (...matter) =>
    named !== undefined && [named.cc, named.bcc].some(namedFor => namedFor(...matter).some(isSomebody));
  return {
    isForCommit: (id: string) => isFor(id),
    isForRef: (change: RefChange) => isFor(change.ref, change),
  };
}

/** For Cc and Bcc; undefined where an audience names no people. */
export function nameable(audience: Audience, facts: PushFacts, pusher: readonly string[]) {
  const { cc, bcc } = audience.config;
  if (namesPeopleBy(audience.config).length === 0) return undefined;
  const owners = facts.about.owners.get(audience.name);
  // Trailers come last: whoever pushes writes as many as they like, and must not leave the others no room.
  const isTrailer = (word: string) => trailerOf(word) !== undefined;
  const byWords = ({ people: words }: Copies, files: boolean): NamedFor => {
    const trailers = words.filter(isTrailer);
    const others = words.filter(word => !isTrailer(word));
    return (matter, change) => {
      const ofWords = (some: readonly string[]) =>
        some.flatMap(word => byWord(word, matter, change, facts, pusher));
      return [...ofWords(others), ...((files && owners?.get(matter)) || []), ...ofWords(trailers)];
    };
  };
  return { cc: byWords(cc, true), bcc: byWords(bcc, false) };
}

function byWord(
  word: string,
  matter: string,
  change: RefChange | undefined,
  { about }: PushFacts,
  pusher: readonly string[],
): Named[] {
  const names = (...list: (string | undefined)[]) => list.flatMap(who => (who ? [{ who, why: word }] : []));
  if (word === 'pusher') return names(pusher.find(one => readAddress(one)));
  if (change) return word === 'tagger' ? names(about.taggers.get(change.new)) : [];
  const idents = about.idents.get(matter);
  if (word === 'author' || word === 'committer') return names(idents?.[word]);
  const values = idents?.trailers.get(trailerOf(word) ?? '') ?? [];
  return names(...values.flatMap(value => (addressesIn(value).length > 0 ? addressesIn(value) : [value])));
}

/** The addresses that somebody has here, or why they have none: the repository may choose among people whom the settings allow. */
export function addressesOf(
  who: string,
  { groups, personDomains }: Config,
): readonly string[] | 'handle' | 'domain' | 'invalid' {
  const address = parseMailbox(who)?.address;
  if (address !== undefined) return isWithin(address, personDomains) ? [address] : 'domain';
  if (!who.startsWith('@')) return 'invalid';
  // Hosts take handles in any case of letters.
  const name = [...groups.keys()].find(one => one.toLowerCase() === who.toLowerCase());
  return (name && groups.get(name)) || 'handle';
}

export function allowed({ who }: Named, config: Config): readonly string[] {
  const addresses = addressesOf(who, config);
  return typeof addresses === 'string' ? [] : addresses;
}
