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
