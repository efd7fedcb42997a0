import { type Command, Option } from 'commander';
import { example, type RepositoryOptions, type Shell, withRepository } from './shell.ts';

/** `refpost outbox` and what it can do. */
export function outbox(program: Command, { world }: Shell): void {
  const command = program
    .command('outbox')
    .summary('look at queued pushes, try them again or drop them')
    .addHelpText('after', example('refpost outbox list --repo /srv/git/project.git'));
  const load = () => import('../commands/outbox.ts');
  withRepository(command.command('list', { isDefault: true }), 'refpost outbox list --all')
    .summary('the pushes that are not finished')
    .option('--all', 'finished ones too')
    .action(async (options: RepositoryOptions & { all?: true }) => {
      const { listOutbox } = await load();
      await listOutbox(world, options, options.all ?? false);
    });
  withRepository(command.command('show <id> [mail]'), 'refpost outbox show 7 2')
    .summary('what became of each mail of a push, or one mail as its reader sees it')
    .option('--raw', 'the mail as it is stored and sent')
    .action(async (id: string, mail: string | undefined, options: RepositoryOptions & { raw?: true }) => {
      const { showEntry, showMail } = await load();
      if (mail === undefined) await showEntry(world, options, id);
      else await showMail(world, options, id, { mail, raw: options.raw ?? false });
    });
  withRepository(command.command('retry [id]'), 'refpost outbox retry --all')
    .summary('make what was not sent due now')
    .option('--all', 'of every push')
    .action(async (id: string | undefined, options: RepositoryOptions & { all?: true }, self: Command) => {
      if ((id === undefined) !== (options.all === true)) self.error('error: name a push, or --all');
      const { retryEntries } = await load();
      await retryEntries(world, options, id);
    });
  withRepository(command.command('drop <id>'), 'refpost outbox drop 7')
    .summary('give up what was not sent of a push')
    .action(async (id: string, options: RepositoryOptions) => {
      const { dropEntry } = await load();
      await dropEntry(world, options, id);
    });
}

/** `refpost status`. */
export function status(program: Command, { world, exitWith }: Shell): void {
  withRepository(program.command('status'), 'refpost status --repo /srv/git/project.git --json')
    .summary('how the outbox is doing: for people and for a monitoring check')
    .description('What waits, since when, and what stands in the way. Only reads.')
    .addOption(new Option('--json', 'as JSON').conflicts('prometheus'))
    .option('--prometheus', "in Prometheus' text format")
    .addHelpText(
      'after',
      '\nExit code 0: all is well. 75: a push waits for longer than refpost.warnAfter. 69: mails were given up,\n' +
        'records cannot be read, or no worker comes for what is recorded.',
    )
    .action(async (options: RepositoryOptions & { json?: true; prometheus?: true }) => {
      const { status } = await import('../commands/status.ts');
      const format = options.json ? 'json' : options.prometheus ? 'prometheus' : 'text';
      exitWith(await status(world, options.repo, options.c ?? [], format));
    });
}
