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
    new OperatorError(EX.UNAVAILABLE, 'git cannot be started', 'install git, or put it on the PATH of this user', cause),
  gitFailed: (command: string, words: string) =>
    new OperatorError(EX.IOERR, `git ${command} failed: ${words}`, 'run `git fsck` in the repository'),
};
