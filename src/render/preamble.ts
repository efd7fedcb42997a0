import type { RefChange, RefKind } from '../model/ref-change.ts';
import { id9 } from './ids.ts';
import { visibleLine } from './visible.ts';

/** A changed ref as a template sees it. */
interface ListedRef {
  readonly ref: string;
  readonly line: string;
}

/** What opens the first mail of a push: every changed ref, by kind. */
export interface Preamble {
  readonly branches: readonly ListedRef[];
  readonly tags: readonly ListedRef[];
  readonly others: readonly ListedRef[];
  /** Refs for which there is no room. */
  readonly moreRefs: number;
}

/** @param maxSize bytes of a mail; a third of it is room for refs */
export function preamble(changes: readonly RefChange[], maxSize: number): Preamble {
  const shown = changes.slice(0, roomFor(changes, maxSize / 3));
  const listed = (kind: RefKind) =>
    shown
      .filter(change => change.kind === kind)
      .map(change => ({ ref: visibleLine(change.ref), line: line(change) }));
  const moreRefs = changes.length - shown.length;
  return { branches: listed('branch'), tags: listed('tag'), others: listed('other'), moreRefs };
}

/** How many of the first changes have room, but at least one has. */
export function roomFor(changes: readonly RefChange[], bytes: number): number {
  let room = bytes;
  const over = changes.findIndex(change => {
    room -= Buffer.byteLength(line(change)) + 4;
    return room < 0;
  });
  return over < 0 ? changes.length : Math.max(1, over);
}

function line(change: RefChange): string {
  const ref = visibleLine(change.ref);
  switch (change.move) {
    case 'created':
      return `${ref} [created] ${id9(change.new)}`;
    case 'deleted':
      return `${ref} [deleted] ${id9(change.old)}`;
    case 'updated':
      return `${ref} ${id9(change.old)} -> ${id9(change.new)}`;
    case 'rewound':
    case 'forced':
      return `${ref} ${id9(change.old)} -> ${id9(change.new)} (forced update)`;
  }
}
