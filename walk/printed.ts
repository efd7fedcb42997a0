import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** What git prints for a commit; or its words where it fails on it. */
type Printed = { readonly patch: Buffer } | { readonly words: string };

/** Patches by a git process of the walk's own, one after the other. */
export interface Printer {
  patchOf(id: string): Promise<Printed>;
  close(): void;
}

/** The same diff that a mail is to show: renames found, and copies but in merges, merges combined, files of over 16 MiB not read. */
const ARGS = [
  ...['-c', 'core.quotePath=false', '-c', 'core.bigFileThreshold=16m', '-c', 'diff.suppressBlankEmpty=false'],
  ...['diff-tree', '--stdin', '--root', '--no-commit-id', '-p', '--cc', '-M'],
  ...['--full-index', '--no-color', '--no-ext-diff', '--no-textconv'],
];

/**
 * git diff-tree echoes a line that names no object, and flushes: so the end of each answer is known, and nothing comes
 * behind it that was not asked for.
 */
const END = 'that-was-all\n';

export function openPrinter(gitDir: string, of: 'commits' | 'merges'): Printer {
  const args = of === 'merges' ? ARGS : [...ARGS, '-C'];
  let git: ChildProcessWithoutNullStreams | undefined;
  return {
    async patchOf(id) {
      git ??= start(gitDir, args);
      const answer = await ask(git, id);
      if ('words' in answer) git = undefined;
      return answer;
    },
    close: () => void git?.stdin.end(),
  };
}

function start(gitDir: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', GIT_DIR: gitDir, GIT_NO_LAZY_FETCH: '1' };
  const git = spawn('git', args, { env, cwd: gitDir });
  git.stdin.on('error', () => {});
  return git;
}

function ask(git: ChildProcessWithoutNullStreams, id: string): Promise<Printed> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let words = '';
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      if (endsWithEnd(chunks)) done({ patch: Buffer.concat(chunks).subarray(0, -END.length) });
    };
    const onWords = (chunk: Buffer) => {
      words += chunk.toString('utf8');
    };
    const onClose = () => done({ words: words.trim().split('\n').at(-1) ?? '' });
    const done = (answer: Printed) => {
      git.stdout.off('data', onData);
      git.stderr.off('data', onWords);
      git.off('close', onClose).off('error', reject);
      resolve(answer);
    };
    git.stdout.on('data', onData);
    git.stderr.on('data', onWords);
    git.on('close', onClose).on('error', reject);
    git.stdin.write(`${id}\n${END}`);
  });
}

function endsWithEnd(chunks: readonly Buffer[]): boolean {
  const last = chunks.at(-1);
  if (!last) return false;
  const tail = last.length >= END.length ? last : Buffer.concat(chunks.slice(-END.length));
  return tail.subarray(-END.length).toString('latin1') === END;
}
