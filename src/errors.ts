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

/** A fault that an operator can fix: what is wrong, and what to do about it. Anything else that is thrown is a bug. */
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

/**
 * What keeps refpost from the database of its outbox. A worker waits and tries again: who corrects it, or waits, need not start one.
 * @param lasting waiting does not help: somebody has to change something
 */
export class DatabaseAway extends OperatorError {
  readonly lasting: boolean;

  constructor(exitCode: number, what: string, remedy: string, lasting: boolean, cause?: unknown) {
    super(exitCode, what, remedy, cause);
    this.lasting = lasting;
  }
}

/** Another worker has taken an entry: what this one would write about it does not count any more. */
export class ClaimLost extends OperatorError {}

/** Another server of a fleet has announced something of the same repository since the plan was made: it is to be made anew. */
export class LedgerMoved extends OperatorError {}

/** What to do where git said no, by its own words in English: the first that fits. */
const GIT_REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /dubious ownership/,
    'run refpost as the owner of the repository, or add its path to safe.directory in the configuration of this user',
  ],
  [
    /permission denied|operation not permitted/i,
    'give this user the right to read all of the repository: see the owner and the mode of the file that git names',
  ],
  [
    /out of memory|cannot allocate|too many open files|unable to create (async )?thread|cannot fork|resource temporarily/i,
    'raise what this user may use (memory, processes, open files), or free some on this machine',
  ],
  [
    /no space left|disk quota|read-only file system/i,
    'make room on the disk, and see whether it can be written',
  ],
  [
    /input\/output error|stale file handle|transport endpoint/i,
    'see to the disk that the repository lies on',
  ],
  [/not a git repository/, 'see whether the repository is still at its path, and complete'],
  [
    /unknown option|unrecognized argument|is not a git command|^usage:|unrecognized format/i,
    'install a newer git: this one does not know what refpost asks of it',
  ],
  [
    /bad (boolean|numeric)? ?config|in file .*config|in config\b/i,
    'fix this line in the configuration of git',
  ],
];

/** @param words of git, one line */
export function gitRemedy(words: string, killed: boolean): string {
  if (killed) return 'it is tried again; see what ends processes on this machine, or holds up its disk';
  const [, remedy] = GIT_REMEDIES.find(([said]) => said.test(words)) ?? [];
  return remedy ?? 'run `git fsck` in the repository: an object may be missing or damaged';
}

/** What to do where a server, or the way to it, fails, by git's words. */
const REMOTE_REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /could not read (username|password)|authentication failed|permission denied|terminal prompts disabled|\b40[13]\b|access denied/i,
    'give git the right to read it: a credential helper (gitcredentials(7)) or a key for ssh, as the user who runs refpost',
  ],
  [
    /not found|\b404\b|does not (exist|appear)/i,
    'see whether the repository is still there, and its address right',
  ],
  [
    /host key|known_hosts/i,
    'connect once by hand, as the user who runs refpost, and accept the key of the host',
  ],
  [/certificate|SSL|TLS/, 'see to the certificate of the server, or to http.sslCAInfo'],
  [/\.lock'?: File exists/, 'it is removed when it is an hour old; if no git is at work there, remove it'],
];

function remoteRemedy(words: string): string {
  const [, remedy] = REMOTE_REMEDIES.find(([said]) => said.test(words)) ?? [];
  return remedy ?? 'it is tried again, with growing waits; see whether git can fetch from there by hand';
}

type Sentence = readonly [what: string, remedy: string, cause?: unknown];

/** Makes the faults that end a command with this exit code. */
const ending =
  (code: number) =>
  (...sentence: Sentence) =>
    new OperatorError(code, ...sentence);

const misused = ending(EX.USAGE);
const damaged = ending(EX.DATAERR);
const missing = ending(EX.NOINPUT);
const unavailable = ending(EX.UNAVAILABLE);
const inTheWay = ending(EX.CANTCREAT);
const diskFails = ending(EX.IOERR);
const later = ending(EX.TEMPFAIL);
const denied = ending(EX.NOPERM);
const misset = ending(EX.CONFIG);

