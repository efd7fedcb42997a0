import { diffArrays } from 'diff';

/** Characters of a line: from, up to. */
export type Span = readonly [start: number, end: number];

/** Where lines of such a length, or so many of them, are compared, the time is none that a mail may cost. */
const LONGEST = 500;
const PAIRS = 40;
const EDITS = 60;
/** Runs of unequal length are paired line by line up to so many. */
const FEW = 6;
/** More spots in a line than these are no help. */
const SPANS = 4;
/** How much of the shorter and the longer line is the same where they are versions of one line. */
const SAME = [0.5, 0.35] as const;

/** What changed inside of each line, on both sides. */
export interface Marks {
  readonly deleted: readonly (readonly Span[])[];
  readonly added: readonly (readonly Span[])[];
}

/** What changed inside lines, which have their signs: those that were taken away and those that came in their place are compared one by one. */
export function wordMarks(deleted: readonly string[], added: readonly string[]): Marks {
  const isFew = Math.max(deleted.length, added.length) <= FEW;
  const count = deleted.length === added.length || isFew ? Math.min(deleted.length, added.length, PAIRS) : 0;
  const pairs = Array.from({ length: count }, (_, at) => changed(deleted[at] ?? '', added[at] ?? ''));
  return { deleted: pairs.map(([old]) => old), added: pairs.map(([, fresh]) => fresh) };
}

type Pair = readonly [old: readonly Span[], fresh: readonly Span[]];
const NOTHING: Pair = [[], []];

function changed(old: string, fresh: string): Pair {
  if (old.length > LONGEST || fresh.length > LONGEST) return NOTHING;
  const edits = diffArrays(tokens(old), tokens(fresh), { maxEditLength: EDITS });
  if (!edits) return NOTHING;
  const spans: { old: [number, number][]; fresh: [number, number][] } = { old: [], fresh: [] };
  const at = { old: 1, fresh: 1 };
  let same = 0;
  for (const { value, added, removed } of edits) {
    const text = value.join('');
    if (!added && !removed) same += inked(text);
    for (const side of ['old', 'fresh'] as const) {
      if (side === 'old' ? added : removed) continue;
      if (added || removed) spans[side].push([at[side], at[side] + text.length]);
      at[side] += text.length;
    }
  }
  const sizes = [old, fresh].map(line => inked(line.slice(1))).sort((a, b) => a - b);
  if (sizes.some((size, index) => same < size * (SAME[index] ?? 0))) return NOTHING;
  return [spotsIn(old, spans.old), spotsIn(fresh, spans.fresh)];
}

function spotsIn(line: string, spans: readonly [number, number][]): readonly Span[] {
  const found = joined(spans, line).flatMap(span => trimmed(span, line));
  return found.length > SPANS ? [] : found;
}

/** Characters that are seen. */
function inked(text: string): number {
  return text.replace(/\s/g, '').length;
}

/** Words, blanks, single signs; without the sign of the line. */
function tokens(line: string): string[] {
  return line.slice(1).match(/[\p{L}\p{N}\p{M}_]+|\s+|./gsu) ?? [];
}

/** Spans with nothing but signs and blanks between them are one. */
function joined(spans: readonly [number, number][], line: string): [number, number][] {
  const all: [number, number][] = [];
  for (const [start, end] of spans) {
    const last = all.at(-1);
    if (last && !/[\p{L}\p{N}]/u.test(line.slice(last[1], start))) last[1] = end;
    else all.push([start, end]);
  }
  return all;
}

function trimmed([start, end]: Span, line: string): Span[] {
  const text = line.slice(start, end);
  const inner = text.trim();
  if (inner === '') return [];
  const from = start + text.indexOf(inner);
  return [[from, from + inner.length]];
}
