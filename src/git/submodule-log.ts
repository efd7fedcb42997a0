import type { SubmoduleCommit, SubmoduleMove } from '../model/commit.ts';
import { parseCommitObject, splitObject } from './commit-object.ts';
import type { Objects } from './conversation.ts';

/** Commits that are told of a move. */
const TOLD = 10;
/** Commits that are looked at to find them. */
const MOST = 1000;
/** Bytes of a commit object in which its parents and its subject are looked for. */
const LOOKED_AT = 65_536;

/**
 * What `git log --first-parent --left-right old...new` lists, as git-submodule(1) does, by reading commit after commit: git cannot be asked
 * about several such pairs in one process. undefined where one of the two is no commit that is there.
 */
export async function submoduleLog(objects: Objects, links: Gitlinks): Promise<SubmoduleMove | undefined> {
  const older = await readNode(objects, links.old);
  const newer = await readNode(objects, links.new);
  if (!older || !newer) return undefined;
  const nodes = new Map([older, newer].map(node => [node.id, node]));
  older.sides |= OLD;
  newer.sides |= NEW;
  const counted = await paint(objects, nodes, older, newer);
  const all: SubmoduleCommit[] = [
    ...chain(nodes, newer, NEW).map(({ subject }) => ({ change: 'added' as const, subject })),
    ...chain(nodes, older, OLD).map(({ subject }) => ({ change: 'gone' as const, subject })),
  ];
  const commits = all.slice(0, TOLD);
  return { commits, more: counted ? all.length - commits.length : undefined };
}

const OLD = 1;
const NEW = 2;
const BOTH = OLD | NEW;

interface Node {
  readonly id: string;
  readonly parents: readonly string[];
  /** In seconds since 1970. */
  readonly time: number;
  readonly subject: string;
  /** From which ends it is known to be reached. */
  sides: number;
}

/**
 * Walks back from both ends, the newest commit first, until all that is open is reached from both and can lead to nothing
 * that is listed, so that no clock matters. False where it ends before.
 */
async function paint(objects: Objects, nodes: Map<string, Node>, older: Node, newer: Node): Promise<boolean> {
  const open = [older, newer];
  for (;;) {
    const lowest = [chain(nodes, older, OLD).at(-1), chain(nodes, newer, NEW).at(-1)];
    const ways = open.some(node => node.sides !== BOTH)
      ? open
      : open.filter(node => lowest.some(each => each && !descends(nodes, each, node)));
    if (ways.length === 0) return true;
    const node = ways.reduce((newest, each) => (each.time > newest.time ? each : newest));
    open.splice(open.indexOf(node), 1);
    for (const id of node.parents) {
      if (nodes.size >= MOST && !nodes.has(id)) return false;
      const parent = nodes.get(id) ?? (await readNode(objects, id));
      // A shallow repository ends somewhere.
      if (!parent) continue;
      nodes.set(id, parent);
      if ((parent.sides | node.sides) === parent.sides) continue;
      parent.sides |= node.sides;
      if (!open.includes(parent)) open.push(parent);
    }
  }
}

/** True where an older commit is known to be below another: then it leads to none above that one. */
function descends(nodes: ReadonlyMap<string, Node>, from: Node, older: Node): boolean {
  const known = new Set([from.id]);
  for (const id of known) for (const parent of nodes.get(id)?.parents ?? []) known.add(parent);
  return known.has(older.id);
}

/** From one end along first parents, as far as the other end does not reach. */
function chain(nodes: ReadonlyMap<string, Node>, end: Node, side: number): Node[] {
  const listed: Node[] = [];
  for (let node: Node | undefined = end; node?.sides === side; node = nodes.get(node.parents[0] ?? '')) {
    listed.push(node);
  }
  return listed;
}

async function readNode(objects: Objects, id: string): Promise<Node | undefined> {
  const object = await objects(id, LOOKED_AT);
  if (!object?.text.subarray(0, 5).equals(Buffer.from('tree '))) return undefined;
  const split = splitObject(object.text);
  return {
    id,
    parents: split.values('parent').filter(id => /^[0-9a-f]{40,64}$/.test(id)),
    time: Number(/> (-?\d+) [^>]*$/.exec(split.values('committer')[0] ?? '')?.[1] ?? 0),
    subject: parseCommitObject(object, LOOKED_AT).subject,
    sides: 0,
  };
}

/** The two commits between which a submodule was moved. */
export interface Gitlinks {
  readonly old: string;
  readonly new: string;
}

/**
 * Reads the diff of a submodule that stays where it is and goes to another commit; undefined for any other, such as one of
 * a file that holds the same words: only git writes the mode.
 *
 *   diff --git a/lib b/lib
 *   index 1234567890123456789012345678901234567890..fedcba9876543210fedcba9876543210fedcba98 160000
 *   --- a/lib
 *   +++ b/lib
 *   @@ -1 +1 @@
 *   -Subproject commit 1234567890123456789012345678901234567890
 *   +Subproject commit fedcba9876543210fedcba9876543210fedcba98
 */
export function gitlinksOf(diff: Buffer): Gitlinks | undefined {
  if (!diff.includes(' 160000\n')) return undefined;
  const [, old, fresh] = MOVED.exec(diff.toString('latin1')) ?? [];
  return old !== undefined && fresh !== undefined ? { old, new: fresh } : undefined;
}

/** The index line stands before the first hunk, in whose lines no content starts with an "i". */
const MOVED =
  /^index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64}) 160000\n---[^\n]*\n\+\+\+[^\n]*\n@@ -1 \+1 @@\n-Subproject commit \1\n\+Subproject commit \2\n$/m;
