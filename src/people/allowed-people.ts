import { isWithin, meaning } from '../model/address.ts';
import type { Named } from './rules.ts';

/** Whom an administrator allows to be mailed because the repository names them. */
export interface Allowance {
  /** `example.org`, or `*.example.org` for every domain below; in lower case, as ASCII. */
  readonly personDomains: readonly string[];
  /** By handle, its @ included. The administrator's own, so of any domain. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** The most addresses that are kept. */
  readonly most: number;
}

/** `domain`: its domain is not allowed; `handle`: no group has this name; `most`: there are too many before it. */
export interface Dropped extends Named {
  readonly reason: 'domain' | 'handle' | 'most';
}

/** Addresses out of what a repository names: the first `most` that are allowed, each once, in order; and who is left out, and why. */
export function allowedPeople(
  named: readonly Named[],
  { personDomains, groups, most }: Allowance,
): { readonly kept: readonly Named[]; readonly dropped: readonly Dropped[] } {
  const members = new Map([...groups].map(([name, addresses]) => [name.toLowerCase(), addresses]));
  const kept = new Map<string, Named>();
  const dropped: Dropped[] = [];

  function keep(one: Named): void {
    const key = meaning(one.who);
    if (kept.has(key)) return;
    if (kept.size < most) kept.set(key, one);
    else dropped.push({ ...one, reason: 'most' });
  }

  for (const one of named) {
    const { who, why } = one;
    if (!who.startsWith('@')) {
      if (isWithin(who, personDomains)) keep(one);
      else dropped.push({ ...one, reason: 'domain' });
      continue;
    }
    const group = members.get(who.toLowerCase());
    if (group === undefined) dropped.push({ ...one, reason: 'handle' });
    for (const address of group ?? []) keep({ who: address, why: `${why} (${who})` });
  }
  return { kept: [...kept.values()], dropped };
}
