/** Ways to set text off; each gives the text as it is where colours are not wanted. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
  readonly blue: Paint;
}

export type Paint = (text: string) => string;

/** Colours for a terminal alone, and not with NO_COLOR (https://no-color.org). */
export function paletteFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Palette {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const paint =
    (on: number, off: number): Paint =>
    text =>
      wanted ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    cyan: paint(36, 39),
    blue: paint(34, 39),
  };
}
