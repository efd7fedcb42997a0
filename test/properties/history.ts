import { openScene } from '../corpus/scene.ts';

/** What a push does to one ref. Numbers choose among what there is. */
export interface Deed {
  readonly how: 'commit' | 'merge' | 'rebase' | 'rewind' | 'move' | 'delete' | 'annotate';
  readonly ref: number;
  readonly pick: number;
  /** Seconds by which the clock of its commits is wrong; such a one commits several times. */
  readonly clock?: number;
}

/** A ref's change and the commits that the ref had and has then. */
interface Change {
  readonly line: string;
  readonly ref: string;
  readonly commit: string | undefined;
}

export const REFS = ['refs/heads/main', 'refs/heads/a', 'refs/heads/b', 'refs/tags/t', 'refs/tags/u'];

/** A bare repository in which refs are pushed about, and what is known of it without asking git. */
export function openHistory(folder: string) {
  const scene = openScene(folder);
  const parents = new Map<string, readonly string[]>();
  /** The object and the commit that each ref names. */
  const refs = new Map<string, { readonly object: string; readonly commit: string }>();
  let count = 0;

  let clock = 0;

  function commit(...from: readonly string[]): string {
    const name = String(++count);
    const id = scene.commit(
      `Commit ${name}`,
      { [`file-${count % 3}`]: `${name}\n` },
      {
        parents: from,
        committed: `${1_717_000_000 + 600 * count + clock} +0000`,
      },
    );
    parents.set(id, from);
    return id;
  }

  /** The commits that come with a commit, itself included, parents first. */
  function reach(tips: Iterable<string>): Set<string> {
    const reached = new Set<string>();
    const visit = (id: string) => {
      if (reached.has(id)) return;
      for (const parent of parents.get(id) ?? []) visit(parent);
      reached.add(id);
    };
    for (const tip of tips) visit(tip);
    return reached;
  }

  function any(pick: number): string {
    const ids = [...parents.keys()];
    return ids[pick % Math.max(1, ids.length)] ?? commit();
  }

  /** What a ref is to name after a deed: a commit, or null for nothing. */
  function target({ how, pick, clock: wrong = 0 }: Deed, at: string | undefined): string | null {
    clock = wrong;
    const [first] = at === undefined ? [] : (parents.get(at) ?? []);
    switch (how) {
      case 'commit':
      case 'annotate': {
        let last = commit(...(at === undefined ? [] : [at]));
        for (let more = clock === 0 ? 0 : 7; more > 0; more--) last = commit(last);
        return last;
      }
      case 'merge':
        return commit(...new Set([at ?? any(pick), any(pick)]));
      case 'rebase':
        return commit(commit(any(pick)));
      case 'rewind':
        return first ?? any(pick);
      case 'move':
        return any(pick);
      case 'delete':
        return at === undefined ? any(pick) : null;
    }
  }

  function apply(deed: Deed): Change | undefined {
    const ref = REFS[deed.ref % REFS.length] as string;
    const old = refs.get(ref);
    const to = target(deed, old?.commit);
    if (to === null) {
      scene.moves(ref, null);
      refs.delete(ref);
      return { line: `${old?.object} ${scene.zero} ${ref}`, ref, commit: undefined };
    }
    const annotated = deed.how === 'annotate' && ref.startsWith('refs/tags/');
    const object = annotated ? scene.tag(`t${++count}`, to, 'A tag') : to;
    if (object === old?.object) return undefined;
    scene.stands(ref, object);
    refs.set(ref, { object, commit: to });
    return { line: `${old?.object ?? scene.zero} ${object} ${ref}`, ref, commit: to };
  }

  return {
    reach,
    parentsOf: (id: string) => parents.get(id) ?? [],
    /** The commits that the refs reach now. */
    reached: () => reach([...refs.values()].map(({ commit }) => commit)),
    /**
     * Changes the refs by one push, each ref once. Returns the lines that git gives to the hook and the commits
     * that this push brings: those that no ref reached before it.
     */
    push(deeds: readonly Deed[]): { readonly lines: readonly string[]; readonly brought: readonly string[] } {
      const before = reach([...refs.values()].map(({ commit }) => commit));
      const touched = new Set<number>();
      const changes: Change[] = [];
      for (const deed of deeds) {
        if (touched.has(deed.ref % REFS.length)) continue;
        touched.add(deed.ref % REFS.length);
        const change = apply(deed);
        if (change) changes.push(change);
      }
      const after = reach(changes.flatMap(({ commit }) => commit ?? []));
      return { lines: changes.map(({ line }) => line), brought: [...after].filter(id => !before.has(id)) };
    },
  };
}
