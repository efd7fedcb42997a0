import { remembered } from './remembered.ts';

/**
 * True where a path, or any name with slashes, is meant by a pattern of git's ignore and attributes files (gitignore(5), "PATTERN FORMAT"):
 * `*` and `?` do not match a slash, `[...]` is one character of a set, `\` takes the next character as it is, `**` between slashes is any
 * number of folders. A pattern without a slash, or with one at its end only, is looked for at any depth; any other begins at the root. One
 * that ends in a slash means everything below.
 * Whoever may push writes patterns, so there is no regular expression here: the work is bounded by the length of pattern times path.
 */
export function globMatches(pattern: string, path: string): boolean {
  const parts = partsOf(pattern);
  return parts.length > 0 && matches(parts, path.split('/'), segmentMatches);
}

/** The same with patterns as fnmatch(3) has them without flags: a slash is a character as others, and a pattern means the whole path. */
export function flatMatches(pattern: string, path: string): boolean {
  return segmentMatches(flatTokens(pattern), path);
}

/** True for a ref that is meant by a pattern of git-for-each-ref(1): a full name, the start of one up to a slash, or wildcards, which also mean what lies below. */
export function refMatches(pattern: string, ref: string): boolean {
  const bare = pattern.replace(/\/+$/, '');
  // Most patterns are names, and a push may be compared with thousands of refs.
  if (!/[*?[\\]/.test(bare)) return ref === bare || ref.startsWith(`${bare}/`);
  return globMatches(`/${bare}`, ref) || globMatches(`/${bare}/`, ref);
}

/** What keeps a pattern from meaning anything, worded to follow it; undefined for a good one. git takes such for no match, in silence. */
export function globFault(pattern: string): string | undefined {
  const tokens = tokensOf(pattern);
  if (tokens.includes('[')) return 'has a [ without its ]';
  if (tokens.includes('\\')) return 'ends in a backslash';
  const sets = tokens.filter(part => /^\[./s.test(part));
  const strange = sets.map(strangeClass).find(found => found !== undefined);
  if (strange !== undefined) return `has ${strange} in it, a class that git does not know`;
  const wrong = sets.flatMap(part => rangesOf(part.slice(1, -1))).some(([from, to]) => from > to);
  return wrong ? 'has a range the wrong way round' : undefined;
}

/** Any number of folders, or of characters in a name. */
const STAR = null;
/** What one folder or file name has to be: this very name, or characters that match one after another. */
type Segment = string | readonly (Token | typeof STAR)[];
type Token = (character: string) => boolean;

/** Patterns that are kept in their taken-apart form. */
const KNOWN = 5000;

const partsOf = remembered(KNOWN, takenApart);
const flatTokens = remembered(KNOWN, (pattern: string) => tokensOf(pattern).map(token));

/** Nothing for a pattern that means no path. */
function takenApart(pattern: string): readonly (Segment | typeof STAR)[] {
  const bare = pattern.replace(/^\/+|\/+$/g, '');
  if (bare === '') return [];
  const anchored = pattern.startsWith('/') || bare.includes('/');
  const names = bare.split('/').map(segment);
  // `a/**` means what lies in a, not a itself, and `a/**/` what lies in a folder there.
  const inside = names.at(-1) === STAR ? [[STAR]] : [];
  const below = pattern.endsWith('/') ? [...inside, STAR, [STAR]] : inside;
  return [...(anchored ? [] : [STAR]), ...names, ...below];
}

/**
 * Parts against subjects, where a star matches any number of subjects. It is enough to go back to the last star:
 * what an earlier one could match instead, the last one can match as well.
 */
function matches<P, S>(
  parts: readonly (P | typeof STAR)[],
  subjects: readonly S[],
  matchesOne: (part: P, subject: S) => boolean,
): boolean {
  let [at, star, mark] = [0, -1, 0];
  for (let subject = 0; subject < subjects.length; ) {
    const part = parts[at];
    if (part === STAR) {
      star = at++;
      mark = subject;
    } else if (part !== undefined && matchesOne(part as P, subjects[subject] as S)) {
      at++;
      subject++;
    } else if (star >= 0) {
      at = star + 1;
      subject = ++mark;
    } else {
      return false;
    }
  }
  return parts.slice(at).every(part => part === STAR);
}

function segmentMatches(part: Segment, name: string): boolean {
  if (typeof part === 'string') return part === name;
  return matches(part, Array.from(name), (token: Token, character) => token(character));
}

function segment(pattern: string): Segment | typeof STAR {
  if (pattern === '**') return STAR;
  if (!/[*?[\\]/.test(pattern)) return pattern;
  return tokensOf(pattern).map(token);
}

function tokensOf(pattern: string): readonly string[] {
  return pattern.match(/\*+|\?|\[[!^]?\]?(?:\[:\w*:\]|\\.|(?!\[:\w*:\])[^\]\\])*\]|\\?./gsu) ?? [];
}

function token(part: string): Token | typeof STAR {
  if (part.startsWith('*')) return STAR;
  if (part === '?') return () => true;
  // What closes or escapes nothing lets nothing match.
  if (part === '[' || part === '\\') return () => false;
  if (part.length > 2 && part.startsWith('[')) return set(part.slice(1, -1));
  const literal = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
  return character => character === literal;
}

/** `a-z_`, `!0-9`, `\]`: ranges and single characters. */
function set(inner: string): Token {
  if (strangeClass(inner) !== undefined) return () => false;
  const negated = /^[!^]/.test(inner);
  const ranges = rangesOf(inner);
  return character => {
    const code = character.codePointAt(0) ?? 0;
    return ranges.some(([from, to]) => from <= code && code <= to) !== negated;
  };
}

/** git's own, ASCII whatever the locale (wildmatch.c). */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: ' \t',
  cntrl: '\0-\x1f\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-/:-@[-`{-~',
  space: ' \t-\r',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
};
const CLASS = /\[:(\w*):\]/g;

function strangeClass(set: string): string | undefined {
  return [...set.matchAll(CLASS)].find(([, name = '']) => !Object.hasOwn(CLASSES, name))?.[0];
}

function rangesOf(inner: string): readonly (readonly [from: number, to: number])[] {
  const plain = inner.replace(/^[!^]/, '').replaceAll(CLASS, (_, name) => CLASSES[name] ?? '');
  return [...plain.matchAll(/\\?(.)(?:-\\?(.))?/gsu)].map(
    ([, from = '', to = from]) => [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0] as const,
  );
}
