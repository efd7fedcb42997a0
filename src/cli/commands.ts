import type { CommandWords } from './words.ts';

/** Every command: parser, help, manual page and completion are made from this. A new command is an entry here and a line in actions.ts. */
export const commands = [
  {
    name: 'install',
    args: '[dir...]',
    group: 'Setting up:',
    summary: 'send mail for every push to a repository',
    description:
      'Sets the recipients, places the post-receive hook and creates the outbox, in each repository named. A hook that is already there is kept, and run after ours. --uninstall undoes exactly what install did.\n\nWith --host it is done once for all repositories of a host, those to come included: git, gitolite, gitolite-some, gitlab, gitea, forgejo, gerrit, bitbucket or soft-serve. What a person has to do there is printed.',
    options: {
      '--to <address...>': 'who gets the mails',
      '--from <address>': 'who the mails are from: refpost.from',
      '--receiver <kind>': 'the list manager or archive that gets the mails: refpost.receiver',
      '--repo <dir>': 'the repository, as with the other commands',
      '--systemd': 'write systemd units for the worker, and do the rest only with --to',
      '--units <dir>': 'where to write them, if not /etc/systemd/system',
      '--intake': 'with --systemd: in a fleet, for a worker that sends nothing',
      '--sender': 'with --systemd: in a fleet, for one that only sends, and needs no repository',
      '--host <name>': 'for all repositories of this host',
      '--root <dir...>': 'with --host: where the host keeps its hooks, or its repositories',
      '--config <file>': 'with --host: the git config file that gets the settings',
      '-n, --dry-run': 'with --host: say what would be done, and change nothing',
      '--uninstall': 'undo the install; with --systemd, remove the units',
    },
    examples: [
      'refpost install /srv/git/project.git --to commits@example.org',
      'sudo -u git -H refpost install --host gitolite',
    ],
  },
  {
    name: 'uninstall',
    args: '[dir...]',
    group: 'Setting up:',
    summary: 'undo what install did',
    description:
      'Undoes exactly what install did in each repository named, or with --host for all repositories of a host: the same as install --uninstall.',
    options: {
      '--repo <dir>': 'the repository, as with the other commands',
      '--host <name>': 'for all repositories of this host',
      '--root <dir...>': 'with --host: where its repositories are, if install was not told',
      '-n, --dry-run': 'with --host: say what would be done, and change nothing',
    },
    examples: ['refpost uninstall /srv/git/project.git', 'refpost uninstall --host gitolite'],
  },
  {
    name: 'migrate',
    args: '[file]',
    group: 'Setting up:',
    summary: 'take over the settings of another mailer, and its place',
    description:
      "Reads the settings of git-multimail, post-receive-email, asfgit, AdaCore's git-hooks, or (from a file that its API gives) GitLab's emails on push, writes what they are as settings of refpost, lists every key and what becomes of it, and puts refpost's hook in the place of the old one. The old settings stay. Run again, it does what is missing. docs/migrating.md has every key.",
    options: {
      '--from <mailer>':
        'git-multimail, post-receive-email, asfgit, git-hooks or gitlab, where settings of several are there',
      '-n, --dry-run': 'say what would be done, and do nothing',
      '--keep-hook': 'write the settings alone: the old hook goes on sending',
      '--undo': 'undo the migration, to the byte',
      '--repo <dir>': 'the repository, as with the other commands',
    },
    examples: [
      'refpost migrate --repo /srv/git/project.git --dry-run',
      'refpost migrate --repo /srv/git/project.git',
    ],
  },
  {
    name: 'doctor',
    args: '[dir...]',
    group: 'Setting up:',
    summary: 'check that everything is in place',
    description:
      'Checks git, settings, hook, worker, outbox, templates and mail server, and says what to do. Asks the server about the sender and the recipients; sends no mail.\n\nWith --all every repository is looked at that lies below the folders named or, without one, below those that install --host knows: a line for each, and what is wrong with it.',
    options: { '--all': 'all repositories of a host' },
    inRepository: true,
    exit: {
      0: 'nothing is wrong, warnings aside',
      77: 'this user lacks rights to the outbox',
      78: 'something is wrong',
    },
    examples: ['refpost doctor --repo /srv/git/project.git', 'refpost doctor --all /srv/git'],
  },
  {
    name: 'test-mail',
    group: 'Setting up:',
    summary: 'send one mail that is marked as a test, and show what the server says',
    description:
      'Sends a mail marked as a test to the recipients of each audience, made and sent as all mails are, but at once and past the outbox. Shows what the server says, and what to look for at the other end.',
    options: {
      '--to <address...>': 'who gets it, in place of the recipients',
      '--audience <name>': 'only as this audience has it; empty for the default one',
    },
    inRepository: true,
    exit: {
      0: 'the server has taken it for all',
      69: 'it was refused for somebody, or the server cannot be used',
      75: 'it was deferred for somebody, or the server is away; it is not tried again',
    },
    examples: ['refpost test-mail --repo /srv/git/project.git --to me@example.org'],
  },
  {
    name: 'config',
    args: '[key]',
    group: 'Setting up:',
    summary: 'show the settings in force, each with the file and line it comes from',
    description:
      'Shows the settings in force, each with the file and line it comes from; with a key, that one.',
    inRepository: true,
    examples: ['refpost config --repo /srv/git/project.git', 'refpost config maxMails'],
  },
  {
    name: 'explain',
    args: '<revision> [new] [ref]',
    group: 'Setting up:',
    summary: 'show who gets which mail of a push, and why',
    description:
      'Makes the mails of a commit, or of a push of a ref from one revision to another, as the worker does, and shows for each audience who gets them and by which setting, and what is left out and why. Sends and stores nothing.\n\nOf a Message-ID, and in a fleet with --server or where there is no repository, shows what the outbox has: the mails of a commit, a Message-ID or a push, whoever has queued them, and what became of each.',
    options: {
      '--json': 'print JSON',
      '--pusher <who>': 'the name or address of the pusher',
      '--server <name>': 'in a fleet: what the outbox has of this server',
    },
    inRepository: true,
    examples: [
      'refpost explain HEAD',
      'refpost explain v1.0 v1.1 refs/heads/main --json',
      'refpost explain 1f3c9a2 --server git1',
    ],
  },
  {
    name: 'status',
    group: 'Watching:',
    summary: 'show how the outbox is doing, for people and for monitoring',
    description:
      'Shows what is waiting, since when, and what prevents it from being sent; of a fleet, all of it. Changes nothing.',
    options: {
      '--json': 'print JSON',
      '--prometheus': "print Prometheus' text format",
      '--server <name>': 'in a fleet: show this server alone',
    },
    inRepository: true,
    exit: {
      0: 'nothing waits, or what waits is on its way',
      75: 'a push has been waiting for longer than refpost.warnAfter',
      69: 'a person is needed: the output says for what',
    },
    examples: ['refpost status --repo /srv/git/project.git --json', 'refpost status --server git1'],
  },
  {
    name: 'outbox',
    group: 'Watching:',
    summary: 'list the pushes in the outbox; show, retry or drop one',
    description: 'Without a command, lists the pushes that are not finished.',
    examples: ['refpost outbox list --repo /srv/git/project.git'],
  },
  {
    name: 'outbox list',
    summary: 'list the pushes that are not finished',
    description:
      'Lists the pushes that are not finished or have mails that were given up, each with its number, its state, when it is tried again, and why it has not gone out.',
    options: {
      '--all': 'include finished pushes',
      '--json': 'print JSON',
      '--server <name>': 'in a fleet: list what this server has queued',
    },
    inRepository: true,
    examples: ['refpost outbox list --all'],
  },
  {
    name: 'outbox show',
    args: '<id> [mail]',
    summary: 'show what became of each mail of a push, or one mail as its reader sees it',
    description:
      'Shows what became of each mail of a push for each recipient; with the number of a mail, that mail as its reader sees it. A push is named by its number, or by its id or the start of it.',
    options: { '--raw': 'the mail as it is stored and sent' },
    inRepository: true,
    examples: ['refpost outbox show 7 2'],
  },
  {
    name: 'outbox retry',
    args: '[id]',
    summary: 'send at once what was deferred or given up',
    description:
      'Makes the mails of a push due that were deferred or given up, and wakes the worker, or starts one. Recipients who have a mail do not get it again.',
    options: { '--all': 'every push' },
    inRepository: true,
    examples: ['refpost outbox retry --all'],
  },
  {
    name: 'outbox drop',
    args: '<id>',
    summary: 'give up the mails of a push that were not sent',
    description:
      'Gives up the mails of a push that were not sent. A push that is only recorded is removed: the next push to its refs brings its commits.',
    inRepository: true,
    examples: ['refpost outbox drop 7'],
  },
  {
    name: 'notify',
    args: '<old> <new> <ref>',
    group: 'Sending:',
    summary: 'send mail about the commits between two revisions',
    description:
      'Sends mail about exactly what lies between two revisions, whatever was announced before. If <old> is all zeros: what no other ref has. If <new> is all zeros: a deletion.',
    options: {
      '-n, --dry-run': 'write the mails to standard output as an mbox; send, store and change nothing',
    },
    inRepository: true,
    examples: ['refpost notify v1.0 v1.1 main -n | less'],
  },
  {
    name: 'resend',
    args: '<revision> [new] [ref]',
    group: 'Sending:',
    summary: 'send the mails of a commit or push again',
    description:
      'Sends mails again to those who had them, or to one address: those of a push, by its number or id in the outbox; those of a commit; or those of what lies between two revisions of a ref. What the outbox has is sent as it was, the rest is made anew. Each is marked: [resent] before its subject, and a header X-Git-Resent with the date of the first one, or "made anew". It has a Message-ID of its own, since readers throw away what has a known one, and answers the first. What was announced stays as it is.',
    options: {
      '--to <address>': 'who gets them, in place of all others',
      '-n, --dry-run': 'write the mails to standard output as an mbox; send, store and change nothing',
    },
    inRepository: true,
    examples: ['refpost resend 7 --to new@example.org', 'refpost resend HEAD -n | less'],
  },
  {
    name: 'preview',
    args: '[old] [new] [ref]',
    group: 'Reading:',
    summary: 'show the mails of a push in a browser',
    description:
      'Makes the mails of a push as notify --dry-run does, or takes those of the outbox or of mbox files, and shows them as pages: to this machine alone, at an address that is printed, until it is stopped. Sends and stores nothing.',
    options: {
      '--outbox <id>': 'the mails of a push in the outbox, by its number or id',
      '--mbox <file...>': 'the mails of mbox files or maildirs',
      '--out <dir>': 'write the pages to a folder, and show nothing',
      '--addresses <style>':
        'how addresses are shown: coded, masked or shown; as refpost.archiveAddresses says if not given',
    },
    inRepository: true,
    examples: ['refpost preview HEAD~3 HEAD main', 'refpost preview --outbox 7'],
  },
  {
    name: 'archive',
    args: '<dir>',
    group: 'Reading:',
    summary: 'make a web archive of mails, or add to one',
    description:
      'Adds the mails of mbox files or maildirs to an archive, those that it does not have; without --mbox those of the outbox. The archive is a folder of pages that any web server shows, or a browser from the disk: indexes by date and by thread, a page a mail, its raw source, a feed, a search. If the folder is missing it is made.',
    options: {
      '--mbox <file...>': 'mbox files or maildirs to take the mails from',
      '--addresses <style>':
        'how addresses are shown: coded, masked or shown; as refpost.archiveAddresses says if not given',
    },
    inRepository: true,
    examples: ['refpost archive /srv/www/archive --mbox commits.mbox'],
  },
  {
    name: 'work',
    group: 'Sending:',
    summary: 'run the worker: make mails of recorded pushes, and send what is due',
    description:
      'Keeps running and takes new pushes at once, until SIGTERM. Only one worker runs on an outbox at a time.',
    options: {
      '--once': 'exit when nothing is due',
      '--drain': 'exit when the queue is empty, after waiting for deferred mails (the hook runs this)',
      '--log-format <format>': 'format of the log, text or json: refpost.logFormat for this run',
      '--intake': 'in a fleet: only pick up what is recorded here, and leave it to senders to send it',
      '--sender':
        'in a fleet: only send, for all its servers, by the settings outside of repositories; any number may run, anywhere',
    },
    inRepository: true,
    exit: { 75: 'something is still in the queue' },
    examples: ['refpost work --once', 'refpost work --sender'],
  },
  {
    name: 'poll',
    args: '[url...]',
    group: 'Sending:',
    summary: 'look at repositories on other servers now and then, and record what is new',
    description:
      'For servers without hooks: keeps a mirror of each repository and compares it with what was announced. What is new is recorded as a push, for the worker. A repository is named by its URL, and gets a mirror below refpost.mirrors the first time, without mail; or by the folder of a mirror. Without names all mirrors below refpost.mirrors are looked at. Keeps running until SIGTERM.',
    options: {
      '--every <time>':
        'how often, with some jitter: 1m if not given. What fails is tried less and less often',
      '--once': 'look at each once, and exit',
      '--mirrors <dir>': 'where the mirrors are, in place of refpost.mirrors',
    },
    exit: { 69: 'a server could not be read (--once)' },
    examples: ['refpost poll --once https://git.example.org/team/project.git', 'refpost poll --every 5m'],
  },
  {
    name: 'webhook',
    args: '[url...]',
    group: 'Sending:',
    summary: 'do as poll does, and look at a repository at once when its server sends a webhook',
    description:
      'Listens for webhooks on this machine alone, behind a web server, and polls besides. A webhook must be signed with the secret in refpost.webhookSecretFile, as GitHub, GitLab, Gitea, Forgejo, Bitbucket and sourcehut do. It starts a look at its repository, and says who pushed.',
    options: {
      '--listen <address>': 'where: 127.0.0.1:9419 if not given, or the path of a socket',
      '--every <time>': 'how often to look without one: 10m if not given',
      '--mirrors <dir>': 'where the mirrors are, in place of refpost.mirrors',
    },
    examples: ['refpost webhook --listen /run/refpost/webhook'],
  },
  {
    name: 'hook',
    group: 'Sending:',
    summary: 'record a push (call this from your own post-receive hook)',
    description:
      'Reads standard input as git gives it to post-receive, stores it and starts a worker. Never fails a push: exits with 0, and prints one line on standard error if something is wrong.',
    examples: ['refpost hook    # in hooks/post-receive'],
  },
  {
    name: 'fleet',
    group: 'Fleet:',
    summary: 'make, upgrade and check the outbox of many git servers in a PostgreSQL database',
    description:
      'Many git servers may have one outbox in a database, which refpost.outbox names. docs/fleet.md has all of it.',
    examples: ['refpost fleet check'],
  },
  {
    name: 'fleet init',
    summary: 'make the outbox in the database',
    description:
      'Makes the tables of the outbox in the database that refpost.outbox names, in a schema "refpost", and those of graphile-worker. To do it again changes nothing.',
    inRepository: true,
    examples: [
      'refpost fleet init',
      'refpost fleet init -c refpost.outbox=postgres://refpost@db.example.org/refpost',
    ],
  },
  {
    name: 'fleet migrate',
    summary: 'bring its tables to this version',
    description:
      'Brings the tables of the outbox from an older version to the one that this refpost works with. Workers of the older refpost end then with a sentence; what is recorded waits for those of this one.',
    inRepository: true,
    examples: ['refpost fleet migrate'],
  },
  {
    name: 'fleet check',
    summary: 'check database, tables and rights',
    description:
      'Checks the database that refpost.outbox names: whether it can be reached, its version, its tables, the rights of who logs in, its clock, and whether a pooler is in between. Changes nothing.',
    inRepository: true,
    exit: { 0: 'nothing is wrong, warnings aside', 77: 'who logs in lacks rights', 78: 'something is wrong' },
    examples: ['refpost fleet check'],
  },
  {
    name: 'fleet grant',
    args: '<role> <server> [name...]',
    summary: 'give a server a role of its own',
    description:
      'Lets a role of the database speak for one server: whoever logs in by it sees and changes what that server has queued, and no more. Further names are those that the server shares with others in the fleet (refpost.fleetName). In place of what was granted to the role before. Needs the role that owns the tables.',
    inRepository: true,
    examples: ['refpost fleet grant git1 git1', 'refpost fleet grant git1 git1 team/project'],
  },
  {
    name: 'fleet revoke',
    args: '<role>',
    summary: 'take all rights away from a role',
    description:
      'Takes away from a role all that was granted to it. What was queued by it stays, and is sent.',
    inRepository: true,
    examples: ['refpost fleet revoke git1'],
  },
  {
    name: 'fleet move',
    args: '<dir>',
    summary: 'move an outbox there, or back',
    description:
      'Moves the ledgers and the unfinished pushes of the outbox in a folder, with all that has happened to them, into the database that refpost.outbox names. It may be stopped or killed at any moment and called again: nothing is lost and nothing comes twice. No worker touches the folder from its first step to its last.',
    options: { '--back': 'from the database into the folder', '--finished': 'finished pushes, too' },
    inRepository: true,
    exit: { 0: 'all is moved', 69: 'what is damaged was left where it is', 75: 'a worker is at it' },
    examples: [
      'refpost fleet move /var/spool/refpost',
      'refpost fleet move --back /srv/git/project.git/refpost',
    ],
  },
  {
    name: 'completion',
    args: '<shell>',
    group: 'About refpost:',
    summary: 'print what makes bash, zsh or fish complete the words of refpost',
    description:
      'Prints a script that makes bash, zsh or fish complete the commands, options and settings of refpost.',
    examples: [
      'refpost completion bash >/usr/share/bash-completion/completions/refpost',
      'refpost completion zsh >/usr/local/share/zsh/site-functions/_refpost',
      'refpost completion fish >~/.config/fish/completions/refpost.fish',
    ],
  },
  {
    name: 'version',
    group: 'About refpost:',
    summary: 'print the version',
    description: 'Prints the version.',
    examples: ['refpost version'],
  },
] as const satisfies readonly CommandWords[];

export type CommandName = (typeof commands)[number]['name'];
