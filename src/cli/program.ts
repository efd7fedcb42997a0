import { Command, Help, Option } from 'commander';
import type { Options } from '../commands/command.ts';
import { parseOverride } from '../config/listing.ts';
import { EX } from '../errors.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { actions, versionOf } from './actions.ts';
import { commands } from './commands.ts';
import { type CommandWords, program, repositoryOptions } from './words.ts';

/** The parser of the command line and its help, made from the table of words. */
export function commandLine(world: World, signal: AbortSignal, exitWith: (code: number) => void): Command {
  const root = new Command('refpost')
    .version(versionOf(world), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .commandsGroup('About refpost:')
    .helpCommand('help [command]', 'show the help of a command')
    .configureOutput({
      writeOut: text => world.stdout.write(text),
      writeErr: text => world.stderr.write(text),
    })
    .exitOverride()
    .showSuggestionAfterError();
  explain(root, program, world);
  const made = new Map<string, Command>([['', root]]);
  // Of all others nobody hears where one is named (bench, set `start`).
  const named = commands.filter(({ name }) => name.split(' ')[0] === world.argv[0]);
  for (const words of named.length > 0 ? named : commands) {
    const [name = '', parent = ''] = words.name.split(' ').reverse();
    const command = (made.get(parent) ?? root).command(name, { isDefault: words.name === 'outbox list' });
    made.set(words.name, command);
    explain(command, words, world);
    const load = actions[words.name];
    if (!load) continue;
    const misused = (sentence: string) => command.error(`error: ${sentence}`);
    command.action(async () => {
      const run = await load();
      const given = command.processedArgs.flat();
      exitWith((await run({ world, signal, misused }, command.opts<Options>(), ...given)) ?? EX.OK);
    });
  }
  return root;
}

function explain(command: Command, words: CommandWords, { env }: World): void {
  const { summary, description = `${summary[0]?.toUpperCase()}${summary.slice(1)}.` } = words;
  command
    .summary(summary)
    .description(description)
    .configureHelp({ formatHelp: (self, helper) => formatHelp(self, helper, words) });
  if (words.args) command.arguments(words.args);
  if (words.group) command.helpGroup(words.group);
  for (const [flags, help] of Object.entries(words.options ?? {})) command.option(flags, help);
  if (!words.inRepository) return;
  command
    .optionsGroup('Repository:')
    .setOptionValue('repo', env.GIT_DIR || '.')
    .setOptionValue('c', []);
  for (const [flags, help] of Object.entries(repositoryOptions))
    command.addOption(flags.startsWith('-c ') ? settingOption(help) : new Option(flags, help));
}

/** `-c`, any number of times. */
export function settingOption(help = 'a setting for this run only, as with git'): Option {
  const add = (text: string, before: readonly Override[] = []) => [...before, parseOverride(text)];
  return new Option('-c <key=value>', help).argParser(add);
}

/** What commander prints, then exit codes and examples. */
function formatHelp(command: Command, helper: Help, { exit = {}, examples }: CommandWords): string {
  const codes = Object.entries(exit).map(([code, meaning]) => helper.formatItem(code, 2, meaning, helper));
  const heading = examples.length > 1 ? 'Examples:' : 'Example:';
  const shown = examples.map(line => `  ${line}`);
  const lists = [
    ['Exit codes:', codes],
    [heading, shown],
  ] as const;
  const lines = lists.flatMap(([title, items]) => helper.formatItemList(title, items, helper));
  return `${Help.prototype.formatHelp.call(helper, command, helper)}\n${lines.join('\n').trimEnd()}\n`;
}
