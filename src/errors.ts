/** Exit codes of sysexits(3). */
export const EX = {
  OK: 0,
  USAGE: 64,
  DATAERR: 65,
  NOINPUT: 66,
  UNAVAILABLE: 69,
  SOFTWARE: 70,
  OSERR: 71,
  CANTCREAT: 73,
  IOERR: 74,
  TEMPFAIL: 75,
  NOPERM: 77,
  CONFIG: 78,
} as const;

/** A fault that an operator can mend: what is wrong, and what to do about it. Anything else that is thrown is a bug. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly exitCode: number;
  readonly remedy: string;

  constructor(exitCode: number, what: string, remedy: string, cause?: unknown) {
    super(what, { cause });
    this.exitCode = exitCode;
    this.remedy = remedy;
  }
}

/** Every sentence that an operator can meet, by the part of refpost that says it. No secret goes into any. */
export const fault = {
  notARepository: (directory: string) =>
    new OperatorError(EX.NOINPUT, `${directory} is not a git repository`, 'name one with --repo DIR'),
  gitMissing: (cause: unknown) =>
    new OperatorError(
      EX.UNAVAILABLE,
      'git cannot be started',
      'install git, or put it on the PATH of this user',
      cause,
    ),
  gitFailed: (command: string, words: string) =>
    new OperatorError(EX.IOERR, `git ${command} failed: ${words}`, 'run `git fsck` in the repository'),
  // settings
  settingsWrong: (lines: readonly string[]) =>
    new OperatorError(
      EX.CONFIG,
      `${lines.length === 1 ? 'a setting is' : `${lines.length} settings are`} wrong:\n${lines.map(line => `  ${line}`).join('\n')}`,
      'correct what is named above, each in its file (`git config --edit`, with --global or --system for those scopes)',
    ),
  overrideWithoutValue: () =>
    new OperatorError(EX.USAGE, 'an argument of -c has no `=` in it', 'write it as -c refpost.maxMails=5'),
  dubiousOwnership: (directory: string) =>
    new OperatorError(
      EX.NOPERM,
      `git will not work in ${directory}: it belongs to another user`,
      `run refpost as its owner, or: git config --global --add safe.directory ${directory}`,
    ),
  nothingBetweenZeros: () =>
    new OperatorError(
      EX.USAGE,
      'both revisions are all zeros: there is nothing between them',
      'name at least one commit',
    ),
  unknownRevision: (name: string, repository: string) =>
    new OperatorError(
      EX.NOINPUT,
      `${name} is not a revision of ${repository}`,
      'git rev-parse must understand it; fetch it first if it is new',
    ),
  missingObject: (id: string, repository: string) =>
    new OperatorError(
      EX.NOINPUT,
      `the object ${id} is not in ${repository}`,
      'fetch it, or look for a typing error',
    ),
  unknownRef: (name: string, repository: string) =>
    new OperatorError(
      EX.NOINPUT,
      `there is no ref ${name} in ${repository}`,
      'give the full name, such as refs/heads/main, if it was deleted',
    ),
  ambiguousRef: (name: string, candidates: readonly string[]) =>
    new OperatorError(EX.USAGE, `${name} may be ${candidates.join(' or ')}`, 'give the full name'),
  // render
  badTemplate: (path: string, cause: unknown) =>
    new OperatorError(
      EX.CONFIG,
      `the template ${path} cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      'templates/README.md lists the variables; without refpost.templates the built-in ones are used',
      cause,
    ),
  unreadableTemplate: (path: string, cause: unknown) =>
    new OperatorError(
      EX.NOPERM,
      `the template ${path} cannot be read`,
      'make it readable, or mend refpost.templates',
      cause,
    ),
  missingTemplate: (file: string, folders: readonly string[]) =>
    new OperatorError(
      EX.CONFIG,
      `there is no template ${file} in ${folders.join(' or ')}`,
      'install refpost again',
    ),
};
