import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { parseOverride } from './config/override.ts';
import { EX, OperatorError } from './errors.ts';
import type { Override } from './model/push.ts';
import { type World, worldOf } from './world.ts';

/** Runs refpost as this process: its words, its streams, its exit code. */
export async function run(process: NodeJS.Process, home: string): Promise<void> {
  // `refpost notify --dry-run | head` ends when the reader has seen enough.
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EX.OK);
    throw error;
  });
  process.exitCode = await main(worldOf(process, home));
}

/** Runs one command and returns its exit code (sysexits(3)). The one place where errors end. */
export async function main(world: World): Promise<number> {
  let exitCode: number = EX.OK;
  const program = commands(world, code => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...world.argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, world);
  }
}

function report(error: unknown, world: World): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EX.OK : EX.USAGE;
  if (error instanceof OperatorError) {
    world.stderr.write(`refpost: ${error.message}\n${error.remedy.replace(/^/gm, '  ')}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  world.stderr.write(`refpost: this is a bug in refpost, please report it:\n${stack}\n`);
  return EX.SOFTWARE;
}

function commands(world: World, exitWith: (code: number) => void): Command {
  const program = new Command('refpost')
    .description('Mails what a push changed: one mail a commit, in order, threaded, none lost, none twice.')
    .version(versionOf(world.home))
    .configureOutput({
      writeOut: text => world.stdout.write(text),
      writeErr: text => world.stderr.write(text),
    })
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(refpost --help tells more)')
    .addHelpText('after', EXAMPLES);
  notify(program, world, exitWith);
  return program;
}

const EXAMPLES = `
Examples:
  refpost install /srv/git/project.git --to commits@example.org
  refpost notify HEAD~4 HEAD main --dry-run | less
  refpost outbox list

Exit codes are those of sysexits(3): 0 done, 64 wrong usage, 75 something stays queued, 78 wrong settings.`;

/** Options that most commands share. */
function withRepository(command: Command): Command {
  const collect = (text: string, before: readonly Override[] = []) => [...before, parseOverride(text)];
  return command
    .option('--repo <dir>', 'the repository', '.')
    .addOption(new Option('-c <key=value>', 'a setting for this run alone, as in git').argParser(collect));
}

interface RepositoryOptions {
  readonly repo: string;
  readonly c?: readonly Override[];
}

function notify(program: Command, world: World, exitWith: (code: number) => void): void {
  withRepository(program.command('notify <old> <new> <ref>'))
    .summary('announce what lies between two revisions')
    .description(
      'Mails exactly what lies between two revisions, whatever has been announced before.\n' +
        'All zeros for <old>: what no other ref has. All zeros for <new>: a deletion.',
    )
    .option('-n, --dry-run', 'write the mails to standard output as an mbox; nothing is sent or stored')
    .action(
      async (old: string, fresh: string, ref: string, options: RepositoryOptions & { dryRun?: true }) => {
        const { dryRun } = await import('./commands/notify.ts');
        const question = { old, new: fresh, ref, repo: options.repo, overrides: options.c ?? [] };
        if (options.dryRun) await dryRun(world, question);
        else exitWith(EX.UNAVAILABLE);
      },
    );
}

function versionOf(home: string): string {
  return (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
}
