import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import type { CommandName } from './commands.ts';

/** What a command may use besides its own words. */
interface Shell {
  readonly world: World;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  readonly exitWith: (code: number) => void;
  /** Ends with one line about wrong usage. */
  readonly misused: (sentence: string) => never;
}

/** The options that were given, by the names that commander makes of their flags. */
export interface Options {
  readonly repo: string;
  readonly c?: readonly Override[];
  readonly to?: readonly string[];
  readonly from?: string;
  readonly systemd?: true;
  readonly units?: string;
  readonly uninstall?: true;
  readonly json?: true;
  readonly prometheus?: true;
  readonly all?: true;
  readonly raw?: true;
  readonly dryRun?: true;
  readonly once?: true;
  readonly drain?: true;
  readonly logFormat?: string;
}

type Action = (shell: Shell, options: Options, ...args: readonly (string | undefined)[]) => Promise<void>;

/** What each command calls. Its code is loaded when it is called, so that the hook does not pay for the mail library. */
export const actions: Readonly<Partial<Record<CommandName, Action>>> = {
  async install({ world }, options, ...folders) {
    const { install } = await import('../commands/install.ts');
    await install(
      world,
      folders.filter(folder => folder !== undefined),
      options,
    );
  },
  async doctor({ world, exitWith }, { repo, c = [] }) {
    const { doctor } = await import('../commands/doctor.ts');
    exitWith(await doctor(world, repo, c));
  },
  async config({ world }, { repo, c = [] }, key) {
    const { showConfig } = await import('../commands/config.ts');
    await showConfig(world, repo, c, key);
  },
  async status({ world, exitWith, misused }, { repo, c = [], json, prometheus }) {
    if (json && prometheus) misused('--json and --prometheus cannot be combined');
    const { status } = await import('../commands/status.ts');
    exitWith(await status(world, repo, c, json ? 'json' : prometheus ? 'prometheus' : 'text'));
  },
  async 'outbox list'({ world }, options) {
    const { listOutbox } = await import('../commands/outbox.ts');
    await listOutbox(world, options, { all: options.all ?? false, json: options.json ?? false });
  },
  async 'outbox show'({ world }, options, id = '', mail) {
    const { showEntry, showMail } = await import('../commands/outbox.ts');
    if (mail === undefined) await showEntry(world, options, id);
    else await showMail(world, options, id, { mail, raw: options.raw ?? false });
  },
  async 'outbox retry'({ world, misused }, options, id) {
    if ((id === undefined) !== (options.all === true)) misused('name a push, or --all');
    const { retryEntries } = await import('../commands/outbox.ts');
    await retryEntries(world, options, id);
  },
  async 'outbox drop'({ world }, options, id = '') {
    const { dropEntry } = await import('../commands/outbox.ts');
    await dropEntry(world, options, id);
  },
  async notify(
    { world, signal, exitWith },
    { repo, c = [], dryRun = false },
    old = '',
    fresh = '',
    ref = '',
  ) {
    const { notify } = await import('../commands/notify.ts');
    exitWith(await notify(world, repo, { old, new: fresh, ref, overrides: c }, { dryRun, signal }));
  },
  async work({ world, signal, exitWith }, { repo, c = [], once, drain, logFormat }) {
    const { workHere } = await import('../commands/work.ts');
    const format = logFormat === undefined ? [] : [{ key: 'refpost.logFormat', value: logFormat }];
    exitWith(
      await workHere(world, repo, [...c, ...format], once ? 'once' : drain ? 'drain' : 'stay', signal),
    );
  },
  async hook({ world }) {
    const { hookHere } = await import('../commands/hook.ts');
    await hookHere(world, randomBytes(4).toString('hex'));
  },
  async completion({ world, misused }, _options, shell = '') {
    if (!['bash', 'zsh', 'fish'].includes(shell)) misused('there is completion for bash, zsh and fish');
    world.stdout.write(readFileSync(join(world.home, 'completion', `refpost.${shell}`)));
  },
  async version({ world }) {
    world.stdout.write(`${versionOf(world)}\n`);
  },
};

export function versionOf({ home }: World): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}
