import { type Budget, type Glob, gitGlob, matchesWithin } from '../model/glob-budget.ts';
import { decode } from '../model/text.ts';

/** What the .gitattributes file of one folder says. */
export interface AttributeFile {
  /** In the order of the file. */
  readonly rules: readonly AttributeRule[];
  /** Of these only those of the file at the root count. */
  readonly macros: ReadonlyMap<string, readonly Attribute[]>;
}

/** `undefined` where it is set back to unspecified (`!diff`). */
type Attribute = readonly [name: string, value: string | boolean | undefined];

interface AttributeRule {
  readonly glob: Glob;
  readonly attributes: readonly Attribute[];
}

/** A longer line is passed over, as git does since 2.39. */
const LONGEST_LINE = 2048;

/** A pattern, in quotes or not, and the words after it. */
const LINE = /^[ \t\r]*(?!#)(?:"((?:[^"\\]|\\.)*)"|([^ \t\r]+))(.*)$/s;

/**
 * Reads .gitattributes (gitattributes(5)):
 *
 *   *.svg           -diff
 *   "with blank/*"  linguist-generated=true
 *   [attr]machine   linguist-generated -diff
 *   *.pb.go         machine
 */
export function parseAttributes(file: Buffer): AttributeFile {
  const rules: AttributeRule[] = [];
  const macros = new Map<string, readonly Attribute[]>([['binary', [['diff', false]]]]);
  const lines = decode(file)
    .replace(/^\ufeff/, '')
    .split('\n');
  for (const line of lines.filter(({ length }) => length <= LONGEST_LINE)) {
    const [, quoted, plain = '', words = ''] = LINE.exec(line) ?? [];
    const pattern = quoted?.replace(/\\(["\\])/g, '$1') ?? plain;
    const attributes = words.split(/[ \t\r]+/).flatMap(attributeOf);
    if (pattern.startsWith('[attr]')) macros.set(pattern.slice('[attr]'.length), attributes);
    // No pattern may be negative here, and one that ends in a slash matches nothing.
    else if (pattern !== '' && !/^!|\/$/.test(pattern) && attributes.length > 0)
      rules.push({ glob: gitGlob(pattern), attributes });
  }
  return { rules, macros };
}

/**
 * True for a file that the project itself declares not to be read in a mail: `-diff`, as git understands it, `linguist-generated` or
 * `linguist-vendored`, as the large hosts do. Of several rules the last one of the deepest folder counts, for each attribute.
 * @param files those of the folders on the way to the path, the deepest first and that of the root last
 * @param budget is used up; false where nothing is left of it
 */
export function isQuietByAttributes(
  files: readonly { readonly folder: string; readonly file: AttributeFile }[],
  path: string,
  budget: Budget,
): boolean {
  const values = new Map<string, Attribute[1]>();
  const macros = files.at(-1)?.file.macros ?? new Map<string, readonly Attribute[]>();

  function set(attributes: readonly Attribute[]): void {
    for (const [name, value] of attributes.toReversed()) {
      if (values.has(name)) continue;
      values.set(name, value);
      if (value === true) set(macros.get(name) ?? []);
    }
  }

  for (const { folder, file } of files) {
    const inside = path.slice(folder.length);
    for (let at = file.rules.length - 1; at >= 0 && budget.left > 0; at--) {
      const rule = file.rules[at] as AttributeRule;
      if (matchesWithin(rule.glob, inside, budget)) set(rule.attributes);
    }
  }
  const isSet = (name: string) => values.get(name) === true || values.get(name) === 'true';
  return values.get('diff') === false || isSet('linguist-generated') || isSet('linguist-vendored');
}

/** `diff`, `-diff`, `!diff`, `diff=name`. */
function attributeOf(word: string): Attribute[] {
  const [, sign, name = '', value] = /^([-!]?)([^=]+)(?:=(.*))?$/.exec(word) ?? [];
  if (name === '') return [];
  return [[name, sign === '!' ? undefined : sign === '-' ? false : (value ?? true)]];
}
