import { visibleLine } from './visible.ts';

/** Characters: a header that long is still shown and filtered, and a list with such lines can be read. */
const MOST = 250;

/** A subject or a name on one line that is not too long for a header or a list; a commit's own mail has the whole. */
export function shortLine(text: string, most = MOST): string {
  const characters = Array.from(visibleLine(text));
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join('');
}
