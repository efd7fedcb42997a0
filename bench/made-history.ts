import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gitEnvironment, TestRepository } from '../test/fixtures/repository.ts';

/** As many files as apache/mesos has. */
const FOLDERS = 280;
const FILES_IN_FOLDER = 8;

/** Files that are so many lines long, and how often a commit changes one of them. */
interface Kind {
  readonly files: number;
  readonly lines: number;
  readonly percent: number;
  /** Lines that are written in one place, at the most. */
  readonly most?: number;
}

/**
 * What git takes for a commit depends on how large the files are that it changes, more than on the change. In 2000 commits
 * of apache/mesos they have 100 KB on average: half of them no more than 25, a quarter 108 and more, a tenth 422 and more.
 */
const LIKE_MESOS: readonly Kind[] = [
  { files: 20, lines: 7300, percent: 15 },
  { files: 60, lines: 1900, percent: 25 },
  { files: FOLDERS * FILES_IN_FOLDER - 80, lines: 400, percent: 60 },
];
/** Long files, of which a commit changes hundreds of lines: 25 KB of diff each. */
const LARGE: readonly Kind[] = [{ files: 300, lines: 2000, percent: 100, most: 110 }];
/** For those to whom the files do not matter. */
export const ALL_SMALL: readonly Kind[] = [{ files: FOLDERS * FILES_IN_FOLDER, lines: 400, percent: 100 }];

/**
 * A repository of its own making, the same at every run. A commit changes one to three of its 2240 files, and about as many lines
 * as those of apache/mesos do (57 added and 23 removed on average): 51 and 23. Its mails are about 8 KB.
 */
export async function madeHistory(folder: string, commits: number): Promise<TestRepository> {
  const repository = new TestRepository(folder, '--bare');
  await fastImport(repository, historyStream(commits, LIKE_MESOS));
  return repository;
}

/** As many commits whose diffs are 25 MB for each thousand. */
export async function largeHistory(folder: string, commits: number): Promise<void> {
  await fastImport(new TestRepository(folder, '--bare'), historyStream(commits, LARGE));
}

/**
 * As many commits, of which every third one merges the one before. One merge in five changes a file once more, so that it has a combined
 * diff. Files come and go as often as in apache/mesos, a tenth and a fortieth of the commits.
 */
export async function mergedHistory(folder: string, commits: number): Promise<void> {
  await fastImport(
    new TestRepository(folder, '--bare'),
    historyStream(commits, LIKE_MESOS, { merges: true }),
  );
}

