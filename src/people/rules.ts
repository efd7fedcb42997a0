import { type Budget, type Glob, matchesWithin } from '../model/glob-budget.ts';

/** What one line of a people file says about the paths that it means. */
export interface Rule {
  readonly line: number;
  /** As it stands in the file. */
  readonly pattern: string;
  readonly globs: readonly Glob[];
  readonly who: readonly string[];
  /** Rules of one section are weighed against each other. */
  readonly section: string;
  /** The paths that it means are none of its section's. */
  readonly excludes: boolean;
}

/** A kind of people file. */
export interface Syntax {
  /** Bytes. A larger file names nobody. */
  readonly largest: number;
  /** @returns what keeps it from being read, worded to follow the file's name, in place of rules */
  readonly parse: (text: string, path: string) => readonly Rule[] | string;
  /** Of the rules that mean one path, in the file's order, those that count. */
  readonly counting: (rules: readonly Rule[]) => readonly Rule[];
}

/** A longer one means nothing. */
const LONGEST_PATTERN = 1000;

export function isRuleLike({ length }: string): boolean {
  return length > 0 && length <= LONGEST_PATTERN;
}

/** Letters, digits and `_ . -`, in parts divided by slashes: names of users, and of teams and groups below others. `@@developer` is a role and none. */
const HANDLE = /^@\w[\w.-]*(?:\/\w[\w.-]*)*$/;
const LONGEST_HANDLE = 255;

export function isHandle(word: string): boolean {
  return word.length <= LONGEST_HANDLE && HANDLE.test(word);
}

/** Finds the rules that mean a path, in the file's order. */
export type RuleFinder = (path: string, budget: Budget) => readonly Rule[];

/**
 * Rules lie by the folder that all which they mean is in, so that of thousands only those are compared whose folder is on the way to a path.
 */
export function findRules(rules: readonly Rule[]): RuleFinder {
  const byFolder = new Map<string, Rule[]>();
  for (const rule of rules) {
    const folder = folderOf(rule.globs);
    const there = byFolder.get(folder);
    if (there) there.push(rule);
    else byFolder.set(folder, [rule]);
  }

  return (path, budget) => {
    const found: Rule[] = [];
    for (let end = 0; budget.left > 0; end = path.indexOf('/', end) + 1) {
      budget.left -= end + 1;
      for (const rule of byFolder.get(path.slice(0, end)) ?? []) {
        if (budget.left <= 0) break;
        if (rule.globs.some(glob => matchesWithin(glob, path, budget))) found.push(rule);
      }
      if (!path.includes('/', end)) break;
    }
    return found.sort((one, other) => one.line - other.line);
  };
}

function folderOf(globs: readonly Glob[]): string {
  const [first] = globs;
  return first?.of === 'path' ? first.start.slice(0, first.start.lastIndexOf('/') + 1) : '';
}
