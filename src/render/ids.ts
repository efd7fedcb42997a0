/** Widths of object names in a mail, the same in repositories of every size: people filter and grep by them. */

/** In the preamble and in lists. */
export function id9(id: string): string {
  return id.slice(0, 9);
}

/** In links. */
export function id8(id: string): string {
  return id.slice(0, 8);
}

/** In `Parents:` and on a diff's index line. */
export function id7(id: string): string {
  return id.slice(0, 7);
}
