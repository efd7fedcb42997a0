/** Flags, with the name of a value in angle brackets, and what they mean. */
export type OptionWords = Readonly<Record<string, string>>;

/** All there is to say about a command. */
export interface CommandWords {
  /** As typed after `refpost`: `outbox list`. */
  readonly name: string;
  /** Its arguments: `<id> [mail]`. What can be completed goes by the name in the brackets (scripts/completion.js). */
  readonly args?: string;
  /** The heading that it stands under in `refpost --help`. */
  readonly group?: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** No line ends but between paragraphs: each reader fills its lines. */
  readonly description?: string;
  readonly options?: OptionWords;
  /** Whether it takes `--repo` and `-c`. */
  readonly inRepository?: true;
  /** Exit codes that mean something of their own here. */
  readonly exit?: Readonly<Record<number, string>>;
  readonly examples: readonly string[];
}

/** Options of every command that works in a repository. */
export const repositoryOptions: OptionWords = {
  '--repo <dir>': 'the repository, if not the current directory',
  '-c <key=value>': 'a setting for this run only, as with git; may be given several times',
};

/** refpost itself. Its exit codes are those of sysexits(3). */
export const program: CommandWords = {
  name: '',
  summary: 'mail about git pushes, one mail a commit',
  description:
    'Sends mail about git pushes: one mail a commit, in order, threaded, none lost, none twice. A hook records each push and returns at once; a worker makes the mails, keeps them in an outbox on disk, and sends them.\n\nSettings are git config, section refpost: "refpost config" shows those in force.',
  exit: {
    0: 'done',
    64: 'wrong usage',
    65: 'a damaged file',
    66: 'no such repository, outbox, push or revision',
    69: 'mails were given up, or a person is needed',
    70: 'a bug in refpost',
    73: 'a file is in the way',
    74: 'the disk is full, read-only or failing',
    75: 'something is still waiting, and will be tried again',
    77: 'missing permissions',
    78: 'wrong settings',
  },
  examples: [
    'refpost install /srv/git/project.git --to commits@example.org',
    'refpost notify HEAD~1 HEAD main --dry-run | less',
    'refpost outbox list',
    'refpost doctor --repo /srv/git/project.git',
  ],
};
