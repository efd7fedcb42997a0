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
}

export function preamble(changes: readonly RefChange[]): Preamble {
  const listed = (kind: RefKind) =>
    changes
      .filter(change => change.kind === kind)
      .map(change => ({ ref: visibleLine(change.ref), line: line(change) }));
  return { branches: listed('branch'), tags: listed('tag'), others: listed('other') };
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
