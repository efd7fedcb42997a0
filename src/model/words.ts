/** A word of a mail in the text of a setting: `{author.name} via {repository}`. Any other brace is itself. */
const WORD = /\{([a-z]+(?:\.[a-z]+)?)\}/gi;

/** What a setting may say about a mail in braces. templates/README.md says what each is. */
export const MAIL_WORDS = [
  ...['repository', 'host', 'audience', 'ref', 'branch', 'id', 'shortId', 'push', 'messageId', 'page'],
  ...['subject', 'what', 'counter', 'number', 'total', 'forced'],
  ...['author.name', 'author.email', 'committer.name', 'committer.email', 'pusher.name', 'pusher.email'],
  'revision',
] as const;

/** Says what a word stands for; undefined for one that it does not know. */
export type Words = (word: string) => string | undefined;

/** The words that a text has, without their braces. */
export function wordsIn(text: string): readonly string[] {
  return [...text.matchAll(WORD)].map(([, word = '']) => word);
}

/** The text with what its words stand for. A word that is not known stays as it is. */
export function filledIn(text: string, words: Words): string {
  return text.replace(WORD, (found, word: string) => words(word) ?? found);
}

/** The name in a word such as `trailer:Reviewed-by`; undefined for any other word. */
export function trailerOf(word: string): string | undefined {
  return /^trailer:(.*)$/s.exec(word)?.[1];
}

/** The ref in a word such as `notes:refs/notes/hg`; undefined for any other word. */
export function notesOf(word: string): string | undefined {
  return /^notes:(.*)$/s.exec(word)?.[1];
}
