import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gitEnvironment, TestRepository } from '../test/fixtures/repository.ts';

/** As many files, as large, as apache/mesos has: what git takes for a commit depends on that more than on the commit. */
const FOLDERS = 280;
const FILES_IN_FOLDER = 8;
const LINES_IN_FILE = 400;

/**
 * A repository of its own making, the same at every run: 2240 files of 400 lines, and commits that change some lines in
 * one to three of them, as people's do. Its mails are about 6 KB.
 */
export async function madeHistory(folder: string, commits: number): Promise<TestRepository> {
  const repository = new TestRepository(folder, '--bare');
  await fastImport(repository, historyStream(commits));
  return repository;
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

/** @param onto the commit that the first one follows; none if it begins a history */
export function* historyStream(commits: number, onto?: string): Generator<string> {
  const next = pseudoRandom(17);
  const files = new Map<string, string[]>();
  for (let at = 0; at < FOLDERS * FILES_IN_FOLDER; at++) {
    const path = `src/module${at % FOLDERS}/part${Math.floor(at / FOLDERS)}.c`;
    files.set(
      path,
      Array.from({ length: LINES_IN_FILE }, (_, line) => sourceLine(line, next)),
    );
  }
  yield commitText(0, files, onto);
  const paths = [...files.keys()];
  for (let number = 1; number <= commits; number++) {
    const changed = new Map<string, string[]>();
    for (let count = 1 + next(3); count > 0; count--) {
      const path = paths[next(paths.length)] as string;
      changed.set(path, edit(files.get(path) as string[], next));
    }
    yield commitText(number, changed);
  }
}

/** A few places in a file, some lines each. */
function edit(lines: string[], next: (below: number) => number): string[] {
  for (let places = 1 + next(4); places > 0; places--) {
    const at = next(lines.length - 8);
    const fresh = Array.from({ length: 1 + next(8) }, (_, line) => sourceLine(at + line, next));
    lines.splice(at, next(fresh.length + 1), ...fresh);
  }
  while (lines.length > LINES_IN_FILE + 40) lines.splice(next(lines.length), 1);
  return lines;
}

const WORDS = ['commit', 'ref', 'queue', 'mail', 'reader', 'state', 'buffer', 'entry', 'offset', 'window'];

function sourceLine(number: number, next: (below: number) => number): string {
  const word = () => WORDS[next(WORDS.length)];
  const indent = '\t'.repeat(1 + (number % 3));
  return `${indent}if (${word()}_${word()}(${word()}, ${next(1000)})) return ${word()}->${word()}[${next(64)}];\n`;
}

function commitText(number: number, files: ReadonlyMap<string, readonly string[]>, onto?: string): string {
  const message = `${WORDS[number % WORDS.length]}: change number ${number}\n\nWhat it does, and why it is done in this way.\n`;
  const time = `${Date.UTC(2024, 0, 1) / 1000 + number * 60} +0000`;
  const changes = [...files].map(([path, lines]) => {
    const content = lines.join('');
    return `M 644 inline ${path}\ndata ${content.length}\n${content}\n`;
  });
  return [
    'commit refs/heads/main\n',
    `author Ada Author <ada@example.org> ${time}\n`,
    `committer Carl Committer <carl@example.org> ${time}\n`,
    `data ${message.length}\n${message}\n`,
    ...(onto === undefined ? [] : [`from refs/heads/${onto}\n`]),
    ...changes,
  ].join('');
}

/** Numbers that look random and are the same at every run (mulberry32). */
function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
