import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openRepository } from '../../src/git/open-repository.ts';
import { install } from '../../src/install/install.ts';
import type { InstallCall } from '../../src/install/site.ts';
import { uninstall } from '../../src/install/uninstall.ts';
import { type SpoolLayout, spoolLayout } from '../../src/model/spool-layout.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { hookScript } from '../hook/hooked.ts';

type Odd = Partial<InstallCall> & { readonly folder?: string; readonly env?: NodeJS.ProcessEnv };

/** A bare repository to install in, and what was said about it. */
export class InstallSite {
  readonly folder: string;
  readonly bare: string;
  readonly config: string;
  readonly hookPath: string;
  readonly layout: SpoolLayout;
  readonly said: string[] = [];

  constructor(t: TestContext) {
    this.folder = temporaryFolder(t);
    this.bare = join(this.folder, 'project.git');
    new TestRepository(this.bare, '--bare');
    this.config = join(this.bare, 'config');
    this.hookPath = join(this.bare, 'hooks', 'post-receive');
    this.layout = spoolLayout(join(this.bare, 'refpost'));
  }

  git(...args: readonly string[]): string {
    return spawnSync('git', args, {
      cwd: this.bare,
      env: gitEnvironment(),
      encoding: 'utf8',
    }).stdout.trimEnd();
  }

  hook(content: string, mode: number): void {
    writeFileSync(this.hookPath, content);
    chmodSync(this.hookPath, mode);
  }

  /** Addresses and, last, what is odd about this install. */
  async install(...args: readonly (string | Odd)[]): Promise<void> {
    const {
      folder = this.bare,
      env = gitEnvironment(),
      ...odd
    }: Odd = args.find(arg => typeof arg === 'object') ?? {};
    await install({
      git: await openRepository(folder, env),
      addresses: args.filter(arg => typeof arg === 'string'),
      script: hookScript,
      command: ['/usr/bin/true'],
      env,
      host: 'git.example.org',
      createBaseline: async (_, spool) => {
        writeFileSync(join(spool, 'ledger', 'ours'), '');
        return false;
      },
      say: line => this.said.push(line),
      ...odd,
    });
  }

  async uninstall(env = gitEnvironment()): Promise<void> {
    await uninstall({
      git: await openRepository(this.bare, env),
      removeBaseline: async (_, spool) => rmSync(join(spool, 'ledger', 'ours'), { force: true }),
      say: line => this.said.push(line),
    });
  }

  /** A first push by a real git. */
  push(env = gitEnvironment()): { readonly status: number | null; readonly stderr: string } {
    const work = new TestRepository(join(this.folder, 'work'));
    work.commit();
    return spawnSync('git', ['push', '-q', this.bare, 'main'], {
      cwd: work.folder,
      env,
      encoding: 'utf8',
    });
  }
}

/** Every name below a folder with its kind, mode, and content or target. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(names.map(name => [name, describe(join(folder, name))]));
}

function describe(path: string): string {
  const { mode } = lstatSync(path);
  if (lstatSync(path).isSymbolicLink()) return `link ${readlinkSync(path)}`;
  if (lstatSync(path).isDirectory()) return `folder ${mode.toString(8)}`;
  return `${mode.toString(8)} ${readFileSync(path, 'latin1')}`;
}
