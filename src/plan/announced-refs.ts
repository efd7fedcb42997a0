import { refMatches } from '../model/glob.ts';
import type { RefScope } from '../model/ledger.ts';
import { inNamespace } from '../model/ref-change.ts';

/**
 * True for a ref that is announced. To a ref that is not, refpost is blind: it is neither mailed nor counts as seen. An exclusion
 * wins. Patterns mean full names, and in a namespace (gitnamespaces(7)) also those below it.
 */
export function isAnnounced(ref: string, scope: RefScope): boolean {
  const { namespace, name } = inNamespace(ref);
  const matches = (pattern: string) =>
    refMatches(pattern, ref) || (namespace !== '' && refMatches(pattern, name));
  return scope.refs.some(matches) && !scope.excludeRefs.some(matches);
}

/** The entries of refs that are announced. */
export function announcedOnly(refs: ReadonlyMap<string, string>, scope: RefScope): Map<string, string> {
  return new Map([...refs].filter(([ref]) => isAnnounced(ref, scope)));
}

/**
 * The values of branches and tags that are not announced, excluded ones apart: what these had before is no news where a ref is
 * created. Other refs (changes under review, pull requests) may hold what is only to come.
 */
export function outsideOf(refs: ReadonlyMap<string, string>, scope: RefScope): string[] {
  const published = { refs: ['refs/heads', 'refs/tags'], excludeRefs: scope.excludeRefs };
  return [
    ...new Set(
      [...refs].flatMap(([ref, id]) => (isAnnounced(ref, published) && !isAnnounced(ref, scope) ? [id] : [])),
    ),
  ];
}
