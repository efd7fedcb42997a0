import type { RefUpdate } from './ref-update.ts';

export type RefKind = 'branch' | 'tag' | 'other';

/** `rewound`: the new value is an ancestor of the old one. `forced`: neither is an ancestor of the other. */
export type RefMove = 'created' | 'updated' | 'rewound' | 'forced' | 'deleted';

/** A ref update with what it means. */
export interface RefChange extends RefUpdate {
  readonly kind: RefKind;
  readonly move: RefMove;
  /** True where the ref now names a tag object. */
  readonly annotated: boolean;
}

/** True where the old value is not an ancestor of the new one. */
export function isForced(change: RefChange): boolean {
  return change.move === 'forced' || change.move === 'rewound';
}

export function refKind(ref: string): RefKind {
  if (ref.startsWith('refs/heads/')) return 'branch';
  return ref.startsWith('refs/tags/') ? 'tag' : 'other';
}
