import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';
import { addressesIn } from '../model/address.ts';
import { flatGlob } from '../model/glob-budget.ts';
import { isRuleLike, type Rule, type Syntax } from './rules.ts';

/*
 * .asf.yaml of the Apache Software Foundation ("Notification settings for repositories"), of which two keys are about commits:
 *
 *   notifications:
 *     commits: commits@example.org
 *     commits_by_path:
 *       "docs/*": docs@example.org
 *       "site/*.md": [site@example.org, ann@example.org]
 *
 * In the patterns, as in Python's fnmatch, `*` is any text, with slashes in it. Anchors are not followed, so that the text is all there is.
 */

/** Real ones have a few thousand bytes. */
const LARGEST = 50_000;
/** Of brackets, and of blocks in a line: the parser calls itself for each one in another. */
const DEEPEST = 100;

export const asfYaml: Syntax = { largest: LARGEST, parse, counting: rules => rules };

function parse(text: string): readonly Rule[] | string {
  if (isDeep(text)) return 'is nested too deeply';
  const lineCounter = new LineCounter();
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  // As PyYAML reads it: by YAML 1.1, and of two equal keys the last one counts. "Pretty" messages take long where there are thousands.
  const options = { version: '1.1', uniqueKeys: false, prettyErrors: false, lineCounter } as const;
  const { contents, errors } = parseDocument(text, options);
  const [error] = errors;
  return error
    ? `is no YAML: line ${lineOf(error.pos[0])}: ${error.message}`
    : notifications(contents, lineOf);
}

function isDeep(text: string): boolean {
  const isMany = (found: RegExpMatchArray | null) => (found?.length ?? 0) > DEEPEST;
  // A block in another starts further to the right, in this line or by the blanks before the next.
  return (
    isMany(text.match(/[[{]/g)) ||
    text.split('\n').some(line => isMany(line.match(/[-?:]\s/g)) || line.search(/[^ ]/) > DEEPEST)
  );
}

function notifications(contents: unknown, lineOf: (offset: number) => number): readonly Rule[] {
  const ofAll = pairOf(contents, 'notifications')?.value;
  const commits = pairOf(ofAll, 'commits');
  const byPath = pairOf(ofAll, 'commits_by_path')?.value;

  function rule(pair: Pair<unknown, unknown>, glob?: string): Rule[] {
    const pattern = textOf(pair.key);
    const who = (isSeq(pair.value) ? pair.value.items : [pair.value]).flatMap(one =>
      addressesIn(textOf(one)),
    );
    if (!isRuleLike(pattern)) return [];
    const line = lineOf(isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0);
    return [{ line, pattern, globs: [flatGlob(glob ?? pattern)], who, section: '', excludes: false }];
  }

  return [
    ...(commits ? rule(commits, '*') : []),
    ...(isMap(byPath) ? lastOfEach(byPath.items) : []).flatMap(pair => rule(pair)),
  ];
}

function lastOfEach(pairs: readonly Pair<unknown, unknown>[]): readonly Pair<unknown, unknown>[] {
  return [...new Map(pairs.map(pair => [textOf(pair.key), pair])).values()];
}

function pairOf(map: unknown, key: string): Pair<unknown, unknown> | undefined {
  return isMap(map) ? map.items.findLast(pair => textOf(pair.key) === key) : undefined;
}

function textOf(node: unknown): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value : '';
}
