import type { Git } from '../git/git.ts';
import type { Wish } from './changes.ts';
import type { AddedSetting } from './config-file.ts';
import type { InstallCall } from './site.ts';

/** What is asked for. */
export interface HostCall
  extends Pick<InstallCall, 'addresses' | 'from' | 'receiver' | 'script' | 'command' | 'env' | 'say'> {
  /** As in the table below. */
  readonly host: string;
  /** Absolute paths: where the host, or its repositories, are, as each host has it. */
  readonly roots: readonly string[];
  /** Absolute path of the git config file that gets the settings. */
  readonly configFile?: string | undefined;
  /** Only says what would be done. */
  readonly isDryRun: boolean;
}

/** What a plan is made from. */
export interface PlanCall extends HostCall {
  readonly git: Pick<Git, 'ask'>;
  /** For all repositories. */
  readonly settings: readonly AddedSetting[];
  /** Our own folder on this machine. */
  readonly state: string;
}

/** How refpost comes to all repositories of a host. */
export interface HostPlan {
  /** In the order in which they are granted: at no moment may a push fail. */
  readonly wishes: readonly Wish[];
  /** Folders below which the repositories are. */
  readonly roots: readonly string[];
  /** What a person has to do, a sentence each. */
  readonly byHand: readonly string[];
}