/** @param stream as git-fast-import(1) wants it; may be longer than memory is large */
export async function fastImport({ folder }: TestRepository, stream: Iterable<string>): Promise<void> {
  const child = spawn('git', ['fast-import', '--quiet', '--date-format=raw'], {
    cwd: folder,
    env: gitEnvironment(),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  await pipeline(Readable.from(stream), child.stdin);
  const [code] = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

type Random = (below: number) => number;

interface Shape {
  /** The branch that the first commit follows; none if it starts a history. */
  readonly onto?: string;
  /** True where every third commit is a merge. */
  readonly merges?: boolean;
}

export function* historyStream(
  commits: number,
  kinds: readonly Kind[],
  { onto, merges = false }: Shape = {},
): Generator<string> {
  const next = pseudoRandom(17);
  const files = new Map<string, string[]>();
  const paths = kinds.map(kind => {
    const begin = files.size;
    for (let at = begin; at < begin + kind.files; at++) files.set(pathOf(at), linesOf(kind.lines, next));
    return [...files.keys()].slice(begin);
  });
  yield commitText(0, files, onto === undefined ? {} : { from: `refs/heads/${onto}` });
  yield `reset ${FIRST}\nfrom :1\n\n`;
  let ofSide = new Map<string, string[]>();
  for (let number = 1; number <= commits; number++) {
    const turn = merges ? number % 3 : 1;
    const changed = new Map<string, string[]>(turn === 0 ? ofSide : []);
    for (let count = turn === 0 ? Number(number % 15 === 0) : 1 + next(3); count > 0; count--) {
      const kind = kindAt(kinds, next(100));
      const own = turn === 0 ? [...ofSide.keys()] : (paths[kind] ?? []);
      const path = own[next(own.length)] as string;
      changed.set(path, edit(files.get(path) as string[], next, kinds[kind]?.most));
    }
    if (turn === 2) ofSide = changed;
    // Among files that come and go, git looks for renames.
    if (merges && turn > 0 && number % 10 === 1) changed.set(`src/new${number}.c`, linesOf(400, next));
    const gone = merges && number % 40 === 1 ? paths.at(-1)?.pop() : undefined;
    const start = `:${Math.max(1, number - 1 - AGE)}`;
    const place = [{ merge: SIDE }, {}, { branch: SIDE, from: start }][turn];
    yield commitText(number, changed, { ...place, ...(gone === undefined ? {} : { gone }) });
  }
}

/** The commit that all others follow. */
export const FIRST = 'refs/tags/first';
const MAIN = 'refs/heads/main';
const SIDE = 'refs/heads/side';
/** So many commits before its merge a side has left main: how much both parents of a merge differ is what git's work depends on. */
const AGE = 300;

function pathOf(at: number): string {
  return `src/module${at % FOLDERS}/part${Math.floor(at / FOLDERS)}.c`;
}

function linesOf(count: number, next: Random): string[] {
  return Array.from({ length: count }, (_, line) => sourceLine(line, next));
}

/** The kind whose turn it is at so many in a hundred. */
function kindAt(kinds: readonly Kind[], percent: number): number {
  let sum = 0;
  return kinds.findIndex(kind => {
    sum += kind.percent;
    return percent < sum;
  });
}

/** A few places in a file, some lines each. */
function edit(lines: string[], next: Random, most = 20): string[] {
  for (let places = 1 + next(4); places > 0; places--) {
    const at = next(lines.length - most - 4);
    const fresh = Array.from({ length: 1 + next(most) }, (_, line) => sourceLine(at + line, next));
    lines.splice(at, next(fresh.length), ...fresh);
  }
  return lines;
}

const WORDS = ['commit', 'ref', 'queue', 'mail', 'reader', 'state', 'buffer', 'entry', 'offset', 'window'];

function sourceLine(number: number, next: Random): string {
  const word = () => WORDS[next(WORDS.length)];
  const indent = '\t'.repeat(1 + (number % 3));
  return `${indent}if (${word()}_${word()}(${word()}, ${next(1000)})) return ${word()}->${word()}[${next(64)}];\n`;
}

interface Place {
  readonly branch?: string;
  readonly from?: string;
  readonly merge?: string;
  /** A file that is removed. */
  readonly gone?: string;
}

function commitText(
  number: number,
  files: ReadonlyMap<string, readonly string[]>,
  { branch = MAIN, from, merge, gone }: Place = {},
): string {
  const message = `${WORDS[number % WORDS.length]}: change number ${number}\n\nWhat it does, and why it is done in this way.\n`;
  const time = `${Date.UTC(2024, 0, 1) / 1000 + number * 60} +0000`;
  const changes = [...files].map(([path, lines]) => {
    const content = lines.join('');
    return `M 644 inline ${path}\ndata ${content.length}\n${content}\n`;
  });
  return [
    `commit ${branch}\nmark :${number + 1}\n`,
    `author Ada Author <ada@example.org> ${time}\n`,
    `committer Carl Committer <carl@example.org> ${time}\n`,
    `data ${message.length}\n${message}\n`,
    ...(from === undefined ? [] : [`from ${from}\n`]),
    ...(merge === undefined ? [] : [`merge ${merge}\n`]),
    ...(gone === undefined ? [] : [`D ${gone}\n`]),
    ...changes,
  ].join('');
}

/** Numbers that look random and are the same at every run (mulberry32). */
function pseudoRandom(seed: number): Random {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
