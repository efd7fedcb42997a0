import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../commands/command.ts';
import type { World } from '../model/world.ts';
import type { CommandName } from './commands.ts';

/** What each command calls. Its code is loaded when it is called, so that the hook does not pay for the mail library. */
export const actions: Readonly<Partial<Record<CommandName, () => Promise<Command>>>> = {
  install: async () => (await import('../commands/install.ts')).install,
  migrate: async () => (await import('../commands/install.ts')).migrate,
  uninstall: async () => (await import('../commands/install.ts')).uninstall,
  doctor: async () => (await import('../commands/status.ts')).doctor,
  config: async () => (await import('../commands/config.ts')).config,
  explain: async () => (await import('../commands/explain.ts')).explain,
  status: async () => (await import('../commands/status.ts')).status,
  'test-mail': async () => (await import('../commands/status.ts')).testMail,
  'outbox list': async () => (await import('../commands/outbox.ts')).list,
  'outbox show': async () => (await import('../commands/outbox.ts')).show,
  'outbox retry': async () => (await import('../commands/outbox.ts')).retry,
  'outbox drop': async () => (await import('../commands/outbox.ts')).drop,
  notify: async () => (await import('../commands/notify.ts')).notify,
  resend: async () => (await import('../commands/notify.ts')).resend,
  preview: async () => (await import('../commands/archive.ts')).preview,
  archive: async () => (await import('../commands/archive.ts')).archive,
  work: async () => (await import('../commands/work.ts')).work,
  poll: async () => (await import('../commands/poll.ts')).poll,
  webhook: async () => (await import('../commands/poll.ts')).webhook,
  'fleet init': async () => (await import('../commands/fleet.ts')).init,
  'fleet migrate': async () => (await import('../commands/fleet.ts')).migrate,
  'fleet check': async () => (await import('../commands/fleet.ts')).check,
  'fleet grant': async () => (await import('../commands/fleet.ts')).grant,
  'fleet revoke': async () => (await import('../commands/fleet.ts')).revoke,
  'fleet move': async () => (await import('../commands/fleet.ts')).move,
  hook: async () => (await import('../commands/hook.ts')).hook,
  completion: async () => completion,
  version: async () => version,
};

const completion: Command = async ({ world, misused }, _options, shell = '') => {
  if (!['bash', 'zsh', 'fish'].includes(shell)) misused('there is completion for bash, zsh and fish');
  world.stdout.write(readFileSync(join(world.home, 'completion', `refpost.${shell}`)));
};

const version: Command = async ({ world }) => {
  world.stdout.write(`${versionOf(world)}\n`);
};

export function versionOf({ home }: World): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}
