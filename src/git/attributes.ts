import { globMatches } from '../model/glob.ts';
import { decode } from '../model/text.ts';

/** The lines of a .gitattributes file that say something about what a mail shows, the macros in them expanded. */
export type AttributeRules = readonly AttributeRule[];

interface AttributeRule {
  readonly pattern: string;
  /** Attribute to value; undefined for one that is set back to unspecified (`!diff`). */
  readonly values: ReadonlyMap<string, string | undefined>;
}

/** Rules that are looked at: anybody who pushes may write them, and every path is compared with each. */
const MOST_RULES = 1000;

/**
 * Reads .gitattributes (gitattributes(5)):
 *
 *   *.svg           -diff
 *   "with blank/*"  linguist-generated=true
 *   [attr]machine   linguist-generated -diff
 *   *.pb.go         machine
 */
export function parseAttributes(file: Buffer): AttributeRules {
  const macros = new Map<string, Values>([['binary', new Map([['diff', 'false']])]]);
  const rules: AttributeRule[] = [];
  for (const line of decode(file).split('\n')) {
    const [pattern, words] = patternOf(line);
    const values = valuesOf(words, macros);
    if (pattern.startsWith('[attr]')) macros.set(pattern.slice('[attr]'.length), values);
    else if (pattern !== '' && values.size > 0 && rules.length < MOST_RULES) rules.push({ pattern, values });
  }
  return rules;
}

/**
 * True for a file that the project itself declares not to be read in a mail: `-diff`, as git understands it,
 * `linguist-generated` or `linguist-vendored`, as the large hosts do.
 */
export function isQuietByAttributes(rules: AttributeRules, path: string): boolean {
  const found = new Map<string, string | undefined>();
  for (const { pattern, values } of rules) {
    // A pattern that ends in a slash matches nothing in this file.
    if (pattern.endsWith('/') || !globMatches(pattern, path)) continue;
    for (const [name, value] of values) found.set(name, value);
  }
  return (
    found.get('diff') === 'false' ||
    found.get('linguist-generated') === 'true' ||
    found.get('linguist-vendored') === 'true'
  );
}

type Values = ReadonlyMap<string, string | undefined>;

const NAMES: readonly string[] = ['diff', 'linguist-generated', 'linguist-vendored'];

function patternOf(line: string): [pattern: string, words: readonly string[]] {
  const text = line.replace(/^[ \t\r]+/, '');
  if (text.startsWith('#')) return ['', []];
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted) return [(quoted[1] ?? '').replace(/\\(["\\])/g, '$1'), wordsOf(text.slice(quoted[0].length))];
  const [pattern = '', ...words] = wordsOf(text);
  return [pattern, words];
}

function wordsOf(text: string): string[] {
  return text.split(/[ \t\r]+/).filter(word => word !== '');
}

/** `diff`, `-diff`, `!diff`, `diff=name`: the attributes that count here, and those of macros. */
function valuesOf(words: readonly string[], macros: ReadonlyMap<string, Values>): Values {
  const values = new Map<string, string | undefined>();
  for (const word of words) {
    const [, sign = '', name = '', value] = /^([-!]?)([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    if (NAMES.includes(name))
      values.set(name, sign === '!' ? undefined : sign === '-' ? 'false' : (value ?? 'true'));
    else if (sign === '' && value === undefined) {
      for (const [inner, meant] of macros.get(name) ?? []) values.set(inner, meant);
    }
  }
  return values;
}
