import { addressesIn } from '../model/address.ts';
import { flatGlob, type Glob, gitGlob } from '../model/glob-budget.ts';
import { isRuleLike, type Rule, type Syntax } from './rules.ts';

/*
 * MAINTAINERS, in the syntax of the Linux kernel, as its scripts/get_maintainer.pl reads it:
 *
 *   INTEL ETHERNET DRIVERS
 *   M:	Ann <ann@example.org>
 *   R:	Bo <bo@example.org>
 *   L:	net@lists.example.org (moderated for non-subscribers)
 *   S:	Supported
 *   F:	drivers/net/ethernet/intel/
 *   X:	drivers/net/ethernet/intel/old/
 *
 * A section starts with a line that has no tag. Each section counts that has a file (F), unless it also excludes it (X). N and K, which are regular
 * expressions, are not read; nor is a list that takes mail from subscribers alone.
 */

const LARGEST = 3_000_000;
const TAGGED = /^([A-Z]):(.*)$/;
const SUBSCRIBERS_ONLY = /\bsubscribers-only\b/;

export const maintainers: Syntax = { largest: LARGEST, parse, counting };

function parse(text: string): readonly Rule[] {
  const rules: Rule[] = [];
  let [section, who]: [string, string[]] = ['', []];
  for (const [index, line] of text.split('\n').entries()) {
    const [, tag, rest = ''] = TAGGED.exec(line.trimEnd()) ?? [];
    const value = rest.trim();
    // The kernel's script knows neither: a comment or a blank line ends no section.
    if (tag === undefined && !/^\s*(?:#|$)/.test(line)) [section, who] = [`${index}`, []];
    if (tag === 'M' || tag === 'R' || (tag === 'L' && !SUBSCRIBERS_ONLY.test(value)))
      who.push(...addressesIn(value));
    if ((tag === 'F' || tag === 'X') && isRuleLike(value))
      rules.push({
        line: index + 1,
        pattern: value,
        globs: globsOf(value),
        who,
        section,
        excludes: tag === 'X',
      });
  }
  return rules;
}

/**
 * A pattern with a slash at its end means all that is below, and its `*` folders too. Any other means what starts with it at its own depth, so that
 * `kernel/fork` means kernel/fork.c, and `[ch]` is one of these characters; and since a folder may be written without its slash, what is below it. `**` is any number of folders.
 */
function globsOf(pattern: string): readonly Glob[] {
  const text = pattern.replaceAll('\\', '\\\\');
  if (pattern.endsWith('/') || pattern.includes('**')) return [flatGlob(`${text}*`)];
  const below = /[*?[]/.test(pattern) ? [] : [gitGlob(`/${text}/`)];
  return [gitGlob(`/${text}${pattern.endsWith('*') ? '' : '*'}`), ...below];
}

/** One rule of each section, unless another of the section excludes the path. */
function counting(rules: readonly Rule[]): readonly Rule[] {
  const first = new Map(rules.toReversed().map(rule => [rule.section, rule]));
  for (const { section } of rules.filter(({ excludes }) => excludes)) first.delete(section);
  return [...first.values()];
}
