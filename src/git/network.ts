import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fault, type OperatorError } from '../errors.ts';
import { asLines, FIXED, oneLine } from './process.ts';

/** What a server may take of us before it is given up. Times in milliseconds, sizes in bytes. */
export interface Limits {
  /** Without a sign that it goes on. */
  readonly silence: number;
  readonly time: number;
  /** Of what git prints. */
  readonly output: number;
  /** Of the pack that is being received. */
  readonly disk: number;
  /** Of git and the programs that it has started, together. */
  readonly memory: number;
}

/** A git that talks to a server: where, with which environment and words. */
export interface Talk {
  readonly gitDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly input?: readonly string[];
  /** The server's address, as it may be shown. */
  readonly server: string;
}

/** How often git is looked at, in milliseconds. */
const LOOK = 500;
/** Milliseconds after which programs that do not end are killed. */
const GRACE = 3000;
/** How much of git's standard error is kept, in bytes; and how much there may be, most of it progress. */
const WORDS = 4096;
const MOST_WORDS = 32 << 20;

/**
 * Runs a git that talks to a server, and returns what it prints. Servers lie, hang and send without end: so it is given up, with all
 * programs that it has started, where it passes a limit or the signal comes. git's own limits (http.lowSpeedLimit) are for HTTP alone.
 * @throws OperatorError
 */
export async function talk(talk: Talk, limits: Limits, signal: AbortSignal): Promise<Buffer> {
  const { gitDir, environment, args, input = [], server } = talk;
  const started = performance.now();
  let lastSign = started;
  let cut: OperatorError | undefined;
  // A group of their own, so that one signal ends them all: a git that is killed leaves its helpers waiting for the server.
  const child = spawn('git', [...FIXED, ...args], { cwd: gitDir, env: environment, detached: true });
  const end = (why: OperatorError): void => {
    if (cut) return;
    cut = why;
    killGroup(child.pid, 'SIGTERM');
    setTimeout(() => killGroup(child.pid, 'SIGKILL'), GRACE).unref();
  };
  const stop = () => end(fault.stopped());
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();

  const answer: Buffer[] = [];
  let [printed, said, words, line] = [0, 0, '', ''];
  child.stdin.on('error', () => {}).end(asLines(input));
  child.stdout.on('data', (bytes: Buffer) => {
    lastSign = performance.now();
    printed += bytes.length;
    if (printed > limits.output) end(fault.remoteEndless(server, limits.output));
    else answer.push(bytes);
  });
  child.stderr.setEncoding('latin1').on('data', (text: string) => {
    said += text.length;
    if (said > MOST_WORDS) end(fault.remoteEndless(server, MOST_WORDS));
    // What the server says for people is after `remote: `; it may do so for ever.
    const lines = (line + text).split(/[\r\n]/);
    line = (lines.pop() ?? '').slice(-WORDS);
    if (lines.some(each => !each.startsWith('remote:'))) lastSign = performance.now();
    const spoken = lines.filter(each => !PROGRESS.test(each)).map(each => `${each}\n`);
    words = (words + spoken.join('')).slice(-WORDS);
  });
  const watch = setInterval(() => {
    const now = performance.now();
    if (now - lastSign > limits.silence) end(fault.remoteSilent(server, limits.silence));
    else if (now - started > limits.time) end(fault.remoteSlow(server, limits.time));
    else if (packSize(gitDir) > limits.disk) end(fault.remoteEndless(server, limits.disk));
    else if (memoryOf(child.pid) > limits.memory) end(fault.remoteEndless(server, limits.memory));
  }, LOOK);
  try {
    const [code, by] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.on('error', cause => reject(fault.gitMissing(cause)));
      child.on('close', (...ending) => resolve(ending));
      // A helper that stays, such as a cache of passwords, may hold the pipes.
      child.on('exit', (...ending) => setTimeout(resolve, GRACE, ending).unref());
    });
    if (cut) throw cut;
    if (code !== 0)
      throw fault.remoteFailed(
        server,
        withoutPasswords(oneLine(`${words}${line}`) || `${by ?? `exit code ${code}`}`),
      );
    return Buffer.concat(answer);
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', stop);
    for (const pipe of child.stdio) pipe?.destroy();
    if (cut) killGroup(child.pid, 'SIGKILL');
  }
}

const PROGRESS = /^(?:remote:|Receiving|Resolving|Unpacking|Checking|Counting|Compressing|From |\s)/;

/** What stands before the @ of an address may be a password or a token: nobody gets to read it. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\w:\/\/)[^\s/@]*(?:@[^\s/@]*)*@/g, '$1');
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // They have ended.
  }
}

/** Bytes of the packs that git receives there: it calls them so until they are whole. */
function packSize(gitDir: string): number {
  const folder = join(gitDir, 'objects', 'pack');
  return unfinishedPacks(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** The names of packs that git has not finished. One that was killed leaves them. */
export function unfinishedPacks(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => name.startsWith('tmp_'));
  } catch {
    return [];
  }
}

/** Bytes that a process and its children have for themselves (proc(5), RssAnon): packs that they look into do not count. 0 where nobody says it. */
function memoryOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    const kilobytes = /^RssAnon:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
    return Number(kilobytes ?? 0) * 1024 + children.reduce((sum, child) => sum + memoryOf(Number(child)), 0);
  } catch {
    return 0;
  }
}
