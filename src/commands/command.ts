import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';

/** What a command may use besides its own words. */
export interface Call {
  readonly world: World;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Ends with one line about wrong usage. */
  readonly misused: (sentence: string) => never;
}

/** The options that were given, by the names that commander makes of their flags. */
export interface Options {
  /** This and `c` are there in every command that works in a repository. */
  readonly repo: string;
  readonly c: readonly Override[];
  readonly to?: readonly string[];
  readonly from?: string;
  readonly receiver?: string;
  readonly audience?: string;
  readonly systemd?: true;
  readonly units?: string;
  readonly uninstall?: true;
  readonly undo?: true;
  readonly keepHook?: true;
  readonly host?: string;
  readonly root?: readonly string[];
  readonly config?: string;
  readonly json?: true;
  readonly prometheus?: true;
  readonly all?: true;
  readonly raw?: true;
  readonly dryRun?: true;
  readonly once?: true;
  readonly drain?: true;
  readonly logFormat?: string;
  readonly pusher?: string;
  readonly mbox?: readonly string[];
  readonly addresses?: string;
  readonly out?: string;
  readonly outbox?: string;
  readonly every?: string;
  readonly mirrors?: string;
  readonly listen?: string;
  /** In a fleet: what is asked of one server. */
  readonly server?: string;
  readonly sender?: true;
  readonly intake?: true;
  readonly back?: true;
  readonly finished?: true;
}

/** Runs a command with the words that are no options. Returns its exit code; nothing for 0. */
export type Command = (
  call: Call,
  options: Options,
  ...words: readonly (string | undefined)[]
) => Promise<number | undefined>;
