import type { RefUpdate } from './ref-update.ts';

/** What an object name stands for; `missing` where git has no such object. */
export type ObjectType = 'commit' | 'tag' | 'tree' | 'blob' | 'missing';

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

/**
 * A ref's namespace and its name in there (gitnamespaces(7)): of `refs/namespaces/a/refs/namespaces/b/refs/heads/main` these are
 * `a/b` and `refs/heads/main`. Without a namespace the first is empty.
 */
export function inNamespace(ref: string): { readonly namespace: string; readonly name: string } {
  const [prefix = ''] = /^(?:refs\/namespaces\/[^/]+\/(?=refs\/))*/.exec(ref) ?? [];
  const namespace = prefix.replace(/refs\/namespaces\/([^/]+)\//g, '$1/').slice(0, -1);
  return { namespace, name: ref.slice(prefix.length) };
}

export function refKind(ref: string): RefKind {
  const { name } = inNamespace(ref);
  if (name.startsWith('refs/heads/')) return 'branch';
  return name.startsWith('refs/tags/') ? 'tag' : 'other';
}

/** True for a ref of git-notes(1). */
export function isNotes(ref: string): boolean {
  return inNamespace(ref).name.startsWith('refs/notes/');
}
