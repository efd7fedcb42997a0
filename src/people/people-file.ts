import { meaning } from '../model/address.ts';
import type { Budget } from '../model/glob-budget.ts';
import type { Named } from '../model/push-plan.ts';
import { decode } from '../model/text.ts';
import { codeowners } from './codeowners.ts';
import { maintainers } from './maintainers.ts';
import { findRules, type Rule, type Syntax } from './rules.ts';

/** A file of a repository that says whom paths concern. */
export interface PeopleFile {
  /** What keeps it from naming anybody, worded to follow its name. */
  readonly fault?: string;
  /** Whom it names for any of these paths: each once, in the file's order. */
  of(paths: readonly string[]): Naming;
}

interface Naming {
  readonly named: readonly Named[];
  /** Set where the file and the paths that it was asked about are more than is looked at, so that some people may be missing. */
  readonly unjudged?: true;
}

const SYNTAXES: Readonly<Record<string, () => Promise<Syntax>>> = {
  CODEOWNERS: async () => codeowners,
  MAINTAINERS: async () => maintainers,
  // The parser of YAML would be a twentieth of the start of each worker.
  '.asf.yaml': async () => (await import('./asf-yaml.ts')).asfYaml,
};

/** Comparisons of rules with paths: whoever may push writes both. Less than a second. */
const WORK = 100_000_000;
/** What it costs of that to name somebody. */
const PERSON = 200;

/**
 * Reads a people file, the kind of which its base name says. It has a budget for all that it is asked about, so read it once for each push.
 * @param path from the root of the repository
 * @returns undefined for a name that no such file has
 */
export async function parsePeopleFile(path: string, text: Buffer): Promise<PeopleFile | undefined> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const syntax = Object.hasOwn(SYNTAXES, name) ? await SYNTAXES[name]?.() : undefined;
  if (syntax === undefined) return undefined;
  const rules =
    text.length > syntax.largest
      ? `is larger than ${syntax.largest} bytes`
      : syntax.parse(decode(text).replace(/^\ufeff/, ''), path);
  if (typeof rules === 'string') return { fault: rules, of: () => ({ named: [] }) };
  return { of: namesIn(path, rules, syntax, { left: WORK }) };
}

function namesIn(path: string, rules: readonly Rule[], syntax: Syntax, budget: Budget): PeopleFile['of'] {
  const rulesFor = findRules(rules);
  return paths => {
    const counting = new Set<Rule>();
    for (const one of paths) {
      const found = rulesFor(one, budget);
      // What was not compared with all rules might count or not.
      if (budget.left <= 0) break;
      for (const rule of syntax.counting(found)) counting.add(rule);
    }
    const named = new Map<string, Named>();
    for (const { line, pattern, who } of [...counting].sort((one, other) => one.line - other.line)) {
      budget.left -= who.length * PERSON;
      if (budget.left <= 0) break;
      for (const one of who) {
        const key = meaning(one);
        if (!named.has(key)) named.set(key, { who: one, why: `${path} line ${line}: ${pattern}` });
      }
    }
    return { named: [...named.values()], ...(budget.left <= 0 && { unjudged: true as const }) };
  };
}
