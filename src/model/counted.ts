/** `1 mail`, `2 mails`: for sentences in mails and on the terminal. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
