import { text } from 'node:stream/consumers';
import { type ObjectType, refFromBytes } from '../model/push.ts';
import { decode, decodeLines } from '../model/text.ts';
import { asker, BATCH_CHECK } from './conversation.ts';
import { BIG_FILE, WITH_STAT } from './diff-tree.ts';
import { unlessRefused, untilRefused } from './failure.ts';
import type { Git } from './git.ts';
import { asLines } from './process.ts';
import { lines, whileAsked } from './streams.ts';

/** What a name stands for. `commit` is the commit that it leads to through any number of tags. */
export interface ObjectKind {
  /** The full name of the object; empty where there is none. */
  readonly id: string;
  readonly type: ObjectType;
  readonly commit?: string;
}

/** Every ref of the repository and the object it names. */
export async function readRefs(git: Git): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  for await (const line of lines(git.stream(['for-each-ref', '--format=%(objectname) %(refname)']))) {
    const blank = line.indexOf(' ');
    refs.set(refFromBytes(Buffer.from(line.slice(blank + 1), 'latin1')), line.slice(0, blank));
  }
  return refs;
}

/** What each name stands for, out of one git process: anything that git-rev-parse(1) takes for an object, and that has no line end in it. */
export async function readKinds(git: Git, names: readonly string[]): Promise<Map<string, ObjectKind>> {
  const kinds = new Map<string, ObjectKind>();
  if (names.length === 0) return kinds;
  const asked = names.flatMap(name => [name, `${name}^{}`]);
  const lines = await whileAsked(git, own =>
    asker(own, BATCH_CHECK, (all: readonly string[], wire) => {
      wire.say(asLines(all));
      return wire.lines(all.length);
    })(asked),
  );
  const answers = lines.map(found);
  names.forEach((name, index) => {
    const [object, peeled] = [answers[2 * index], answers[2 * index + 1]];
    const commit = peeled?.type === 'commit' ? { commit: peeled.id } : {};
    kinds.set(name, { id: object?.id ?? '', type: object?.type ?? 'missing', ...commit });
  });
  return kinds;
}

function found(answer: string): Pick<ObjectKind, 'id' | 'type'> | undefined {
  const [, id = '', type] = /^([0-9a-f]+) (commit|tag|tree|blob) \d+$/.exec(answer) ?? [];
  return type === undefined ? undefined : { id, type: type as ObjectKind['type'] };
}

/** Those of the commits whose message matches an extended regular expression, in any case of letters. */
export async function matchingCommits(git: Git, ids: readonly string[], pattern: string) {
  const found = new Set<string>();
  if (ids.length === 0) return found;
  const args = ['rev-list', '--no-walk=unsorted', '-E', '-i', `--grep=${pattern}`, '--stdin'];
  for await (const line of lines(git.stream(args, ids))) found.add(line);
  return found;
}

/** The branch that HEAD names, there or not; undefined where it names a commit. */
export async function readHead(git: Git): Promise<string | undefined> {
  return (await answerOf(git, ['symbolic-ref', '-q', 'HEAD'])) || undefined;
}

/** A branch that has a commit, that of HEAD rather than another; undefined where none has it. */
export async function branchWith(git: Git, commit: string): Promise<string | undefined> {
  const head = await readHead(git);
  const found = await answerOf(git, [
    'for-each-ref',
    '--format=%(refname)',
    `--contains=${commit}`,
    'refs/heads',
  ]);
  const branches = found.split('\n').map(decode);
  return branches.find(ref => ref === head) ?? (branches[0] || undefined);
}

/** Those of a commit: names of objects. */
export async function parentsOf(git: Git, commit: string): Promise<readonly string[]> {
  const found = await answerOf(git, ['rev-parse', `${commit}^@`]);
  return found === '' ? [] : found.split('\n');
}

/** The name of a commit's first parent; of one without any, zeros: then it is as if the ref were created. */
export async function firstParentOf(git: Git, commit: string): Promise<string> {
  const [parent] = await parentsOf(git, commit);
  if (parent !== undefined) return parent;
  const { id = '' } = (await readKinds(git, [commit])).get(commit) ?? {};
  return '0'.repeat(id.length || 40);
}

/** The annotated tag that comes before a commit in history, and its commit; undefined where there is none. */
export async function previousTag(git: Git, commit: string) {
  const name = await answerOf(git, ['describe', '--abbrev=0', `${commit}^`]);
  if (name === '') return undefined;
  const ref = `refs/tags/${name}`;
  const found = (await readKinds(git, [ref])).get(ref)?.commit;
  return found === undefined ? undefined : { name, commit: found };
}

/** What git prints on a line; nothing where it has no answer. */
export async function answerOf(git: Git, args: readonly string[]): Promise<string> {
  return (await unlessRefused(text(git.stream(args)), '')).trim();
}

/** Files of a stat between two commits, and lines of it with what was created, renamed and deleted. */
const [STAT_FILES, STAT_LINES] = [200, 500];

/** How the trees of two commits differ: git's stat and its summary, of more files than that the first ones. Nothing where git refuses to compare them. */
export async function statBetween(git: Git, old: string, fresh: string): Promise<string> {
  const look = [WITH_STAT, `--stat-count=${STAT_FILES}`, '--summary', '-M', '--no-color', '--no-ext-diff'];
  const found: string[] = [];
  for await (const line of untilRefused(
    lines(git.stream([...BIG_FILE, 'diff-tree', '-r', ...look, old, fresh])),
  )) {
    found.push(line);
    if (found.length === STAT_LINES) break;
  }
  return decodeLines(Buffer.from(found.join('\n'), 'latin1'));
}
