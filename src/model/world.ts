import type { Readable, Writable } from 'node:stream';

/** All that refpost knows and touches of the process around it. Tests hand in their own. */
export interface World {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Shows how far long work has come, in one line of a terminal that each call rewrites; '' removes it. */
  readonly progress: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The name of this host as mail knows it. */
  readonly host: string;
  readonly user: string;
  /** The folder that refpost is installed in: templates and the hook script lie below it. */
  readonly home: string;
}
