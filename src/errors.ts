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
  filesGone: (cause: unknown) =>
    new OperatorError(
      EX.TEMPFAIL,
      'files of refpost itself are gone: it was upgraded or removed while this worker ran',
      'nothing is lost, and the next worker goes on; if it says the same, install refpost again',
      cause,
    ),
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
  unreadableRecord: (path: string, cause: unknown) =>
    new OperatorError(
      EX.NOPERM,
      `the recorded push ${path} cannot be read`,
      'give it to the user that the worker runs as',
      cause,
    ),
  foreignRecord: (repository: string, spool: string) =>
    new OperatorError(
      EX.NOPERM,
      `the outbox of ${repository} is ${spool}, not this one`,
      `if refpost.spool was changed, move this record to drop/new of ${spool}; otherwise drop it: refpost outbox drop`,
    ),
  foreignSpool: (root: string) =>
    new OperatorError(
      EX.NOPERM,
      `the outbox ${root} belongs to another user than root`,
      'run this as its owner (sudo -u): root works in outboxes of its own only',
    ),
  openSpool: (root: string) =>
    new OperatorError(
      EX.NOPERM,
      `every user of this machine may write into the outbox ${root}`,
      `chmod o-w ${root}: whoever may write into it decides what is mailed`,
    ),
  notPerPush: (key: string) =>
    new OperatorError(
      EX.USAGE,
      `${key} cannot be given for one notify: it concerns how mails go out, not what they say`,
      'set it in git config; with --dry-run any setting may be tried',
    ),
  notifyHeld: (what: string, remedy: string) => new OperatorError(EX.CONFIG, what, remedy),
  notifyRefused: (id: string) =>
    new OperatorError(
      EX.DATAERR,
      `the worker could not use the record of this push, ${id}`,
      'the reason lies beside it in drop/bad of the outbox',
    ),
  noRecipients: (repository: string) =>
    new OperatorError(
      EX.CONFIG,
      `nobody is to be mailed about ${repository}: refpost.to is not set`,
      `git -C ${repository} config --add refpost.to commits@example.org`,
    ),
  noSuchEntry: (name: string) =>
    new OperatorError(
      EX.NOINPUT,
      `there is no push ${name} in the outbox`,
      'refpost outbox list --all shows what there is',
    ),
  ambiguousEntry: (name: string, ids: readonly string[]) =>
    new OperatorError(
      EX.USAGE,
      `${name} may be ${ids.slice(0, 5).join(' or ')}`,
      'give its number, or more of its id',
    ),
  damagedEntry: (number: number, why: string) =>
    new OperatorError(
      EX.DATAERR,
      `push ${number} is damaged: ${why}`,
      'its files lie in failed/ of the spool; notify can announce it again',
    ),
  noSuchMail: (name: string, mail: string, count: number) =>
    new OperatorError(
      EX.NOINPUT,
      `push ${name} has no mail ${mail}`,
      count === 0 ? 'it brought nothing to mail' : `its mails are 1 to ${count}`,
    ),
  // render
  badTemplate: (path: string, why: string, cause: unknown) =>
    new OperatorError(
      EX.CONFIG,
      `the template ${path} cannot be used: ${why}`,
      "templates/README.md in refpost's folder lists the variables; without refpost.templates the built-in ones are used",
      cause,
    ),
  templateNotUtf8: (path: string) =>
    new OperatorError(EX.CONFIG, `the template ${path} is not text in UTF-8`, 'save it again as UTF-8'),
  unreadableTemplate: (path: string, cause: unknown) =>
    new OperatorError(
      EX.NOPERM,
      `the template ${path} cannot be read`,
      'make it readable, or correct refpost.templates',
      cause,
    ),
  missingTemplate: (file: string, folders: readonly string[]) =>
    new OperatorError(
      EX.CONFIG,
      `there is no template ${file} in ${folders.join(' or ')}`,
      'install refpost again',
    ),
  // outbox
  spoolDenied: (path: string, user: string, readOnly: boolean, cause?: unknown) =>
    new OperatorError(
      readOnly ? EX.IOERR : EX.NOPERM,
      readOnly ? `${path} is on a read-only file system` : `${user} may not write or read ${path}`,
      readOnly
        ? 'make the file system writable, or name another directory with refpost.spool'
        : 'give that user the right to (in a repository of several users: git config core.sharedRepository group, and chmod -R g+rwX on the spool), or name another directory with refpost.spool',
      cause,
    ),
  spoolFull: (path: string, cause?: unknown) =>
    new OperatorError(
      EX.IOERR,
      `no space left to write ${path}`,
      'free some space or inodes, or raise the quota; nothing is lost: pushes stay recorded in drop/ and mails in queue/, and go on from there',
      cause,
    ),
  spoolFileTooLarge: (path: string, cause?: unknown) =>
    new OperatorError(
      EX.IOERR,
      `${path} would be larger than a file of this process may be`,
      'raise the limit (`ulimit -f`; LimitFSIZE= of a service) or that of the file system; nothing is lost: pushes stay recorded in drop/',
      cause,
    ),
  spoolBroken: (path: string, words: string, cause?: unknown) =>
    new OperatorError(
      EX.IOERR,
      `${path} cannot be used: ${words}`,
      'look at what lies there and at the disk; what is no part of the spool may go',
      cause,
    ),
  ledgerDamaged: (path: string) =>
    new OperatorError(
      EX.DATAERR,
      `${path} is damaged: what was announced of this repository cannot be read`,
      'check the disk, then move the file away: the next push starts a new one and announces what it brings itself',
    ),
  noSpool: (root: string) =>
    new OperatorError(
      EX.NOINPUT,
      `there is no outbox at ${root}`,
      'refpost install makes it; if it lies elsewhere, see refpost.spool',
    ),
  claimLost: (number: number) =>
    new OperatorError(
      EX.TEMPFAIL,
      `push ${number} is no longer this worker's`,
      'another worker goes on with it; nothing is to be done',
    ),
  entryGone: (number: number, id: string) =>
    new OperatorError(
      EX.NOINPUT,
      `push ${number} (${id}) is no longer in the spool`,
      'somebody removed its folder; nothing can be done for it any more',
    ),
  lockFailed: (path: string, words: string) =>
    new OperatorError(EX.OSERR, `${path} cannot be locked: ${words}`, 'put refpost.spool on a local disk'),
  spoolOnNetwork: (root: string, disk: string, host: string | undefined) =>
    new OperatorError(
      EX.CONFIG,
      `the outbox ${root} lies on a network disk (${disk}), where a lock does not keep workers of other hosts out${host === undefined ? '' : `; it was last held on ${host}`}`,
      'put refpost.spool on a disk of this machine; each host has an outbox of its own',
    ),
  lockProgramMissing: () =>
    new OperatorError(
      EX.UNAVAILABLE,
      'there is no program to lock the spool with',
      'install flock (package util-linux) or perl, or put it on the PATH of this user',
    ),
  // hook and install
  noRecipient: () =>
    new OperatorError(EX.USAGE, 'nobody is named to mail to', 'refpost install --to commits@example.org'),
  badRecipient: (text: string) =>
    new OperatorError(
      EX.USAGE,
      `${JSON.stringify(text)} is not an address`,
      'give a bare one such as commits@example.org after --to, or a folder that exists',
    ),
  badSender: (text: string, wrong: string) =>
    new OperatorError(
      EX.USAGE,
      `${JSON.stringify(text)} ${wrong}`,
      "give an address after --from, or a name and an address: 'Commits <commits@example.org>'",
    ),
  installDenied: (path: string, cause: unknown) =>
    new OperatorError(
      EX.NOPERM,
      `${path} cannot be changed: ${cause instanceof Error ? cause.message : cause}`,
      'run this as the user who owns the repository',
      cause,
    ),
  rootForOther: (repository: string, owner: number) =>
    new OperatorError(
      EX.NOPERM,
      `${repository} belongs to user ${owner}, and its pushes could not use what root makes in it`,
      `run this as its owner: sudo -u '#${owner}' refpost install ...`,
    ),
  hooksShared: (folder: string, scope: string) =>
    new OperatorError(
      EX.CONFIG,
      `core.hooksPath = ${folder} is a ${scope} setting: a hook in there would run for every repository`,
      'set core.hooksPath in this repository alone, or link post-receive into that folder yourself if you mean all',
    ),
  hookOfOthers: (folder: string) =>
    new OperatorError(
      EX.CONFIG,
      `the hook in ${folder} is refpost's for another repository: several have this folder for their hooks`,
      'give this repository a hooks folder of its own (a folder hooks in it, or core.hooksPath in its config), or link post-receive of refpost into that folder yourself if you mean all',
    ),
  twoEarlierHooks: (hook: string, earlier: string) =>
    new OperatorError(
      EX.CANTCREAT,
      `there is a hook ${hook}, and an earlier one is kept as ${earlier} already`,
      'make one of the two, then install again',
    ),
  configLocked: (lock: string) =>
    new OperatorError(
      EX.TEMPFAIL,
      `the settings are being changed by another program: ${lock} exists`,
      'try again; if no program runs that could have made it, remove it',
    ),
  notInstalled: (repository: string) =>
    new OperatorError(
      EX.NOINPUT,
      `refpost was not installed in ${repository} by "refpost install"`,
      'take away hooks/post-receive and the [refpost] settings by hand',
    ),
  receiptUnreadable: (path: string) =>
    new OperatorError(
      EX.DATAERR,
      `${path} is damaged or from another version of refpost`,
      'remove it, and what install did by hand: hooks/post-receive and the [refpost] settings',
    ),
  unitTaken: (path: string) =>
    new OperatorError(
      EX.CANTCREAT,
      `there is a unit ${path} that refpost did not write for this outbox, or that was changed since`,
      'move it away; changes of your own are kept best in a drop-in (systemctl edit)',
    ),
  unitEnabled: (file: string) =>
    new OperatorError(
      EX.TEMPFAIL,
      `${file} is enabled`,
      `systemctl disable --now ${file}, then uninstall again`,
    ),
  unitsDenied: (folder: string, cause: unknown) =>
    new OperatorError(
      EX.NOPERM,
      `units cannot be written to ${folder} by this user`,
      'run this as root, or write them elsewhere with --units DIR and let root copy them',
      cause,
    ),
  noUnitFolder: (folder: string, cause: unknown) =>
    new OperatorError(
      EX.CANTCREAT,
      `there is no folder ${folder} for units`,
      'name another one with --units DIR',
      cause,
    ),
  unitPath: (path: string) =>
    new OperatorError(
      EX.DATAERR,
      `a unit cannot name the path ${JSON.stringify(path)}: it has a control character in it`,
      'move what lies there to a path without one',
    ),
  // delivery
  passwordFileUnreadable: (path: string, cause: unknown) =>
    new OperatorError(
      EX.CONFIG,
      `refpost.smtpPasswordFile, ${path}, cannot be read`,
      'name a file that exists, and let the user who runs refpost read it',
      cause,
    ),
  passwordFileOpenToAll: (path: string) =>
    new OperatorError(
      EX.NOPERM,
      `refpost.smtpPasswordFile, ${path}, can be read by every user of this machine`,
      `chmod o= ${path}`,
    ),
  passwordFileEmpty: (path: string) =>
    new OperatorError(
      EX.CONFIG,
      `refpost.smtpPasswordFile, ${path}, has nothing in its first line`,
      'write the password into it',
    ),
  passwordCommandFailed: (end: string) =>
    new OperatorError(
      EX.CONFIG,
      `refpost.smtpPasswordCommand ${end}`,
      'run it by hand, as the user who runs refpost, to see why',
    ),
  passwordCommandSilent: () =>
    new OperatorError(
      EX.CONFIG,
      'refpost.smtpPasswordCommand printed nothing in its first line',
      'it must print the password on standard output',
    ),
};
