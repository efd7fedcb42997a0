/** A text for a terminal: on one line, nothing in it that moves the cursor or hides what stands there. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, character => {
    const code = character.codePointAt(0) ?? 0;
    return character === '\n' ? '\\n' : character === '\t' ? '\\t' : `\\u{${code.toString(16)}}`;
  });
}

/** The same, not longer than a fault can bear. */
export function excerpt(text: string): string {
  const most = 80;
  const start = [...text.slice(0, 2 * most)].slice(0, most).join('');
  return printable(start) + (start.length < text.length ? '...' : '');
}
