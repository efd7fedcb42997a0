/** `1 mail`, `2 mails`, `2 pushes`: for sentences in mails and on the terminal. */
export function counted(count: number, word: string): string {
  const plural = /(?:s|sh|ch|x)$/.test(word) ? `${word}es` : `${word}s`;
  return `${count} ${count === 1 ? word : plural}`;
}
