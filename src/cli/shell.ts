import { type Command, Option } from 'commander';
import { parseOverride } from '../config/override.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';

/** What a command may use besides its own words. */
export interface Shell {
  readonly world: World;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  readonly exitWith: (code: number) => void;
}

export interface RepositoryOptions {
  readonly repo: string;
  readonly c?: readonly Override[];
}

/** For the end of a command's help. */
export function example(line: string): string {
  return `\nExample:\n  ${line}`;
}

/** `-c`, any number of times. */
export function settingOption(): Option {
  const collect = (text: string, before: readonly Override[] = []) => [...before, parseOverride(text)];
  return new Option('-c <key=value>', 'a setting for this run alone, as in git').argParser(collect);
}

/** Options that most commands share, and an example. */
export function withRepository(command: Command, line: string): Command {
  return command
    .option('--repo <dir>', 'the repository', '.')
    .addOption(settingOption())
    .addHelpText('after', example(line));
}
