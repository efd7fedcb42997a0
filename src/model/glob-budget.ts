import { flatMatches, globMatches } from './glob.ts';

/** Work that may still be done. Whoever may push writes patterns and paths, and many of both. */
export interface Budget {
  left: number;
}

/** What one comparison costs of a budget at the least; a character of pattern against one of a path costs 1. */
const COMPARISON = 20;

/** A pattern that is compared with thousands of paths. */
export interface Glob {
  readonly pattern: string;
  /** Of what `start` and `end` are: of each path that it means, of its last name, or of a folder somewhere on the way to it. */
  readonly of: 'path' | 'name' | 'folder';
  /** Cheap to compare, and nearly always enough to see that it does not match. */
  readonly start: string;
  readonly end: string;
  readonly matches: (pattern: string, path: string) => boolean;
}

/** A pattern as `globMatches` has it. */
export function gitGlob(pattern: string): Glob {
  const names = pattern.replace(/^\/+|\/+$/g, '');
  const isBelow = pattern.endsWith('/');
  const of = pattern.startsWith('/') || names.includes('/') ? 'path' : isBelow ? 'folder' : 'name';
  const { start, end } = literalEnds(names);
  const ends = {
    name: { start, end },
    folder: { start, end: `${end}/` },
    path: { start: isBelow && start === names ? `${start}/` : start, end: isBelow ? '' : end },
  };
  return { pattern, of, ...ends[of], matches: globMatches };
}

/** A pattern as `flatMatches` has it. */
export function flatGlob(pattern: string): Glob {
  return { pattern, of: 'path', ...literalEnds(pattern), matches: flatMatches };
}

/** @param budget is used up by it */
export function matchesWithin(
  { pattern, of, start, end, matches }: Glob,
  path: string,
  budget: Budget,
): boolean {
  budget.left -= COMPARISON;
  const subject = of === 'name' ? path.slice(path.lastIndexOf('/') + 1) : path;
  const isLikely =
    of === 'folder'
      ? subject.includes(start) && subject.includes(end)
      : subject.startsWith(start) && subject.endsWith(end);
  if (!isLikely) return false;
  budget.left -= pattern.length * subject.length;
  return matches(pattern, path);
}

/** What stands before the first and after the last character of a pattern that stands for others. */
function literalEnds(pattern: string): { readonly start: string; readonly end: string } {
  const [start = ''] = /^[^*?[\\]*/.exec(pattern) ?? [];
  const [end = ''] = /[^*?\]\\/]*$/.exec(pattern) ?? [];
  return { start, end };
}
