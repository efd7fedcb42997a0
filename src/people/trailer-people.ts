import { addressesIn } from '../model/address.ts';
import type { Named } from './rules.ts';

/** Far more than anybody is mailed for. */
const MOST = 1000;

const BLANK = /^[ \t\r]*$/;
/** A name of letters, digits and dashes, and blanks before the colon (git-interpret-trailers(1)). */
const TRAILER = /^([A-Za-z0-9-]+)[ \t]*:(.*)$/s;
/** What git itself writes: a paragraph with one such line may have other lines in it. */
const OF_GIT = /^(?:Signed-off-by: |\(cherry picked from commit )/;

/**
 * The people in the trailers of that name, in any case, of a commit's message: in `Reviewed-by: Ann <ann@example.org>` it is
 * ann@example.org. Each once, in order; the first thousand.
 */
export function trailerPeople(message: string, name: string): readonly Named[] {
  const who = new Set<string>();
  for (const trailer of trailersOf(message)) {
    const [, key = '', value = ''] = TRAILER.exec(trailer) ?? [];
    if (key.toLowerCase() !== name.toLowerCase()) continue;
    for (const address of addressesIn(value)) if (who.size < MOST) who.add(address);
  }
  return [...who].map(one => ({ who: one, why: `trailer ${name}` }));
}

/**
 * The last paragraph, where each line is a trailer or goes on with one, or where one line is of git's making and a quarter are trailers. Lines that
 * start with # do not count; the first paragraph is never one of trailers.
 */
function trailersOf(message: string): readonly string[] {
  const lines = message.split('\n');
  const end = lines.findLastIndex(line => !BLANK.test(line) && !isComment(line)) + 1;
  const blank = lines.slice(0, end).findLastIndex(line => BLANK.test(line));
  if (blank < 0) return [];

  const trailers: string[] = [];
  let [counted, others, isOfGit] = [0, 0, false];
  // What a line that starts with a blank goes on with.
  let before: 'trailer' | 'git' | 'other' = 'other';
  for (const line of lines.slice(blank + 1, end)) {
    if (/^[ \t\r]/.test(line)) {
      if (before === 'trailer') trailers.push(`${trailers.pop()} ${line.trim()}`);
      if (before === 'other') others++;
      continue;
    }
    before = TRAILER.test(line) ? 'trailer' : OF_GIT.test(line) ? 'git' : 'other';
    isOfGit ||= OF_GIT.test(line);
    if (before === 'trailer') trailers.push(line);
    if (before !== 'other') counted++;
    else if (!isComment(line)) others++;
  }
  return others === 0 || (isOfGit && counted * 3 >= others) ? trailers : [];
}

function isComment(line: string): boolean {
  return line.startsWith('#');
}
