import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { parseOverride } from './config/override.ts';
import { EX } from './errors.ts';
import type { Override } from './model/push.ts';
import type { World } from './world.ts';

/** What a command may use besides its own words. */
interface Shell {
  readonly world: World;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  readonly exitWith: (code: number) => void;
}

interface RepositoryOptions {
  readonly repo: string;
  readonly c?: readonly Override[];
}

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
  for (const add of [install, hook, work, notify, outbox, doctor, config]) add(program, shell);
  return program;
}

const EXAMPLES = `
Examples:
  refpost install /srv/git/project.git --to commits@example.org
  refpost notify HEAD~4 HEAD main --dry-run | less
  refpost outbox list
  refpost doctor --repo /srv/git/project.git

Settings are git config, section refpost: "refpost config" shows them all.
Exit codes are those of sysexits(3): 0 done, 64 wrong usage, 75 something stays queued, 78 wrong settings.`;

function install(program: Command, { world }: Shell): void {
  program
    .command('install [dir]')
    .summary('make every push to a repository mail its commits')
    .description(
      'Sets recipients, links the post-receive hook and makes the outbox. A hook that is there\n' +
        'already is kept and run after ours. --uninstall takes exactly that back.',
    )
    .option('--to <address...>', 'who gets the mails')
    .option('--uninstall', 'take back what install did')
    .addHelpText('after', example('refpost install /srv/git/project.git --to commits@example.org'))
    .action(async (dir: string | undefined, options: { to?: string[]; uninstall?: true }) => {
      const { installHere, uninstallHere } = await import('./commands/install-here.ts');
      if (options.uninstall) await uninstallHere(world, dir ?? '.');
      else await installHere(world, dir ?? '.', options.to ?? []);
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
      const { hookHere } = await import('./commands/hook-here.ts');
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
    .addHelpText('after', '\nExit code 75: something stays queued.')
    .action(async (options: RepositoryOptions & { once?: true; drain?: true }) => {
      const { workHere } = await import('./commands/work-here.ts');
      const mode = options.once ? 'once' : options.drain ? 'drain' : 'stay';
      exitWith(await workHere(world, options.repo, options.c ?? [], mode, signal));
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
        const overrides = options.c ?? [];
        const { openWorkplace } = await import('./commands/workplace.ts');
        const workplace = await openWorkplace(world, options.repo, overrides);
        const asked = { old, new: fresh, ref, overrides };
        if (options.dryRun) await (await import('./commands/dry-run.ts')).dryRun(world, workplace, asked);
        else exitWith(await (await import('./commands/notify.ts')).notify(world, workplace, asked, signal));
      },
    );
}

function outbox(program: Command, { world }: Shell): void {
  const command = program
    .command('outbox')
    .summary('look at queued pushes, try them again or drop them')
    .addHelpText('after', example('refpost outbox list --repo /srv/git/project.git'));
  const load = async (options: RepositoryOptions) => {
    const { openWorkplace } = await import('./commands/workplace.ts');
    return {
      workplace: await openWorkplace(world, options.repo, options.c ?? []),
      ...(await import('./commands/outbox.ts')),
    };
  };
  withRepository(command.command('list', { isDefault: true }), 'refpost outbox list --all')
    .summary('the pushes that are not finished')
    .option('--all', 'finished ones too')
    .action(async (options: RepositoryOptions & { all?: true }) => {
      const { workplace, listOutbox } = await load(options);
      await listOutbox(world, workplace, options.all ?? false);
    });
  withRepository(command.command('show <id> [mail]'), 'refpost outbox show 7 2')
    .summary('what became of each mail of a push, or one mail as it is stored')
    .action(async (id: string, mail: string | undefined, options: RepositoryOptions) => {
      const { workplace, showEntry } = await load(options);
      await showEntry(world, workplace, id, mail === undefined ? undefined : Number(mail));
    });
  withRepository(command.command('retry [id]'), 'refpost outbox retry --all')
    .summary('make what was not sent due now')
    .option('--all', 'of every push')
    .action(async (id: string | undefined, options: RepositoryOptions & { all?: true }, self: Command) => {
      if ((id === undefined) !== (options.all === true)) self.error('error: name a push, or --all');
      const { workplace, retryEntries } = await load(options);
      await retryEntries(world, workplace, id);
    });
  withRepository(command.command('drop <id>'), 'refpost outbox drop 7')
    .summary('give up what was not sent of a push')
    .action(async (id: string, options: RepositoryOptions) => {
      const { workplace, dropEntry } = await load(options);
      await dropEntry(world, workplace, id);
    });
}

function doctor(program: Command, { world, exitWith }: Shell): void {
  withRepository(program.command('doctor'), 'refpost doctor --repo /srv/git/project.git')
    .summary('look whether everything is in place')
    .description('Checks git, settings, hook, outbox and the way out, login included. Sends nothing.')
    .action(async (options: RepositoryOptions) => {
      const { doctor } = await import('./commands/doctor.ts');
      exitWith((await doctor(world, options.repo, options.c ?? [])) ? EX.OK : EX.CONFIG);
    });
}

function config(program: Command, { world }: Shell): void {
  withRepository(program.command('config'), 'refpost config --repo /srv/git/project.git')
    .summary('every effective setting, and the file and line it comes from')
    .action(async (options: RepositoryOptions) => {
      const { showConfig } = await import('./commands/show-config.ts');
      await showConfig(world, options.repo, options.c ?? []);
    });
}

/** For the end of a command's help. */
function example(line: string): string {
  return `\nExample:\n  ${line}`;
}

/** Options that most commands share, and an example. */
function withRepository(command: Command, line: string): Command {
  const collect = (text: string, before: readonly Override[] = []) => [...before, parseOverride(text)];
  return command
    .option('--repo <dir>', 'the repository', '.')
    .addOption(new Option('-c <key=value>', 'a setting for this run alone, as in git').argParser(collect))
    .addHelpText('after', example(line));
}

function versionOf(home: string): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}
