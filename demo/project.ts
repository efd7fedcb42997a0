import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A folder with `hello.git`, a bare repository, and `clone`, from which it was pushed to. */
export interface Project {
  commitFour(): void;
  commitOne(): void;
  /** Where the mails may be kept. */
  readonly mbox: string;
  /** From now on removing leaves the mbox, and nothing else. */
  keepMbox(): void;
  /** Runs `git ...` or `refpost ...` in the folder; resolves with what it printed. */
  run(command: readonly string[]): Promise<string>;
  /** Waits until the worker that the push has started has ended. */
  idle(): Promise<void>;
  log(): string;
  /** Ends what runs and removes the folder. */
  remove(): void;
}

const PROGRAM = fileURLToPath(new URL('../../bin/refpost.js', import.meta.url));

/** Makes it in a temporary place, with one commit that nobody will be mailed about. */
export function makeProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'refpost-demo-'));
  let left = [folder];
  const env = { ...environment(folder), ...names('Zoë Zimmermann') };
  const spool = join(folder, 'hello.git', 'refpost');
  const git = (author: string, ...words: string[]) =>
    execFileSync('git', ['-C', folder, ...words], { env: { ...env, ...names(author) }, stdio: 'pipe' });
  const commit = (author: string, message: string, files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(folder, 'clone', path, '..'), { recursive: true });
      writeFileSync(join(folder, 'clone', path), content);
    }
    git(author, '-C', 'clone', 'add', '.');
    git(author, '-C', 'clone', 'commit', '--quiet', '--message', message);
  };
  git('', 'init', '--quiet', '--bare', '--initial-branch=main', 'hello.git');
  git('', 'init', '--quiet', '--initial-branch=main', 'clone');
  git('', '-C', 'clone', 'remote', 'add', 'origin', '../hello.git');
  commit('Ada Adams', 'Begin.', { 'README.md': '# hello\n' });
  git('', '-C', 'clone', 'push', '--quiet', 'origin', 'main');
  return {
    commitFour() {
      for (const { author, message, files } of COMMITS) commit(author, message, files);
    },
    commitOne() {
      commit('Zoë Zimmermann', 'Say goodbye.', { 'src/goodbye.sh': '#!/bin/sh\necho "Goodbye!"\n' });
    },
    mbox: join(folder, 'mails.mbox'),
    keepMbox() {
      left = ['hello.git', 'clone'].map(name => join(folder, name));
    },
    async run([file = '', ...words]) {
      const command = file === 'refpost' ? [process.execPath, PROGRAM, ...words] : [file, ...words];
      const [program = '', ...rest] = command;
      const ended = await promisify(execFile)(program, rest, { cwd: folder, env }).catch(error => error);
      if (typeof ended.code === 'string') throw ended;
      return ended.stdout + ended.stderr;
    },
    async idle() {
      while (workerOf(spool) !== undefined || !isEmpty(join(spool, 'queue'))) await sleep(20);
    },
    log: () => readText(join(spool, 'refpost.log')),
    remove() {
      const worker = workerOf(spool);
      if (worker !== undefined) process.kill(worker);
      for (const path of left) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const COMMITS = [
  {
    author: 'Ada Adams',
    message: 'Greet the world.\n\nIt has waited long enough. Names come with the next commits.',
    files: { 'src/hello.sh': '#!/bin/sh\necho "Hello, world!"\n' },
  },
  {
    author: 'Zoë Zimmermann',
    message: 'Greet by name.',
    files: { 'src/hello.sh': '#!/bin/sh\necho "Hello, $1!"\n' },
  },
  {
    author: 'Ada Adams',
    message: 'Say how to greet.',
    files: { 'README.md': '# hello\n\n    sh src/hello.sh Zoë\n' },
  },
  {
    author: 'Zoë Zimmermann',
    message: 'Test the greeting.',
    files: { 'test/hello.sh': '#!/bin/sh\ntest "$(sh src/hello.sh Ada)" = "Hello, Ada!"\n' },
  },
];

/** Nothing of the user's own settings, so that the demo is the same for everybody. */
function environment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C.UTF-8' };
}

function names(author: string): NodeJS.ProcessEnv {
  const email = `${author.split(' ')[0]?.replace('ë', 'e').toLowerCase()}@example.org`;
  return {
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: author,
    GIT_COMMITTER_EMAIL: email,
  };
}

/** The process that has the outbox in hand: it writes its number into the lock and takes it out when it ends. */
function workerOf(spool: string): number | undefined {
  return Number.parseInt(readText(join(spool, 'lock')), 10) || undefined;
}

function isEmpty(folder: string): boolean {
  return readdirSync(folder).length === 0;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
