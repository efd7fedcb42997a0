import { isAddress, isAscii } from '../model/address.ts';
import { type Glob, gitGlob } from '../model/glob-budget.ts';
import { isHandle, type Rule, type Syntax } from './rules.ts';

/*
 * CODEOWNERS, in the syntax of GitHub ("About code owners") or GitLab ("Syntax of CODEOWNERS file"):
 *
 *   # GitHub                           # GitLab
 *   *          @all                    [Documentation][2] @docs ann@example.org
 *   docs/*     docs@example.org        docs/
 *   /apps/     @example/apps # why     README.md @bo
 *   /apps/own                          !/docs/old/
 *
 * A file is GitLab's if it is in .gitlab/, or has a section, an exclusion or a role (`@@maintainer`) in it, which GitHub does not have; else it is
 * GitHub's. What a pattern means is not the same: for GitHub it is that of git's ignore files, so that `docs/a` is at the root and may be a
 * folder; for GitLab `docs/a` is a file at any depth. For both the last rule that means a path counts, for GitLab the last one of each section.
 *
 * Stricter than either: words after a # that stands for itself are no owners (GitLab takes them for such).
 */

/** "CODEOWNERS files must be under 3 MB in size" (GitHub). */
const LARGEST = 3_000_000;

/** `^[Name][2] @owner`: optional, of two approvals, with owners of rules that have none. */
const HEADING = /^\^?\[([^\]]+)\](?:\[\d*\])?(?:\s+(.*))?$/;
/** A pattern, in which `\` takes the next character as it is, and the words after it. */
const RULE = /^(!?)((?:\\.|[^\s\\]){1,1000})(?:\s+(.*))?$/;

interface Line {
  readonly text: string;
  readonly number: number;
}

type Dialect = 'GitHub' | 'GitLab';

export const codeowners: Syntax = { largest: LARGEST, parse, counting };

function parse(text: string, path: string): readonly Rule[] | string {
  if (/^\.(?:gitea|forgejo)\//.test(path))
    return 'is in the syntax of Gitea, the regular expressions of which are not read';
  const lines = text
    .split('\n')
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter(line => line.text !== '' && !line.text.startsWith('#'));
  return dialectOf(lines, path) === 'GitLab' ? readGitLab(lines) : lines.flatMap(readGitHub);
}

function dialectOf(lines: readonly Line[], path: string): Dialect {
  if (/^\.git(hub|lab)\//.test(path)) return path.startsWith('.gitlab/') ? 'GitLab' : 'GitHub';
  const isGitLab = lines.some(({ text }) => HEADING.test(text) || /^!|\s@@\w/.test(text));
  return isGitLab ? 'GitLab' : 'GitHub';
}

/** A rule that GitHub finds invalid is passed over, as it says; one without owners takes owners away. */
function readGitHub({ text, number }: Line): Rule[] {
  const [, negation, pattern = '', words] = RULE.exec(text) ?? [];
  const owners = ownersIn(words);
  const isInvalid =
    negation === '!' || /^\\#|(?<!\\)\[/.test(pattern) || owners.some(word => !word.includes('@'));
  return isInvalid || pattern === '' ? [] : [ruleOf(pattern, gitHubGlobs(pattern), owners, number)];
}

/** What it means may be a folder, and then means all that is below; but "`docs/*` will match files like `docs/getting-started.md` but not further nested files". */
function gitHubGlobs(pattern: string): readonly Glob[] {
  const isFlat = pattern.endsWith('/*') || pattern.endsWith('/');
  return isFlat ? [gitGlob(pattern)] : [gitGlob(pattern), gitGlob(`${pattern}/`)];
}

function readGitLab(lines: readonly Line[]): readonly Rule[] {
  const rules: Rule[] = [];
  let [section, defaults]: [string, readonly string[]] = ['', []];
  for (const { text, number } of lines) {
    const [, name, words] = HEADING.exec(text) ?? [];
    if (name !== undefined) {
      [section, defaults] = [name.toLowerCase(), ownersIn(words)];
      continue;
    }
    const [, negation, pattern = '', own] = RULE.exec(text) ?? [];
    const owners = ownersIn(own);
    if (pattern === '') continue;
    const rule = ruleOf(pattern, [gitLabGlob(pattern)], owners.length > 0 ? owners : defaults, number);
    rules.push({ ...rule, section, excludes: negation === '!' });
  }
  return rules;
}

/** As Ruby's File.fnmatch: `**` is any number of folders before a slash alone, and like one star at the end. */
function gitLabGlob(pattern: string): Glob {
  const anywhere = pattern.startsWith('/') ? pattern : `**/${pattern}`;
  return gitGlob(anywhere.replace(/\/\*\*$/, '/*').replace(/\/\*\*\/$/, '/**/*'));
}

function ruleOf(pattern: string, globs: readonly Glob[], owners: readonly string[], line: number): Rule {
  const who = owners.filter(word => isHandle(word) || (isAddress(word) && isAscii(word)));
  return { line, pattern, globs, who, section: '', excludes: false };
}

/** All words up to a comment. */
function ownersIn(words = ''): readonly string[] {
  const all = words.split(/\s+/).filter(word => word !== '');
  const comment = all.findIndex(word => word.startsWith('#'));
  return comment < 0 ? all : all.slice(0, comment);
}

/** The last one of each section, unless one of the section excludes the path. */
function counting(rules: readonly Rule[]): readonly Rule[] {
  const last = new Map(rules.map(rule => [rule.section, rule]));
  for (const { section } of rules.filter(({ excludes }) => excludes)) last.delete(section);
  return [...last.values()];
}
