/** The most patterns that one expression may become. */
const MOST = 50;

/** What an expression has, one after the other: an escape, a set, a group, any text, or a character. */
const PART = /\\.|\[[^\]\\[]+\]|\.\*|\.\+|\(\?:|[\s\S]/gu;

/** What is begun: texts of patterns so far. */
type Patterns = readonly string[];

/**
 * Patterns for refs (`refpost.refs`) that mean what a regular expression of Python does, as far as it has only what patterns have:
 * characters, sets, `.`, `.*`, and alternatives.
 * @param how `search`: somewhere in the name, unless it has ^ and $; `whole`: the whole name
 * @returns undefined for one that has more
 */
export function refPatterns(expression: string, how: 'search' | 'whole'): Patterns | undefined {
  if (expression.length > 1000) return undefined;
  const parts = expression.match(PART) ?? [];
  const alternatives = split(parts);
  const found = alternatives?.map(alternative => oneOf(alternative, how));
  const all = found?.every(one => one !== undefined) ? (found as Patterns[]).flat() : undefined;
  return all && all.length > 0 && all.length <= MOST ? [...new Set(all)] : undefined;
}

/** Alternatives that are in no group. */
function split(parts: Patterns): readonly Patterns[] | undefined {
  const alternatives: string[][] = [[]];
  let depth = 0;
  for (const part of parts) {
    if (/^\((\?:)?$/.test(part)) depth++;
    if (part === ')') depth--;
    if (depth < 0) return undefined;
    if (part === '|' && depth === 0) alternatives.push([]);
    else alternatives.at(-1)?.push(part);
  }
  return depth === 0 ? alternatives : undefined;
}

function oneOf(parts: Patterns, how: 'search' | 'whole'): Patterns | undefined {
  const starts = how === 'whole' || parts[0] === '^';
  const ends = how === 'whole' || parts.at(-1) === '$';
  const body = parts.slice(parts[0] === '^' ? 1 : 0, parts.at(-1) === '$' ? -1 : undefined);
  const texts = sequence(body);
  return texts?.flatMap(text => {
    const begun = starts || /^refs(\/|$)/.test(text) ? [text] : inside(text);
    return ends ? begun : begun.map(opened);
  });
}

/** Somewhere in a name: at the start of a part of it, or within one. */
function inside(text: string): Patterns {
  return text.startsWith('/') ? [`refs${text}`, `refs/**${text}`] : [`refs/**/*${text.replace(/^\*+/, '')}`];
}

/** A name that goes on. Patterns mean what lies below them anyway, and there is no ref `refs/heads`. */
function opened(pattern: string): string {
  if (/^refs\/[^/*]+\/$/.test(pattern)) return pattern.slice(0, -1);
  return pattern.endsWith('*') ? pattern : `${pattern}*`;
}

/** Every text that a sequence may be. */
function sequence(parts: Patterns): Patterns | undefined {
  let texts: Patterns = [''];
  const add = (more: Patterns) => {
    texts = texts.flatMap(text => more.map(end => text + end));
  };
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at] as string;
    if (/^\((\?:)?$/.test(part)) {
      const end = closing(parts, at);
      const inner = split(parts.slice(at + 1, end))?.map(sequence);
      if (!inner?.every(one => one !== undefined)) return undefined;
      add((inner as Patterns[]).flat());
      at = end;
    } else {
      const literal = literally(part, parts, at);
      if (literal === undefined) return undefined;
      add(literal);
    }
    if (texts.length > MOST) return undefined;
  }
  return texts;
}

function closing(parts: Patterns, from: number): number {
  let depth = 0;
  return parts.findIndex((part, at) => {
    if (at < from) return false;
    if (/^\((\?:)?$/.test(part)) depth++;
    if (part === ')') depth--;
    return depth === 0;
  });
}

/** One part as patterns write it: a star does not take a slash there. */
function literally(part: string, parts: Patterns, at: number): Patterns | undefined {
  if (part === '.*' || part === '.+') {
    const some = part === '.*' ? '*' : '?*';
    if (at === parts.length - 1) return [some];
    const afterSlash = at === 0 || parts[at - 1] === '/';
    return afterSlash && parts[at + 1] === '/' ? ['*/**'] : [some, `${some}/**/*`];
  }
  if (part === '.') return ['?'];
  if (/^\\[^\w\s]$/.test(part)) return [/[*?[\]\\]/.test(part[1] as string) ? part : (part[1] as string)];
  if (/^\[[\w.^-]+\]$/.test(part)) return [part];
  return /^[\w/@#%&=,:;<>~'"!-]$|^[^\x20-\x7e]$/u.test(part) ? [part] : undefined;
}
