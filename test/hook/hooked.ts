import { type StdioOptions, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDrop } from '../../src/drop/drop.ts';
import { shellWords } from '../../src/hook/worker.ts';
import type { Push } from '../../src/model/push.ts';
import { type SpoolLayout, spoolLayout } from '../../src/model/spool-layout.ts';
import { ZERO } from '../fixtures/nouns.ts';
import { writeProgram } from '../fixtures/program.ts';
import { configLines, gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';

/** What git gives to a hook after the push of one ref. */
export const LINE = `${ZERO} ${'a'.repeat(40)} refs/heads/main\n`;

/** The hook script of this package; tests run in its root. */
export const hookScript = resolve('bin/post-receive');

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A bare repository with the hook in it, which starts no worker, and a clone that pushes. */
export class Hooked {
  readonly folder: string;
  readonly bare: string;
  readonly layout: SpoolLayout;
  #work: TestRepository | undefined;

  constructor(t: TestContext, name = 'project.git') {
    this.folder = temporaryFolder(t);
    this.bare = join(this.folder, name);
    this.layout = spoolLayout(join(this.bare, 'refpost'));
    new TestRepository(this.bare, '--bare');
    this.config('receive.advertisePushOptions', 'true');
    this.config('receive.autoGc', 'false');
    this.config('refpost.worker', 'service');
    mkdirSync(join(this.bare, 'hooks'), { recursive: true });
    symlinkSync(hookScript, join(this.bare, 'hooks', 'post-receive'));
  }

  /** What pushes. Most tests run the hook by themselves, and need none. */
  get work(): TestRepository {
    if (this.#work === undefined) {
      this.#work = new TestRepository(join(this.folder, 'work'));
      this.#work.commit();
    }
    return this.#work;
  }

  /** Of several values the last one counts. */
  config(key: string, value: string): void {
    appendFileSync(join(this.bare, 'config'), configLines({ [key]: value }));
  }

  push(
    refs: readonly string[] = ['main'],
    env: NodeJS.ProcessEnv = {},
    options: readonly string[] = [],
  ): Ran {
    return this.pushTo(this.bare, refs, env, options);
  }

  pushTo(
    target: string,
    refs: readonly string[],
    env: NodeJS.ProcessEnv = {},
    options: readonly string[] = [],
  ): Ran {
    return spawnSync('git', ['push', '-q', ...options, '--', target, ...refs], {
      cwd: this.work.folder,
      env: gitEnvironment(env),
      encoding: 'utf8',
    });
  }

  /** Runs the hook as git does, but by a shell of choice. */
  run(
    shell: readonly string[],
    input: string | Buffer,
    env: NodeJS.ProcessEnv = {},
    args: readonly string[] = [],
  ): Ran {
    return this.#run(shell, input, env, 'pipe', args);
  }

  /** The same, and waits for what the hook leaves running: all of it has descriptor 10, which the hook does not close. */
  runWhole(shell: readonly string[], input: string, env: NodeJS.ProcessEnv = {}): Ran {
    return this.#run(shell, input, env, ['pipe', 'pipe', 'pipe', ...Array(7).fill('ignore'), 'pipe']);
  }

  /** Runs `refpost hook` in the place of the script. */
  runProgram(input: string, env: NodeJS.ProcessEnv = {}, cwd = this.bare): Ran {
    return spawnSync(process.execPath, [resolve('bin/refpost.js'), 'hook'], {
      cwd,
      input,
      env: gitEnvironment({ GIT_DIR: '.', ...env }),
      encoding: 'utf8',
    });
  }

  #run(
    shell: readonly string[],
    input: string | Buffer,
    env: NodeJS.ProcessEnv,
    stdio: StdioOptions,
    args: readonly string[] = [],
  ): Ran {
    const [file = '', ...words] = shell;
    return spawnSync(file, [...words, 'hooks/post-receive', ...args], {
      cwd: this.bare,
      input,
      stdio,
      env: gitEnvironment({ GIT_DIR: '.', ...env }),
      encoding: 'utf8',
    });
  }

  /** The pushes that are recorded; all of them must be readable to the last line. */
  async recorded(layout = this.layout): Promise<readonly Push[]> {
    const drop = openDrop(layout.root);
    const pushes: Push[] = [];
    for (const id of await drop.list()) {
      const record = await drop.read(id);
      if ('fault' in record) throw new Error(record.fault);
      if (record.complaints.length > 0) throw new Error(record.complaints.join());
      pushes.push(record.push);
    }
    return pushes;
  }

  unfinished(): readonly string[] {
    return readdirSync(this.layout.dropTmp);
  }

  script(file: string, ...lines: readonly string[]): string {
    return writeProgram(file, ...lines);
  }

  /** Has the hook start this instead of refpost. What it writes to $out can be had by `fromWorker` once it has ended, or moved that to $done. */
  worker(...lines: readonly string[]): void {
    const name = join(this.folder, 'the worker');
    const path = this.script(
      name,
      `out='${this.#out}.new' done='${this.#out}'`,
      ...lines,
      'mv "$out" "$done"',
    );
    this.config('refpost.worker', 'hook');
    this.config('refpost.command', shellWords([path]));
  }

  /** Whether a worker that a hook started has ended. */
  get worked(): boolean {
    return existsSync(this.#out);
  }

  /** What the worker that a hook started has written; it runs on its own, so that this may take a moment. */
  async fromWorker(): Promise<string> {
    for (let tries = 0; !this.worked && tries < 1000; tries++) await sleep(10);
    return readFileSync(this.#out, 'utf8');
  }

  get #out(): string {
    return join(this.folder, 'out');
  }

  keepBefore(...lines: readonly string[]): void {
    this.script(join(this.bare, 'hooks', 'post-receive.before-refpost'), ...lines);
  }
}
