/**
 * Characters that a reader cannot see, or that make text look like another: controls but TAB and LF (ESC drives
 * terminals), bidirectional overrides and isolates (they reorder code on the screen), zero-width characters, and the
 * invisible tag characters.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

/** Text with every invisible character written out as `<U+001B>`. Line ends of CR LF become LF. */
export function visible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(INVISIBLE, written);
}

/** The same on one line, for headers and lists: line ends and runs of blanks become one blank. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim());
}

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
