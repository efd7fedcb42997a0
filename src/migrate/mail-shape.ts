import { type Fate, one } from './mailer.ts';

/** Bytes of a line, for a limit that counts lines. */
const LINE = 80;
/** The least that `refpost.maxSize` takes. */
const SMALLEST = 4000;

/** A limit of the lines of a body. */
export function bodyLines(value: string): Fate {
  if (!/^\d+$/.test(value)) return { refused: 'it is no number' };
  const bytes = Math.max(SMALLEST, Number(value) * LINE);
  return Number(value) === 0 || bytes > 2 ** 30
    ? { needless: 'it is no limit' }
    : one('maxSize', String(bytes), `lines are not counted: ${LINE} bytes each`);
}

/** Something before each subject. @param words what its `%(word)s` are here */
export function prefixed(value: string, words: Readonly<Record<string, string>>): Fate {
  const prefix = filled(value, words);
  if (prefix === undefined) return { refused: 'it has a word in it that nothing stands for' };
  return one('subject', `${prefix} {counter} {subject}`.trim());
}

/** Python's `%(word)s` and `%%` as refpost's words. */
export function filled(value: string, words: Readonly<Record<string, string>>): string | undefined {
  let isKnown = true;
  const text = value.replace(/%(?:\((\w*)\)s|%|(.?))/gs, (found, word?: string) => {
    if (found === '%%') return '%';
    if (word === undefined || !Object.hasOwn(words, word)) isKnown = false;
    return `{${words[word ?? '']}}`;
  });
  return isKnown ? text : undefined;
}

/** The address of a commit. @param words what its `%(word)s` are here */
export function commitLink(value: string, words: Readonly<Record<string, string>>): Fate {
  const url = filled(value.replaceAll('%()s', ''), words);
  return url === undefined
    ? { refused: 'it has a word in it that nothing stands for: see refpost.commitUrl' }
    : one('commitUrl', url);
}

/** A program that takes mails as sendmail does. What names sender and recipients there is refpost's to say. */
export function program(value: string): Fate {
  const command = value.replace(/\s+(?:-t|-i|-oi|--read-recipients)(?=\s|$)/g, '').trim();
  return one('transport', `sendmail:${command}`);
}

/** No diffs: files are in the diffstat only. */
export function withoutDiffs(but?: string): Fate {
  return one('quietPaths', '*', but);
}
