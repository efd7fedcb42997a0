import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { InstallOptions } from '../commands/install.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { outbox, status } from './outbox.ts';
import { example, type RepositoryOptions, type Shell, withRepository } from './shell.ts';

/**
 * The command line: every command, its words and its help. A command's code is loaded when it is called, so that the
 * hook does not pay for the mail library.
 */
export function commandLine(world: World, signal: AbortSignal, exitWith: (code: number) => void): Command {
  const program = new Command('refpost')
    .description(
      'Mails what a git push changed: one mail a commit, in order, threaded, none lost, none twice.',
    )
    .version(versionOf(world.home))
    .configureOutput({
      writeOut: text => world.stdout.write(text),
      writeErr: text => world.stderr.write(text),
    })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES);
  const shell = { world, signal, exitWith };
  for (const add of [install, hook, work, notify, outbox, status, doctor, config]) add(program, shell);
  return program;
}

const EXAMPLES = `
Examples:
  refpost install /srv/git/project.git --to commits@example.org
  refpost notify HEAD~4 HEAD main --dry-run | less
  refpost outbox list
  refpost doctor --repo /srv/git/project.git

Settings are git config, section refpost: "refpost config" shows them all.
Exit codes are those of sysexits(3): 0 done, 64 wrong usage, 69 given up, 75 something stays queued,
78 wrong settings.`;

function install(program: Command, { world }: Shell): void {
  program
    .command('install [dir]')
    .summary('make every push to a repository mail its commits')
    .description(
      'Sets recipients, links the post-receive hook and makes the outbox. A hook that is there\n' +
        'already is kept and run after ours. --uninstall takes exactly that back.',
    )
    .option('--to <address...>', 'who gets the mails')
    .option('--systemd', 'write systemd units for the worker; the rest only with --to')
    .option('--units <folder>', 'where to write them; /etc/systemd/system if not given')
    .option('--uninstall', 'take back what install did; with --systemd, the units')
    .addHelpText('after', example('refpost install /srv/git/project.git --to commits@example.org'))
    .action(async (dir: string | undefined, options: InstallOptions) => {
      const { install } = await import('../commands/install.ts');
      await install(world, dir ?? '.', options);
    });
}

function hook(program: Command, { world }: Shell): void {
  program
    .command('hook')
    .summary('record a push: for people with a post-receive hook of their own')
    .description(
      'Reads standard input as git gives it to post-receive, stores it and starts a worker.\n' +
        'Never fails a push: exits 0, with one line on standard error if something is wrong.',
    )
    .addHelpText('after', '\nExample, in hooks/post-receive:\n  refpost hook')
    .action(async () => {
      const { hookHere } = await import('../commands/hook.ts');
      await hookHere(world, randomBytes(4).toString('hex'));
    });
}

function work(program: Command, { world, signal, exitWith }: Shell): void {
  withRepository(program.command('work'), 'refpost work --once')
    .summary('the worker: make the mails of recorded pushes and deliver what is due')
    .description(
      'Stays and reacts to new pushes at once, until SIGTERM. One worker works on an outbox at a time.',
    )
    .option('--once', 'end when nothing is due')
    .option('--drain', 'end when the queue is empty, waiting for what was put off; what the hook starts')
    .option('--log-format <format>', 'text or json: as refpost.logFormat, for this run')
    .addHelpText('after', '\nExit code 75: something stays queued.')
    .action(async (options: RepositoryOptions & { once?: true; drain?: true; logFormat?: string }) => {
      const { workHere } = await import('../commands/work.ts');
      const mode = options.once ? 'once' : options.drain ? 'drain' : 'stay';
      const format = options.logFormat === undefined ? [] : [logFormat(options.logFormat)];
      exitWith(await workHere(world, options.repo, [...(options.c ?? []), ...format], mode, signal));
    });
}

function notify(program: Command, { world, signal, exitWith }: Shell): void {
  withRepository(program.command('notify <old> <new> <ref>'), 'refpost notify v1.0 v1.1 main -n | less')
    .summary('announce what lies between two revisions')
    .description(
      'Mails exactly what lies between two revisions, whatever has been announced before.\n' +
        'All zeros for <old>: what no other ref has. All zeros for <new>: a deletion.',
    )
    .option('-n, --dry-run', 'write the mails to standard output as an mbox; send, store and move nothing')
    .action(
      async (old: string, fresh: string, ref: string, options: RepositoryOptions & { dryRun?: true }) => {
        const { notify } = await import('../commands/notify.ts');
        const asked = { old, new: fresh, ref, overrides: options.c ?? [] };
        exitWith(await notify(world, options.repo, asked, { dryRun: options.dryRun ?? false, signal }));
      },
    );
}

function doctor(program: Command, { world, exitWith }: Shell): void {
  withRepository(program.command('doctor'), 'refpost doctor --repo /srv/git/project.git')
    .summary('look whether everything is in place')
    .description('Checks git, settings, hook, outbox and the way out, login included. Sends nothing.')
    .action(async (options: RepositoryOptions) => {
      const { doctor } = await import('../commands/doctor.ts');
      exitWith(await doctor(world, options.repo, options.c ?? []));
    });
}

function config(program: Command, { world }: Shell): void {
  withRepository(program.command('config'), 'refpost config --repo /srv/git/project.git')
    .summary('every effective setting, and the file and line it comes from')
    .action(async (options: RepositoryOptions) => {
      const { showConfig } = await import('../commands/config.ts');
      await showConfig(world, options.repo, options.c ?? []);
    });
}

function logFormat(value: string): Override {
  return { key: 'refpost.logFormat', value };
}

function versionOf(home: string): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}