/** Every sentence that an operator can meet, by the part of refpost that says it. No secret goes into any. */
export const fault = {
  notARepository: (directory: string) =>
    missing(`${directory} is not a git repository`, 'name one with --repo DIR'),
  gitMissing: (cause: unknown) =>
    unavailable('git cannot be started', 'install git, or put it on the PATH of this user', cause),
  stopped: () => later('refpost was told to stop', 'nothing is lost: the next worker continues'),
  filesGone: (cause: unknown) =>
    later(
      'files of refpost itself are gone: it was upgraded or removed while this worker ran',
      'nothing is lost: the next worker continues; if it fails in the same way, install refpost again',
      cause,
    ),
  // settings
  settingsWrong: (lines: readonly string[]) =>
    misset(
      `${lines.length === 1 ? 'a setting is' : `${lines.length} settings are`} wrong:\n${lines.map(line => `  ${line}`).join('\n')}`,
      'correct what is listed above, each in its file (`git config --edit`, with --global or --system for those scopes)',
    ),
  overrideWithoutValue: () =>
    misused('an argument of -c has no `=` in it', 'write it as -c refpost.maxMails=5'),
  // git
  dubiousOwnership: (directory: string) =>
    denied(
      `git will not work in ${directory}: it belongs to another user`,
      `run refpost as its owner, or: git config --global --add safe.directory ${directory}`,
    ),
  nothingBetweenZeros: () =>
    misused('both revisions are all zeros: there is nothing between them', 'name at least one commit'),
  unknownRevision: (name: string, repository: string) =>
    missing(
      `${name} is not a revision of ${repository}`,
      /[~^]/.test(name)
        ? 'the history may not go back so far: see git log --oneline'
        : 'name a commit that the repository has, in a form that git rev-parse takes',
    ),
  missingObject: (id: string, repository: string) =>
    missing(`the object ${id} is not in ${repository}`, 'check the id, or fetch it first'),
  impossibleRef: (name: string) =>
    misused(
      `${JSON.stringify(name)} cannot be the name of a ref`,
      'see git-check-ref-format(1) for the names that git takes',
    ),
  unknownRef: (name: string, repository: string) =>
    missing(
      `there is no ref ${name} in ${repository}`,
      'give the full name, such as refs/heads/main, if it was deleted',
    ),
  ambiguousRef: (name: string, candidates: readonly string[]) =>
    misused(`${name} may be ${candidates.join(' or ')}`, 'give the full name'),
  // outbox
  unreadableRecord: (path: string, cause: unknown) =>
    denied(
      `the recorded push ${path} cannot be read`,
      'change its owner to the user who runs the worker',
      cause,
    ),
  foreignRecord: (repository: string, spool: string) =>
    denied(
      `the outbox of ${repository} is ${spool}, not this one`,
      `if refpost.spool was changed, move this record to drop/new of ${spool}; otherwise drop it: refpost outbox drop`,
    ),
  foreignOutbox: (repository: string, spool: string) =>
    misset(
      `refpost.outbox of ${repository} is another one than that of the worker, which works on ${spool} for both`,
      'set it once for all repositories of this machine: git config --system refpost.outbox; or give them outboxes of their own (refpost.spool)',
    ),
  ofAnotherServer: (name: string, server: string) =>
    misused(`push ${name} was queued by the server ${server}`, 'send it again there: refpost resend'),
  foreignSpool: (root: string) =>
    denied(
      `the outbox ${root} belongs to another user than root`,
      'run this as its owner (sudo -u); root works only in outboxes of its own',
    ),
  openSpool: (root: string) =>
    denied(
      `every user of this machine can write to the outbox ${root}`,
      `chmod o-w ${root}: whoever can write to it decides what is mailed`,
    ),
  notPerPush: (key: string) =>
    misused(
      `${key} cannot be set for one notify: it is about how mails are sent, not about what they say`,
      'set it in git config; with --dry-run any setting can be tried',
    ),
  notifyHeld: misset,
  notifyRefused: (id: string) =>
    damaged(
      `the worker could not use the record of this push, ${id}`,
      'the reason is beside it in drop/bad of the outbox',
    ),
  noRecipients: (repository: string) =>
    misset(
      `nobody gets mail about ${repository}: refpost.to is not set`,
      `git -C ${repository} config --add refpost.to commits@example.org`,
    ),
  noSuchAudience: (name: string, repository: string) =>
    misset(
      `no audience ${JSON.stringify(name)} gets mail about ${repository}`,
      '"refpost config" shows the audiences, and the recipients of each',
    ),
  archiveBusy: (path: string) =>
    new OperatorError(
      EX.TEMPFAIL,
      `another process is writing to the archive ${path}`,
      'try again when it is done',
    ),
  archiveDamaged: (path: string, cause?: unknown) =>
    damaged(
      `the archive cannot be added to: its file ${path} is damaged`,
      'make the archive anew from its raw mails: see "A web archive" in docs/operating.md',
      cause,
    ),
  archiveDenied: (path: string, user: string, cause: unknown) =>
    denied(
      `${user} cannot write to the archive ${path}`,
      'give that user the folder, or name another one',
      cause,
    ),
  notArchive: (path: string) =>
    inTheWay(
      `${path} has an index.html that is not of an archive`,
      'name an empty folder, or one that is not there',
    ),
  noSuchMbox: (path: string) =>
    missing(`there is no mbox file ${path}`, 'name one that is there, or a maildir'),
  noSuchEntry: (name: string) =>
    missing(`there is no push ${name} in the outbox`, 'refpost outbox list --all shows what there is'),
  ambiguousEntry: (name: string, found: readonly { readonly number: number; readonly id: string }[]) => {
    const entries = found.slice(0, 5).map(({ number, id }) => `${number} (${id})`);
    return misused(`${name} may be ${entries.join(' or ')}`, 'give its number, or more of its id');
  },
  nothingNamed: (name: string, repository: string) =>
    missing(
      `${name} is neither a push in the outbox nor a commit of ${repository}`,
      'name one of "refpost outbox list --all", a commit, or two revisions and a ref',
    ),
  noRefNamed: () =>
    misused('two revisions are named, and no ref', 'name a push, a commit, or two revisions and a ref'),
  onNoBranch: (name: string, repository: string) =>
    missing(
      `no branch of ${repository} has the commit ${name}`,
      'name two revisions and a ref: refpost resend <old> <new> <ref>',
    ),
  nothingStored: (name: string) =>
    missing(
      `the outbox has no mail of ${name}, and no push of that name`,
      'name a commit by seven digits or more, a Message-ID, or a push of "refpost outbox list --all"; finished pushes are kept for refpost.keepDays',
    ),
  nothingToResend: (name: string) =>
    missing(
      `there is no mail of ${name} to send again`,
      `refpost explain ${name} shows what gets none, and why`,
    ),
  noSuchAddress: (text: string) =>
    misused(`${JSON.stringify(text)} is not an address`, 'name one, such as ann@example.org'),
  damagedEntry: (number: number, why: string) =>
    damaged(
      `push ${number} is damaged: ${why}`,
      'its files are in failed/ of the outbox; refpost notify can send its mails again',
    ),
  noSuchMail: (name: string, mail: string, count: number) =>
    missing(
      `push ${name} has no mail ${mail}`,
      ['it brought nothing to mail', 'it has one mail'][count] ?? `its mails are 1 to ${count}`,
    ),
  // render
  badTemplate: (path: string, why: string, cause: unknown) =>
    misset(
      `the template ${path} cannot be used: ${why}`,
      "templates/README.md in refpost's folder lists the variables; without refpost.templates the built-in ones are used",
      cause,
    ),
  templateNotUtf8: (path: string) =>
    misset(`the template ${path} is not text in UTF-8`, 'save it again as UTF-8'),
  unreadableTemplate: (path: string, cause: unknown) =>
    denied(`the template ${path} cannot be read`, 'make it readable, or correct refpost.templates', cause),
  missingTemplates: (folder: string) =>
    misset(`there is no folder ${folder} for templates`, 'create it, or correct or remove refpost.templates'),
  missingTemplate: (file: string, folders: readonly string[]) =>
    misset(`there is no template ${file} in ${folders.join(' or ')}`, 'install refpost again'),
  // files of the outbox
  spoolDenied: (path: string, user: string, readOnly: boolean, cause?: unknown) =>
    new OperatorError(
      readOnly ? EX.IOERR : EX.NOPERM,
      readOnly ? `${path} is on a read-only file system` : `${user} cannot read or write ${path}`,
      readOnly
        ? 'make the file system writable, or set refpost.spool to another directory'
        : 'give that user access (for a repository of several users: git config core.sharedRepository group, and chmod -R g+rwX on the outbox), or set refpost.spool to another directory',
      cause,
    ),
  spoolFull: (path: string, cause?: unknown) =>
    diskFails(
      `no space left to write ${path}`,
      'free some space or inodes, or raise the quota; nothing is lost: recorded pushes stay in drop/ and mails in queue/, and are sent then',
      cause,
    ),
  spoolFileTooLarge: (path: string, cause?: unknown) =>
    diskFails(
      `${path} would be larger than the limit for files of this process`,
      'raise the limit (`ulimit -f`; LimitFSIZE= of a service) or that of the file system; nothing is lost: pushes stay recorded in drop/',
      cause,
    ),
  spoolBroken: (path: string, words: string, cause?: unknown) =>
    diskFails(
      `${path} cannot be used: ${words}`,
      'check that path and the disk; files that do not belong there can be removed',
      cause,
    ),
  ledgerDamaged: (path: string) =>
    damaged(
      `${path} is damaged: what was announced of this repository cannot be read`,
      'check the disk, then move the file away: the next push starts a new one, and announces only what it brings',
    ),
  ledgerRowDamaged: (name: string) =>
    damaged(
      `the ledger of ${name} in the database is damaged: what was announced of this repository cannot be read`,
      'check the disk of the database, then delete its row in refpost.ledger: the next push starts a new one, and announces only what it brings',
    ),
  noSpool: (root: string) =>
    missing(
      `there is no outbox at ${root}`,
      'create it with refpost install; if it is elsewhere, set refpost.spool',
    ),
  claimLost: (number: number) =>
    new ClaimLost(
      EX.TEMPFAIL,
      `push ${number} is in the hands of another worker`,
      'that worker continues with it; there is nothing to do',
    ),
  ledgerMoved: (name: string) =>
    new LedgerMoved(
      EX.TEMPFAIL,
      `another server has just announced something of ${name}`,
      'the push is compared with that, and announced in the same moment; there is nothing to do',
    ),
  entryGone: (number: number, id: string) =>
    missing(
      `push ${number} (${id}) is no longer in the outbox`,
      'its folder was removed by hand; refpost notify can send its mails again',
    ),
  lockFailed: (path: string, words: string) =>
    ending(EX.OSERR)(
      `${path} cannot be locked: ${words}`,
      'set refpost.spool to a directory on a local disk',
    ),
  spoolOnNetwork: (root: string, disk: string, host: string | undefined) =>
    misset(
      `the outbox ${root} is on a network disk (${disk}), where a lock does not keep out the workers of other hosts${host === undefined ? '' : `; it was last held on ${host}`}`,
      'set refpost.spool to a directory on a local disk; each host needs an outbox of its own',
    ),
  lockProgramMissing: () =>
    unavailable(
      'there is no program to lock the outbox with',
      'install flock (package util-linux) or perl, or put it on the PATH of this user',
    ),
  // the database of a fleet's outbox
  packageMissing: (name: string, cause: unknown) =>
    unavailable(
      `an outbox on PostgreSQL (refpost.outbox) needs the package ${name}, which is not installed`,
      'npm install --global pg@8 graphile-worker@0.17, or install both where refpost is installed',
      cause,
    ),
  otherSchema: (shown: string, found: number, ours: number) =>
    found > ours
      ? misset(
          `the database ${shown} was made for a newer refpost (version ${found} of its tables; this one knows ${ours})`,
          'install the refpost that the rest of the fleet has',
        )
      : misset(
          found === 0
            ? `there is no outbox in the database ${shown}`
            : `the outbox in the database ${shown} is of an older refpost (version ${found} of its tables; this one wants ${ours})`,
          found === 0 ? 'make it: refpost fleet init' : 'bring it up to date: refpost fleet migrate',
        ),
  noFleet: () =>
    misset(
      'there is no fleet: refpost.outbox names no database',
      'git config --system refpost.outbox postgres://refpost@db.example.org/refpost; docs/fleet.md has the rest',
    ),
  outboxMoved: (root: string, database: string, isDone: boolean) =>
    misset(
      isDone
        ? `the outbox of ${root} was moved to ${database}, and these settings do not name it`
        : `the outbox of ${root} is being moved to or from ${database}`,
      isDone
        ? `set refpost.outbox to it, or move the outbox back: refpost fleet move --back ${root}`
        : `finish it: refpost fleet move ${root}, or with --back`,
    ),
  moveUnfinished: (root: string) =>
    misset(
      `the outbox of ${root} was not moved to its end`,
      `finish it: refpost fleet move ${root}, or with --back`,
    ),
  outboxNotMoved: (root: string, pushes: number, database: string) =>
    misset(
      `${root} has ledgers${pushes > 0 ? ` and ${pushes} unfinished push${pushes === 1 ? '' : 'es'}` : ''} that are not in ${database}`,
      `move them: refpost fleet move ${root}`,
    ),
  badServer: (server: string) =>
    misused(
      `${JSON.stringify(server)} is no name of a server`,
      'give what refpost.server says there, or its host name: letters, digits, dots, hyphens and underscores',
    ),
  noSuchRole: (role: string) =>
    misused(
      `the database has no role ${JSON.stringify(role)}`,
      `make it first: createuser --pwprompt ${role}`,
    ),
  roleTooMighty: (role: string) =>
    misused(
      `row security does not hold the role ${role} back: it is a superuser, or the owner of the tables`,
      'make a role for this server alone: createuser --pwprompt NAME',
    ),
  notASpool: (root: string) =>
    missing(
      `${root} is not the folder of an outbox`,
      'name the folder that refpost.spool names, or refpost in the git directory',
    ),
  moveDenied: (database: string) =>
    denied(
      `an outbox is moved by the role that owns the tables, and ${database} is another one's`,
      'name the owner for this once: -c refpost.outbox=postgres://refpost@db.example.org/refpost',
    ),
  laneBusy: (number: number) =>
    later(
      `push ${number} is being sent and cannot be moved`,
      'nothing is lost; stop the senders, or call refpost fleet move again later',
    ),
  moveDisturbed: (id: string) =>
    later(`push ${id} was changed while it was moved`, 'nothing is lost: call refpost fleet move again'),
  moveBusy: (root: string, pid: number | undefined) =>
    later(
      `a worker${pid === undefined ? '' : ` (process ${pid})`} is at work on ${root}`,
      `stop it (kill ${pid ?? 'its process'}; systemctl stop refpost, where it is a service), or wait until it ends`,
    ),
  noDatabasePassword: (shown: string) =>
    misset(
      `the database ${shown} wants a password, and none is set`,
      'set refpost.outboxPasswordFile or refpost.outboxPasswordCommand, or let the server know this user in another way (pg_hba.conf)',
    ),
  installedWhileAway: ({ exitCode, message, remedy, cause }: DatabaseAway) =>
    new OperatorError(
      exitCode,
      `the hook is installed, and records pushes; but ${message}`,
      `${remedy}; the ledger is made by the first push, or by the same command again`,
      cause,
    ),
  uninstalledWhileAway: ({ exitCode, message, remedy, cause }: DatabaseAway) =>
    new OperatorError(
      exitCode,
      `the hook is removed, and the ledger is left in the database: ${message}`,
      `${remedy}; a repository that refpost is installed in again starts anew in any case`,
      cause,
    ),
  databaseSilent: (shown: string) =>
    new DatabaseAway(
      EX.TEMPFAIL,
      `the database ${shown} says nothing, and this process was told to end`,
      'see what the database is at; nothing is lost: pushes wait where they were recorded',
      true,
    ),
  // hook and install
  noRecipient: () => misused('no recipient is given', 'refpost install --to commits@example.org'),
  badRecipient: (text: string) =>
    misused(
      `${JSON.stringify(text)} is not an address`,
      'after --to, write an address such as commits@example.org, without a name, or a folder that exists',
    ),
  badSender: (text: string, wrong: string) =>
    misused(
      `${JSON.stringify(text)} ${wrong}`,
      "give an address after --from, or a name and an address: 'Commits <commits@example.org>'",
    ),
  badReceiver: (text: string, wrong: string) =>
    misused(`${JSON.stringify(text)} ${wrong}`, 'give one of these words after --receiver'),
  installDenied: (path: string, cause: unknown) =>
    denied(
      `${path} cannot be changed: ${cause instanceof Error ? cause.message : cause}`,
      'run this as the user who owns the repository',
      cause,
    ),
  rootForOther: (repository: string, owner: number) =>
    denied(
      `${repository} belongs to user ${owner}, and its pushes could not use files that root creates in it`,
      `run this as its owner: sudo -u '#${owner}' refpost install ...`,
    ),
  hooksShared: (folder: string, scope: string) =>
    misset(
      `core.hooksPath = ${folder} is a ${scope} setting: a hook there would run for every repository`,
      'set core.hooksPath in this repository only; if you want refpost for all repositories: refpost install --host git',
    ),
  hookOfOthers: (folder: string) =>
    misset(
      `the hook in ${folder} is refpost's for another repository: several repositories share this folder`,
      'give this repository a hooks folder of its own (a folder hooks in it, or core.hooksPath in its config); if you want refpost for all repositories: refpost install --host git',
    ),
  twoEarlierHooks: (hook: string, earlier: string) =>
    inTheWay(
      `there is a hook ${hook}, and an earlier one is kept as ${earlier} already`,
      'merge the two into one, then install again',
    ),
  configLocked: (lock: string) =>
    later(
      `the settings are being changed by another program: ${lock} exists`,
      'try again; if no such program is running, remove that file',
    ),
  notInstalled: (repository: string) =>
    missing(
      `refpost was not installed in ${repository} by "refpost install"`,
      'remove hooks/post-receive and the [refpost] settings by hand',
    ),
  notMigrated: (repository: string) =>
    missing(
      `"refpost migrate" has changed nothing in ${repository}`,
      'name another repository with --repo, or remove the [refpost] settings by hand',
    ),
  noSuchMailer: (name: string, known: readonly string[]) =>
    misused(
      `${JSON.stringify(name)} is no mailer that refpost knows`,
      `after --from, write one of ${known.join(', ')}`,
    ),
  nothingToMigrate: (repository: string, names: string) =>
    missing(
      `there are no settings of ${names} in ${repository}`,
      'name the repository with --repo; for GitLab, name a file with what its API says of the integration',
    ),
  severalMailers: (names: readonly string[]) =>
    misused(
      `there are settings of ${names.join(' and ')}`,
      `say which are meant: refpost migrate --from ${names[0]}`,
    ),
  exportMissing: () =>
    misused(
      'for GitLab, a file with the settings of the integration is needed, and for no other mailer',
      'save the answer of GET /projects/:id/integrations/emails-on-push, then: refpost migrate FILE',
    ),
  noExport: (path: string) =>
    damaged(
      `${path} is not what the API of GitLab says of the integration "Emails on push"`,
      'save the answer of GET /projects/:id/integrations/emails-on-push, as JSON, into a file',
    ),
  projectConfigTooLarge: (name: string) =>
    damaged(`${name} is larger than a megabyte`, 'see whether this is a file of settings'),
  migratedAlready: (name: string) =>
    inTheWay(`the settings of ${name} were taken over here`, 'take that back first: refpost migrate --undo'),
  oldSettingsChanged: (name: string) =>
    inTheWay(
      `the settings of ${name} or of refpost were changed since they were taken over`,
      'to take them over anew: refpost migrate --undo, then refpost migrate',
    ),
  receiptUnreadable: (path: string) =>
    damaged(
      `${path} is damaged or from another version of refpost`,
      'remove it, and undo by hand what install did: hooks/post-receive and the [refpost] settings',
    ),
  noSuchHost: (name: string, known: readonly string[]) =>
    misused(
      `${JSON.stringify(name)} is no host that refpost knows`,
      `give one of these: ${known.join(', ')}`,
    ),
  hostNeedsRoot: (host: string, what: string, example: string) =>
    misused(`it is not known where the host is: ${what}`, `refpost install --host ${host} --root ${example}`),
  hostNeedsConfig: (host: string, what: string) =>
    misused(
      `it is not known which git config file its git reads: ${what}`,
      `refpost install --host ${host} --config FILE, or run this as root for the system's`,
    ),
  gitoliteFailed: (asked: string, words: string, cause: unknown) =>
    unavailable(
      `gitolite ${asked}: ${words}`,
      'run this as the user of gitolite, with its HOME and with gitolite on the PATH: sudo -u git -H refpost install ...',
      cause,
    ),
  hookInTheWay: (path: string) =>
    inTheWay(`${path} is there already, and is not refpost's`, 'move it away or give it another name'),
  settingTaken: (key: string, value: string, file: string) =>
    inTheWay(
      `${key} = ${value} is set in ${file}, and not by refpost`,
      `see what it is for, then remove it: git config --file ${file} --unset-all ${key}`,
    ),
  hostNotInstalled: (host: string, folder: string) =>
    missing(
      `refpost was not installed for ${host} by this user: there is no receipt in ${folder}/hosts`,
      'run this as the user who installed it',
    ),
  noRepositoriesKnown: () =>
    misused(
      'it is not known where the repositories are: no host was installed by this user',
      'refpost doctor --all /srv/git',
    ),
  unitTaken: (path: string) =>
    inTheWay(
      `there is a unit ${path} that refpost did not write for this outbox, or that was changed since`,
      'move it away; keep your own changes in a drop-in (systemctl edit)',
    ),
  unitEnabled: (file: string) =>
    later(`${file} is enabled`, `systemctl disable --now ${file}, then uninstall again`),
  unitsDenied: (folder: string, cause: unknown) =>
    denied(
      `units cannot be written to ${folder} by this user`,
      'run this as root, or write them elsewhere with --units DIR and let root copy them',
      cause,
    ),
  noUnitFolder: (folder: string, cause: unknown) =>
    inTheWay(`there is no folder ${folder} for units`, 'name another one with --units DIR', cause),
  senderAsRoot: (secret: string | undefined) =>
    misset(
      `a sender is not to run as root${secret === undefined ? '' : `, who owns ${secret}`}`,
      secret === undefined
        ? 'call this as the user that it is to run as, with --units DIR, and let root copy the unit'
        : 'give that file to the user that it is to run as: chown',
    ),
  unitPath: (path: string) =>
    damaged(
      `a unit cannot name the path ${JSON.stringify(path)}: it has a control character in it`,
      'move it to a path without one',
    ),
  // poll and webhook
  addressWrong: (shown: string, wrong: string) =>
    misused(
      `${JSON.stringify(shown)} ${wrong}`,
      wrong.includes('password')
        ? 'leave it out, and give it to git by a credential helper (gitcredentials(7)), or use ssh with a key'
        : 'name a repository by https, http, ssh, git or file, such as https://git.example.org/team/project.git',
    ),
  addressUnnamed: (shown: string) =>
    misused(
      `no folder can be called as ${shown} would have it`,
      'make the mirror yourself, with "git clone --mirror", and name its folder',
    ),
  notMirror: (folder: string) =>
    misset(
      `${folder} is no mirror: to fetch into it would overwrite its branches`,
      'make one with "git clone --mirror URL", or give refpost poll the URL; if nobody pushes there: git config remote.origin.mirror true',
    ),
  noMirrorFolder: () =>
    misset(
      'refpost.mirrors is not set: nobody knows where mirrors are to be',
      'git config --global refpost.mirrors /var/lib/refpost/mirrors, or --mirrors DIR',
    ),
  noMirrors: (folder: string) =>
    missing(`there are no mirrors in ${folder}`, 'name the URL of a repository: refpost poll URL'),
  everyWrong: (text: string, wrong: string) =>
    misused(`--every ${text} ${wrong}`, 'write it as 30s, 5m or 1h'),
  remoteFailed: (server: string, words: string) => unavailable(`${server}: ${words}`, remoteRemedy(words)),
  remoteSilent: (server: string, time: number) =>
    unavailable(
      `${server} said nothing for ${time / 1000} seconds, and was given up`,
      'it is tried again, with growing waits; see whether git can fetch from there by hand',
    ),
  remoteSlow: (server: string, time: number) =>
    unavailable(
      `${server} was not through after ${time / 1000} seconds, and was given up`,
      'it is tried again, with growing waits; see whether git can fetch from there by hand',
    ),
  remoteEndless: (server: string, most: number) =>
    unavailable(
      `${server} sends without end, or more than ${Math.round(most / (1 << 20))} MB, and was given up`,
      'if the repository is as large as that, raise refpost.maxFetch; it is tried again, with growing waits',
    ),
  mirrorEmpty: (server: string, mirror: string) =>
    unavailable(
      `${server} names no branch or tag, so that all which comes will be news`,
      `if it is not empty, see whether the address is right, and remove ${mirror}`,
    ),
  remoteEmpty: (server: string, mirror: string) =>
    unavailable(
      `${server} names no branch or tag any more: that is not believed`,
      `see whether the repository is whole there; if it is to be empty, remove ${mirror}`,
    ),
  listenWrong: (text: string) =>
    misused(
      `--listen ${JSON.stringify(text)} is no address of this machine alone`,
      'write it as 127.0.0.1:9419 or [::1]:9419, or as the path of a socket; a web server in front of it speaks with the world',
    ),
  listenFailed: (text: string, cause: unknown) =>
    unavailable(
      `nothing can be heard at ${text}: ${(cause as Error).message}`,
      'see whether another program has that address, and name another one with --listen',
      cause,
    ),
  noWebhookSecret: () =>
    misset(
      'refpost.webhookSecretFile is not set: without a secret anybody could send webhooks',
      'openssl rand -hex 32 >FILE, readable for this user alone; set refpost.webhookSecretFile to it, and give the same secret to the host',
    ),
  webhookSecretEmpty: (path: string) =>
    misset(
      `refpost.webhookSecretFile, ${path}, has no secret in it`,
      'write a secret into it, one a line: openssl rand -hex 32',
    ),
  // delivery
  secretUnreadable: (setting: string, path: string, cause: unknown) =>
    misset(
      `refpost.${setting}, ${path}, cannot be read`,
      'name a file that exists, and let the user who runs refpost read it',
      cause,
    ),
  secretNoFile: (setting: string, path: string) =>
    misset(
      `refpost.${setting}, ${path}, is not a file, or far too large`,
      'name the file itself: a folder, a pipe or a device cannot be read each time that it is needed',
    ),
  secretOpenToAll: (setting: string, path: string) =>
    denied(`refpost.${setting}, ${path}, can be read by every user of this machine`, `chmod o= ${path}`),
  passwordFileEmpty: (setting: string, path: string) =>
    misset(`refpost.${setting}, ${path}, has nothing in its first line`, 'write the password into it'),
  commandFailed: (setting: string, end: string) =>
    misset(`refpost.${setting} ${end}`, 'run it by hand, as the user who runs refpost, to see why'),
  commandSilent: (setting: string) =>
    misset(
      `refpost.${setting} printed nothing in its first line`,
      `it must print the ${setting === 'smtpTokenCommand' ? 'token' : 'password'} on standard output`,
    ),
  tokenWrong: () =>
    misset(
      'refpost.smtpTokenCommand printed a first line that is no token: it has a blank or another character in it that none has',
      'it must print the access token alone, without a name or quotes',
    ),
  certificateWrong: (setting: string, path: string, why: string) =>
    misset(
      `refpost.${setting}, ${path}, ${why}`,
      'put another file in its place, or correct the setting; the next connection reads it anew',
    ),
  dkimKeyWrong: (path: string, why: string) =>
    misset(
      `refpost.dkimKeyFile, ${path}, ${why}`,
      `make one with: openssl genrsa -out ${path} 2048; then "refpost doctor" prints the DNS record to publish`,
    ),
};
