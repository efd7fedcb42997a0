import type { TestContext } from 'node:test';
import { isInstalled } from '../test/fixtures/mail-host.ts';

export type CleanUps = Pick<TestContext, 'after'>;

/** What is known of a receiver that runs. */
export interface Opened {
  /** Of the repository: how its mails get there. */
  readonly settings: Readonly<Record<string, string>>;
  /** Messages that have come out at its other end, in order. */
  readonly arrived: () => Promise<readonly Buffer[]>;
  /** What to show where nothing comes. */
  readonly explain?: () => string;
}

/** A program of the operating system that takes our mails. */
export interface Receiver {
  /** refpost.receiver, where it has a word for it. */
  readonly preset?: string;
  /** Programs by which it is known to be installed, all of them. */
  readonly programs: readonly string[];
  /** Debian's names of what has them. */
  readonly packages: readonly string[];
  open(t: CleanUps): Promise<Opened>;
}

export const LIST = 'commits@lists.example.org';
export const SENDER = 'git@example.org';
export const READER = 'reader@example.org';

/** Why a receiver cannot be tried here, as a sentence; undefined where it can. */
export function obstacle({ programs, packages }: Receiver): string | undefined {
  if (process.getuid?.() !== 0) return 'it can only be started by root';
  const missing = programs.filter(program => !isInstalled(program));
  if (missing.length === 0) return undefined;
  return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed here (Debian: ${packages.join(' ')})`;
}
