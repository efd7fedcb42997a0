import type { TestContext } from 'node:test';
import { isInstalled } from '../test/fixtures/mail-host.ts';

export type CleanUps = Pick<TestContext, 'after'>;

/** A program of the operating system that our mails meet. */
export interface Trial {
  /** Programs by which it is known to be installed, all of them. */
  readonly programs: readonly string[];
  /** Debian's names of what has them. The first one's version is shown. */
  readonly packages: readonly string[];
  /** Starts it, sends mails to it, and says what came of it; fails with a sentence. */
  play(t: CleanUps): Promise<string>;
}

/** A receiver that runs. */
export interface Opened {
  /** Of the repository: how its mails get there. */
  readonly settings: Readonly<Record<string, string>>;
  /** Messages that have come out at its other end, in order. */
  readonly arrived: () => Promise<readonly Buffer[]>;
  /** It queues, and its order is its own. */
  readonly ownOrder?: true;
  /** What to show where nothing comes. */
  readonly explain?: () => string;
}

export const LIST = 'commits@lists.example.org';
export const SENDER = 'git@example.org';
export const READER = 'reader@example.org';

/** What cannot be tried on this machine, with the reason. */
export class Impossible extends Error {}

/** Fails with the reason where something cannot be tried here. */
export function demandPossible({ programs, packages }: Trial): void {
  if (process.getuid?.() !== 0) throw new Impossible('it can only be started by root');
  const missing = programs.filter(program => !isInstalled(program));
  if (missing.length === 0) return;
  const names = `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'}`;
  throw new Impossible(`${names} not installed here (Debian: ${packages.join(' ')})`);
}
