import { distinct } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { WEB_STYLES } from '../model/links.ts';
import { address } from './addresses.ts';
import { database, fleetServer } from './database.ts';
import {
  domains,
  group,
  kinds,
  peopleFiles,
  peopleList,
  personPatterns,
  type RecipientWord,
  recipients,
  revisionSources,
} from './people.ts';
import {
  command,
  domain,
  listId,
  path,
  paths,
  patterns,
  refName,
  refPatterns,
  regexp,
  secretFile,
  text,
  truth,
  url,
} from './texts.ts';
import { transport } from './transport.ts';
import { archive, pageUrl, posting, urls } from './urls.ts';
import { choice, count, days, duration, size, type ValueType } from './value-type.ts';
import { answered, footer, header, headerNames, sender, subject } from './worded.ts';

/** One setting, `refpost.<key>` in git config. */
export interface Setting {
  /** What it and the settings after it are about, in lists for people; on the first of a group. */
  readonly heading?: string;
  readonly type: ValueType<unknown>;
  /** May be set any number of times: the values (each a list) add up, and an empty one drops those before it. */
  readonly many?: true;
  /**
   * Whether an audience, `[refpost "docs"]`, may have its own: then the plain section's counts where it has none (`inherited`), or is that of
   * the default audience alone (`own`). Without it the setting is for the whole repository.
   */
  readonly audience?: 'inherited' | 'own';
  /** As one would write it. */
  readonly default?: string;
  /** What happens without a value, where there is no default. */
  readonly unset?: string;
  /** A right value, for faults; the default where it is left out. */
  readonly example?: string;
  /** One line of help. */
  readonly help: string;
  /** Lower-case names that other mailers have for it: people try them first. */
  readonly alsoCalled?: readonly string[];
}

/** Lock files, what tools make, and copies of other projects. */
const QUIET_PATHS = [
  'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock deno.lock Cargo.lock Gemfile.lock',
  'composer.lock poetry.lock Pipfile.lock uv.lock pdm.lock go.sum flake.lock mix.lock pubspec.lock Podfile.lock',
  '*.min.js *.min.css *.js.map *.css.map node_modules/ vendor/ third_party/',
].join(' ');

/**
 * Every setting there is. Reading, `refpost config`, the tables of README.md and the manual page, and the check for unknown keys all follow
 * this table: a new setting is a line here and a field in Config.
 */
export const settings = {
  to: {
    heading: 'Addresses and names',
    type: recipients,
    audience: 'own',
    many: true,
    unset: 'nobody',
    example: 'commits@example.org',
    help: 'Recipients, any number, separated by commas, blanks or line ends: addresses, and `group:NAME`. An empty value removes those set before it.',
    alsoCalled: ['mailinglist', 'recipient', 'recipients', 'commitlist'],
  },
  noRecipients: {
    type: choice('hold', 'ignore'),
    default: 'hold',
    help: 'What becomes of a push where nobody is set as recipient: `hold` keeps it until somebody is, `ignore` passes over it, as is right for a whole host where only some repositories have mails.',
  },
  cc: {
    type: peopleList,
    audience: 'own',
    many: true,
    unset: 'nobody',
    example: 'author trailer:Reviewed-by dev@example.org',
    help: 'Further recipients, named in the Cc header: addresses, groups, and people of the push: `author`, `committer`, `pusher`, `tagger`, `trailer:Reviewed-by`, as far as `personDomains` allows their addresses.',
    alsoCalled: ['carboncopy'],
  },
  bcc: {
    type: peopleList,
    audience: 'own',
    many: true,
    unset: 'nobody',
    example: 'archive@example.org',
    help: 'The same, but named in no header.',
    alsoCalled: ['blindcopy'],
  },
  people: {
    type: peopleFiles,
    audience: 'own',
    many: true,
    unset: 'none',
    example: 'CODEOWNERS',
    help: 'Files of the repository that name people for paths: `CODEOWNERS`, `MAINTAINERS` or `.asf.yaml`, each by its path. Those whom they name for the files of a commit are in Cc, as far as `personDomains` and `group` allow.',
  },
  peopleRef: {
    type: refName,
    audience: 'inherited',
    unset: 'the branch that HEAD names',
    example: 'refs/heads/main',
    help: 'The ref whose `people` files count, as it was before the push.',
  },
  personDomains: {
    type: domains,
    many: true,
    unset: 'none',
    example: 'example.org *.example.org',
    help: 'Domains in which people of a push and of `people` files may get mail; `*.example.org` is every domain below. A mail goes to nobody else whom the repository names.',
  },
  group: {
    type: group,
    many: true,
    unset: 'none',
    example: '@example/core: ann@example.org bob@example.net',
    help: 'A name and the addresses that it stands for: `group:NAME` in `to`, `cc` and `bcc`, and a handle such as `@ann` or `@example/core` in a `people` file.',
    alsoCalled: ['alias', 'aliases', 'team'],
  },
  pusherMap: {
    type: path,
    unset: 'none',
    example: '/srv/git/pushers',
    help: 'A file that says who pushes by which account, for hosts that give no address: lines `ada Ada Lovelace <ada@example.org>`, or a gitolite.conf with such lines between `# BEGIN USER EMAILS` and `# END USER EMAILS`.',
    alsoCalled: ['mailaddressmap', 'usermap'],
  },
  authorMap: {
    type: path,
    unset: 'none',
    example: '/srv/git/authors',
    help: 'The same for authors and committers whose address is an account, as converters from other systems write them (`ada@5f0c31e4-...`, `ada`): lines `ada = Ada Lovelace <ada@example.org>`. An authors file of git-svn will do.',
    alsoCalled: ['authorsfile', 'authors-file', 'mailmap'],
  },
  maxRecipients: {
    type: count('1', '1000'),
    audience: 'inherited',
    default: '50',
    help: 'The most recipients of a mail: people of a push are left out that would be more. Lists and addresses of the settings never are.',
  },
  from: {
    type: sender,
    audience: 'inherited',
    unset: "the author's name, with the address `git` at this host",
    example: '{author.name} via {repository} <commits@example.org>',
    help: 'Sender of the mails: their From header. The name may have words of the mail in braces.',
    alsoCalled: ['sender', 'fromcommit'],
  },
  fromAuthorDomains: {
    type: domains,
    audience: 'inherited',
    many: true,
    unset: 'none',
    example: 'example.org *.example.org',
    help: 'Domains for which this host may send: an author with an address there is From, and `from` is the Sender header.',
  },
  replyTo: {
    type: answered,
    audience: 'inherited',
    unset: "the commit's author, the tagger, or the pusher",
    example: 'dev@example.org',
    help: 'Where replies go: an address, the `author`, `committer` or `pusher`, the `list` (the recipients in `to`), or `none`, without a Reply-To header.',
    alsoCalled: ['replytocommit'],
  },
  envelopeFrom: {
    type: address,
    audience: 'inherited',
    unset: 'the address of `from`',
    example: 'bounces@example.org',
    help: 'Envelope sender: the address that gets the bounces.',
    alsoCalled: ['envelopesender', 'returnpath', 'bounces'],
  },
  verp: {
    type: truth,
    audience: 'inherited',
    default: 'false',
    help: 'Whether each recipient gets an envelope with a sender of their own, such as `bounces+ann=example.net@example.org`, so that a bounce says whose it is. The mail server must deliver such addresses.',
  },
  repoName: {
    type: text,
    unset: "the host's name for it, or the directory's without .git",
    example: 'mesos',
    help: 'Name of the repository in subjects and mails; `{name}` and `{parent}` in it are its directory, without .git, and the one above.',
    alsoCalled: ['name', 'project', 'projectname'],
  },
  web: {
    type: choice(...WEB_STYLES, 'pattern', 'off'),
    audience: 'inherited',
    unset: 'the program that `webUrl` is known to lead to, or that runs the hook and says so',
    example: 'cgit',
    help: 'Program or service that shows the repository in a browser: mails link commits, trees, files, comparisons and tags there. `pattern`: only as `commitUrl` and the like say; `off`: no links. docs/links.md has the addresses.',
    alsoCalled: ['browser', 'forge', 'viewer', 'links'],
  },
  webUrl: {
    type: pageUrl('repository'),
    audience: 'inherited',
    unset: 'as the host says (Gitea, Forgejo, Bitbucket Data Center)',
    example: 'https://github.com/example/project',
    help: 'Address of the repository there, as in the browser. `{repository}` in it is its name.',
    alsoCalled: ['baseurl', 'url', 'browseurl'],
  },
  commitUrl: {
    type: pageUrl('id', 'shortId', 'url', 'repository'),
    audience: 'inherited',
    unset: 'as `web` has it',
    example: 'https://git.example.org/{repository}/show/{id}',
    help: 'Address of a commit, with `{id}` or `{shortId}` in it; `{url}` is `webUrl`, `{repository}` the name of the repository. This and the four below are before what `web` has.',
    alsoCalled: ['commitbrowseurl'],
  },
  treeUrl: {
    type: pageUrl('id', 'shortId', 'url', 'repository'),
    audience: 'inherited',
    unset: 'as `web` has it',
    example: '{url}/tree/{id}',
    help: 'Address of all files as a commit has them.',
  },
  fileUrl: {
    type: pageUrl('path', 'id', 'shortId', 'line', 'url', 'repository'),
    audience: 'inherited',
    unset: 'as `web` has it',
    example: '{url}/files/{id}/{path}#L{line}',
    help: 'Address of a file, with `{path}` in it, as a commit has it. The part with `{line}` is left out where no line is meant.',
  },
  compareUrl: {
    type: pageUrl('old', 'new', 'dots', 'url', 'repository'),
    audience: 'inherited',
    unset: 'as `web` has it',
    example: '{url}/compare/{old}{dots}{new}',
    help: 'Address at which the old value of a ref is compared with the new one. `{dots}` is `...`, and `..` where the ref was forced.',
  },
  tagUrl: {
    type: pageUrl('tag', 'url', 'repository'),
    audience: 'inherited',
    unset: 'as `web` has it',
    example: '{url}/tags/{tag}',
    help: 'Address of a tag.',
  },
  linkBase: {
    type: url,
    audience: 'inherited',
    unset: 'as `web` has it',
    example: 'https://git.example.org/mesos',
    help: 'Start of links of one form: `/commit/`, `/tree/`, `/diff/` and `/blob/` follow it, with 8 digits of the commit. It is before `web`.',
  },
  listId: {
    type: listId,
    audience: 'inherited',
    unset: 'repository and host: `mesos.git.example.org`',
    example: 'commits.example.org',
    help: 'The List-Id header, without angle brackets; `none` for no such header.',
  },
  receiver: {
    type: choice('mailman3', 'mailman2', 'sympa', 'mlmmj', 'ezmlm', 'public-inbox', 'googlegroups', 'none'),
    audience: 'inherited',
    default: 'none',
    help: 'Kind of list manager or archive that gets the mails: other settings get the defaults that suit it, which `refpost config` shows. docs/receivers.md says what to set there.',
    alsoCalled: ['preset', 'listmanager'],
  },
  listPost: {
    type: posting,
    audience: 'inherited',
    many: true,
    unset: 'no such header',
    example: 'commits@example.org',
    help: 'The List-Post header: an address or URL, or `no` where nobody may post.',
  },
  listArchive: {
    type: urls,
    audience: 'inherited',
    many: true,
    unset: 'no such header',
    example: 'https://lists.example.org/{repository}/',
    help: 'The List-Archive header: URLs.',
  },
  listUnsubscribe: {
    type: urls,
    audience: 'inherited',
    many: true,
    unset: 'no such header',
    example: 'https://lists.example.org/leave commits-leave@example.org',
    help: 'The List-Unsubscribe header: URLs and addresses. Of an https URL in a signed mail List-Unsubscribe-Post says that one click does it.',
  },
  archivedAt: {
    type: archive,
    audience: 'inherited',
    unset: 'no such header',
    example: 'https://lists.example.org/commits/{messageId}/',
    help: 'The Archived-At header: the URL of a mail in an archive, with `{messageId}` in it, or with `{page}` for one that `archive` makes.',
  },
  threadIndex: {
    type: truth,
    audience: 'inherited',
    default: 'false',
    help: 'Whether mails have Thread-Index and Thread-Topic, by which Outlook makes conversations.',
  },
  header: {
    type: header,
    audience: 'inherited',
    many: true,
    unset: 'none',
    example: 'X-Team: core',
    help: 'A header of your own, one per value. One that has the name of a header of ours takes its place.',
    alsoCalled: ['headers', 'addheader', 'extraheader'],
  },
  omitHeader: {
    type: headerNames,
    audience: 'inherited',
    many: true,
    unset: 'none',
    example: 'Auto-Submitted',
    help: 'Headers to leave out. From, Date, Message-ID and what threads and texts need cannot be.',
    alsoCalled: ['removeheader', 'dropheader'],
  },
  subject: {
    heading: 'Subject and text',
    type: subject,
    audience: 'inherited',
    unset: 'the template `subject.hbs`',
    example: '{counter} {repository} {branch}: {subject}',
    help: 'The subject line, with words of the mail in braces. `{repository} {push}` is the same for all mails of a push: a Gmail conversation.',
    alsoCalled: ['subjectprefix', 'emailprefix', 'subjecttemplate'],
  },
  style: {
    type: choice('apache', 'multimail', 'modern'),
    audience: 'inherited',
    default: 'apache',
    help: 'How mails look: `apache`; `multimail`, for the filters and archives that people have for git-multimail; or `modern`, the message first. Other settings get the defaults that suit it, which `refpost config` shows.',
    alsoCalled: ['theme', 'layout', 'emailstyle'],
  },
  summary: {
    type: choice('last', 'first'),
    audience: 'inherited',
    default: 'last',
    help: '`last`: what no commit mail says of the refs of a push is in one mail after these. `first`: each ref has a thread of its own, which starts with a mail about all that it brings; the mails of its commits answer that and are numbered by ref. A branch that goes forward by one commit gets one mail.',
    alsoCalled: ['combinewhensinglecommit', 'coverletter', 'cover'],
  },
  revision: {
    type: revisionSources,
    audience: 'inherited',
    many: true,
    unset: 'none',
    example: 'trailer:git-svn-id notes:refs/notes/hg',
    help: 'Where converted commits have the name that they have in the system they come from: `trailer:NAME` in their message, or `notes:REF`. The first that is there is in the text, in the header X-Original-Revision and in `{revision}`; `git-svn-id` as `r12`. docs/converters.md has more.',
    alsoCalled: ['oldrevision', 'originalrevision', 'svnrevision'],
  },
  footer: {
    type: footer,
    audience: 'inherited',
    unset: 'none',
    example: 'Mail about {repository} from {host}. Questions: admin@example.org',
    help: 'Text at the end of each mail, below a line `-- `. It may have words in braces, and several lines (`\\n` in git config).',
    alsoCalled: ['signature', 'emailfooter'],
  },
  html: {
    type: truth,
    audience: 'inherited',
    default: 'false',
    help: 'Whether mails have an HTML part beside the text, which stays as it is: for webmail and phones. `maxSize` counts both.',
    alsoCalled: ['commitemailformat', 'emailformat', 'format'],
  },
  templates: {
    type: path,
    audience: 'inherited',
    unset: 'those that come with refpost',
    example: '/etc/refpost/templates',
    help: 'Folder of your own templates. A file there replaces the built-in one of the same name.',
  },
  refs: {
    heading: 'What is announced',
    type: refPatterns,
    audience: 'inherited',
    many: true,
    default: 'refs/heads refs/tags',
    help: 'Refs to announce: full names, starts of names up to a slash, or patterns such as `refs/heads/release-*`.',
    alsoCalled: ['reffilterinclusionregex', 'branches', 'ref'],
  },
  excludeRefs: {
    type: refPatterns,
    audience: 'inherited',
    many: true,
    unset: 'none',
    example: 'refs/heads/wip refs/heads/users/*',
    help: 'Refs to ignore even where `refs` matches: no mail is sent for them, and what is on them still counts as new elsewhere.',
    alsoCalled: ['reffilterexclusionregex', 'exclude', 'ignorerefs'],
  },
  merges: {
    type: truth,
    audience: 'inherited',
    default: 'true',
    help: 'Whether merge commits get mails.',
    alsoCalled: ['nomerges', 'excludemergerevisions', 'ignoremerge'],
  },
  kinds: {
    type: kinds,
    audience: 'own',
    many: true,
    unset: 'all of them',
    example: 'tag deleted',
    help: 'What is announced: `commit`, `digest` (alone: one mail with all commits of a push), `branch`, `tag`, `forced`, `deleted`. With `paths`, `authors`, `committers` or `message`, and without `kinds`: commits only.',
  },
  paths: {
    type: patterns,
    audience: 'own',
    many: true,
    unset: 'all',
    example: 'docs/** *.md',
    help: 'Only commits that change one of these files. Patterns as in .gitignore.',
  },
  authors: {
    type: personPatterns,
    audience: 'own',
    many: true,
    unset: 'all',
    example: '*@example.org',
    help: 'Only commits by these authors: addresses, `*` is any text.',
  },
  committers: {
    type: personPatterns,
    audience: 'own',
    many: true,
    unset: 'all',
    example: '*@example.org',
    help: 'Only commits by these committers.',
  },
  pushers: {
    type: personPatterns,
    audience: 'own',
    many: true,
    unset: 'all',
    example: 'ann bob@example.org',
    help: 'Only pushes by these people: addresses or names at the host.',
  },
  message: {
    type: regexp,
    audience: 'own',
    unset: 'all',
    example: 'security|CVE-[0-9]+',
    help: 'Only commits with a line in their message that this extended regular expression matches, in any case (`git log -E -i --grep`).',
  },
  instead: {
    type: truth,
    audience: 'own',
    default: 'false',
    help: 'In an audience: whether what matches goes to it and not to the default audience.',
  },
  maxAge: {
    type: duration('1m', '36500d'),
    audience: 'inherited',
    unset: 'no limit',
    example: '30d',
    help: 'Commits that are older than this when they are pushed get no mail. For imports.',
  },
  pushOptions: {
    type: truth,
    default: 'false',
    help: 'Whether `git push -o mail=none` and `-o mail=summary` have an effect.',
  },
  trailers: {
    type: truth,
    default: 'false',
    help: 'Whether a commit with `[nomail]` or a trailer `Mail: none` in its message gets no mail.',
  },
  maxMails: {
    heading: 'Size and content',
    type: count('1', '1000000'),
    audience: 'inherited',
    default: '50',
    help: 'The most commit mails for one push. A larger push gets one digest that lists its commits.',
    alsoCalled: ['maxcommitemails', 'maxcommits'],
  },
  maxSize: {
    type: size('4000', '1g'),
    audience: 'inherited',
    default: '90000',
    help: 'The largest mail in bytes, as the mail server counts them. `oversize` decides what happens to larger ones.',
    alsoCalled: ['emailmaxlines', 'maxlines', 'limit'],
  },
  oversize: {
    type: choice('truncate', 'split', 'stat', 'attach'),
    audience: 'inherited',
    default: 'truncate',
    help: 'What happens to a commit too large for one mail: its diff is cut (`truncate`), continued in further mails (`split`, as long as the push has no more than `maxMails`), left out (`stat`), or attached as a patch for `git am` (`attach`).',
  },
  maxAttachment: {
    type: size('1000', '50m'),
    audience: 'inherited',
    default: '1m',
    help: 'The largest attached patch in bytes, on top of `maxSize`. The diff of a larger one is cut.',
  },
  quietPaths: {
    type: patterns,
    audience: 'inherited',
    many: true,
    default: QUIET_PATHS,
    example: 'package-lock.json *.min.js vendor/',
    help: 'Files whose diff is left out of mails; they appear in the diffstat only. Patterns as in .gitignore; `none` for no such files. Files with the attribute `-diff`, `linguist-generated` or `linguist-vendored` in .gitattributes, and Git LFS pointers, are always left out.',
  },
  submodules: {
    type: paths,
    many: true,
    unset: 'none',
    example: '/srv/git/library.git',
    help: 'Repositories on this machine, one per value. Where a commit moves a submodule to a commit of theirs, the mail lists the commits between. Their subjects go to everybody who gets the mails.',
  },
  archive: {
    heading: 'Archive',
    type: path,
    audience: 'own',
    unset: 'none',
    example: '/srv/www/archive',
    help: 'Folder of a web archive, to which the worker adds the mails of each push. Several repositories may have the same.',
  },
  archiveAddresses: {
    type: choice('coded', 'masked', 'shown'),
    audience: 'inherited',
    default: 'coded',
    help: 'How the pages of the archive show addresses: `coded`, so that programs that gather them find none; `masked`, without the domain; `shown`, as they are. The raw mails have them in any case.',
  },
  spool: {
    heading: 'Outbox',
    type: path,
    unset: '`refpost` in the git directory',
    example: '/var/spool/refpost',
    help: 'Folder of the outbox. Several repositories may share one. With `outbox`, pushes wait here until they are picked up.',
    alsoCalled: ['queue', 'spooldir'],
  },
  keepDays: {
    type: days('0', '36500'),
    default: '14',
    help: 'How many days finished pushes are kept in the outbox.',
  },
  retryWait: {
    type: duration('1s', '30d'),
    default: '5m',
    help: 'How long to wait before the first retry of a deferred mail. The wait doubles with each retry.',
  },
  retryMaxWait: {
    type: duration('1s', '30d'),
    default: '4h',
    help: 'The longest wait between two retries.',
  },
  giveUpAfter: {
    type: duration('1s', '365d'),
    default: '5d',
    help: 'How long to try before a mail that no server accepts is given up.',
  },
  outbox: {
    heading: 'Fleet',
    type: database,
    unset: 'the folder `spool`',
    example: 'postgres://refpost@db.example.org/refpost',
    help: 'A PostgreSQL database in which many servers have one outbox, as `postgres://user@host:port/database`, or `postgres://user@/database?host=/run/postgresql` for a socket. Of several hosts, `host1,host2:port`, the first that takes changes is used. docs/fleet.md says how.',
    alsoCalled: ['database', 'postgres', 'postgresql', 'databaseurl'],
  },
  outboxPasswordFile: {
    type: secretFile,
    unset: 'none',
    example: '/etc/refpost/outbox-password',
    help: 'File whose first line is the password of the user in `outbox`.',
  },
  outboxPasswordCommand: {
    type: command,
    unset: 'none',
    example: 'pass show refpost/outbox',
    help: 'Command that prints the password of the user in `outbox`.',
  },
  outboxTls: {
    type: choice('verify', 'off'),
    default: 'verify',
    help: '`verify` requires TLS with a valid certificate of the database (except to this host, where there is none unless `outboxCaFile` is set), `off` never uses TLS.',
    alsoCalled: ['sslmode', 'outboxsslmode'],
  },
  outboxCaFile: {
    type: path,
    unset: 'those that Node.js comes with',
    example: '/etc/refpost/database-ca.pem',
    help: 'File with the certificates, in PEM, of the authorities that may vouch for the database.',
    alsoCalled: ['sslrootcert', 'outboxsslrootcert'],
  },
  outboxClientCertFile: {
    type: path,
    unset: 'none',
    example: '/etc/refpost/database-client.pem',
    help: 'File with the certificate, in PEM, by which refpost identifies itself to the database.',
    alsoCalled: ['outboxcertfile', 'outboxsslcert'],
  },
  outboxClientKeyFile: {
    type: secretFile,
    unset: 'none',
    example: '/etc/refpost/database-client.key',
    help: 'File with the private key of that certificate, in PEM, that others cannot read.',
    alsoCalled: ['outboxkeyfile', 'outboxsslkey'],
  },
  server: {
    type: fleetServer,
    unset: 'the host name',
    example: 'git1',
    help: 'Name of this machine in the fleet: letters, digits, dots, hyphens and underscores. Set it with `--system`, and keep it when the machine is renamed.',
    alsoCalled: ['servername', 'node', 'nodename'],
  },
  fleetName: {
    type: text,
    unset: '`server`, a colon, and the path of the git directory',
    example: 'team/project',
    help: 'Name of the repository in the fleet. Servers that serve the same repository (a cluster, a mirror) set the same name: each commit is then announced once.',
    alsoCalled: ['fleetrepository', 'clustername'],
  },
  transport: {
    heading: 'Mail server',
    type: transport,
    audience: 'inherited',
    unset: 'the local sendmail if there is one, else smtp://localhost:25',
    example: 'smtp://mail.example.org:587',
    help: 'How mail is sent: `smtp://host:port`, `smtps://host:port`, `lmtp://host:port`, `lmtp:unix:/path`, or `sendmail:/path` with options, such as `sendmail:/usr/bin/msmtp -a list`.',
    alsoCalled: ['mailer', 'smtphost', 'smtpserver', 'sendmailcommand'],
  },
  tls: {
    type: choice('verify', 'opportunistic', 'off'),
    audience: 'inherited',
    default: 'verify',
    help: '`verify` requires TLS with a valid certificate (except to this host), `opportunistic` uses TLS if the server offers it, `off` never does.',
    alsoCalled: ['encryption', 'smtpencryption', 'starttls'],
  },
  caFile: {
    type: path,
    audience: 'inherited',
    unset: 'those that Node.js comes with',
    example: '/etc/ssl/certs/ca-certificates.crt',
    help: 'File with the certificates, in PEM, of the authorities that may vouch for the mail server, in place of the usual ones.',
    alsoCalled: ['sslcainfo', 'trustfile', 'tlscafile'],
  },
  clientCertFile: {
    type: path,
    audience: 'inherited',
    unset: 'none',
    example: '/etc/refpost/client.pem',
    help: 'File with the certificate, in PEM, by which refpost identifies itself to the mail server.',
    alsoCalled: ['smtpcert', 'tlscertfile', 'sslcert'],
  },
  clientKeyFile: {
    type: secretFile,
    audience: 'inherited',
    unset: 'none',
    example: '/etc/refpost/client.key',
    help: 'File with the private key of that certificate, in PEM, that others cannot read.',
    alsoCalled: ['smtpkey', 'tlskeyfile', 'sslkey'],
  },
  ehloName: {
    type: domain,
    audience: 'inherited',
    unset: 'the name of this host, from /etc/mailname if there is one',
    example: 'git.example.org',
    help: 'Name that refpost gives itself towards the mail server (EHLO).',
    alsoCalled: ['helo', 'ehlo', 'helohost', 'smtpehlo'],
  },
  smtpUser: {
    type: text,
    audience: 'inherited',
    unset: 'no login',
    example: 'refpost',
    help: 'User name for the login at the mail server.',
    alsoCalled: ['user', 'username', 'smtpusername'],
  },
  smtpPasswordFile: {
    type: secretFile,
    audience: 'inherited',
    unset: 'none',
    example: '/etc/refpost/smtp-password',
    help: 'File whose first line is the password of `smtpUser`.',
  },
  smtpPasswordCommand: {
    type: command,
    audience: 'inherited',
    unset: 'none',
    example: 'pass show mail/refpost',
    help: 'Command that prints the password of `smtpUser`.',
  },
  smtpTokenCommand: {
    type: command,
    audience: 'inherited',
    unset: 'none',
    example: 'oauth2l fetch --scope https://mail.google.com/',
    help: 'Command that prints an OAuth2 access token for `smtpUser`, instead of a password. It is run for each connection.',
    alsoCalled: ['accesstoken', 'oauthtoken', 'tokencommand'],
  },
  dkimDomain: {
    heading: 'DKIM signature',
    type: domain,
    audience: 'inherited',
    unset: 'mails are not signed',
    example: 'example.org',
    help: 'Domain for which mails are signed with DKIM: the domain of `from`, or one above it. `refpost doctor` prints the DNS record to publish.',
    alsoCalled: ['dkim', 'signingdomain'],
  },
  dkimSelector: {
    type: domain,
    audience: 'inherited',
    unset: 'none',
    example: 'refpost',
    help: 'Selector of the key: its record is at `<selector>._domainkey.<domain>`.',
    alsoCalled: ['selector'],
  },
  dkimKeyFile: {
    type: secretFile,
    audience: 'inherited',
    unset: 'none',
    example: '/etc/refpost/dkim.pem',
    help: 'File with the private key in PEM, RSA or Ed25519, that others cannot read.',
    alsoCalled: ['dkimkey', 'dkimprivatekey', 'keyfile'],
  },
  mirrors: {
    heading: 'Mirrors',
    type: path,
    unset: 'none: `refpost poll` takes mirrors by their folders',
    example: '/var/lib/refpost/mirrors',
    help: 'Folder in which `refpost poll` and `refpost webhook` keep mirrors of repositories on other servers. Set it with `--global` or `--system`.',
    alsoCalled: ['mirror', 'mirrordir', 'mirrorfolder'],
  },
  maxFetch: {
    type: size('1m', '1024g'),
    default: '4g',
    help: 'Bytes that a mirror takes from its server at once. A server that sends more is given up.',
    alsoCalled: ['maxfetchsize', 'fetchlimit'],
  },
  webhookSecretFile: {
    type: secretFile,
    unset: 'none',
    example: '/etc/refpost/webhook-secret',
    help: 'File with the secret that the host signs webhooks with, one a line, that others cannot read. A line `ed25519 KEY` is the public key of a sourcehut.',
    alsoCalled: ['webhooksecret', 'webhooktoken'],
  },
  administrator: {
    heading: 'Monitoring',
    type: address,
    unset: 'nobody',
    example: 'postmaster@example.org',
    help: 'Address that gets one mail when mails of a push are given up, and one a day while pushes have been waiting for longer than `warnAfter`.',
    alsoCalled: ['admin', 'adminmail', 'postmaster'],
  },
  warnAfter: {
    type: duration('1m', '365d'),
    default: '4h',
    help: 'How long a push may wait before `refpost status` fails and the administrator gets a mail.',
  },
  logFormat: {
    type: choice('text', 'json'),
    default: 'text',
    help: 'Format of the log: `text`, or one `json` object per line.',
  },
  worker: {
    heading: 'Worker',
    type: choice('hook', 'service'),
    default: 'hook',
    help: '`hook`: each push starts a worker, if none is running. `service`: a service manager keeps a worker running, and the hook starts none.',
  },
  command: {
    type: text,
    unset: '`refpost` on the PATH',
    example: '/usr/bin/node /usr/lib/node_modules/refpost/bin/refpost.js',
    help: 'How the hook starts refpost: a command line for the shell. `refpost install` sets it.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingKey = keyof typeof settings;

/** Settings of what mails say and who gets them. Nothing is run, connected to or read for their sake. */
const PER_PUSH = new Set(
  `to cc bcc from fromAuthorDomains replyTo envelopeFrom repoName web webUrl commitUrl treeUrl fileUrl
  compareUrl tagUrl linkBase listId listPost listArchive listUnsubscribe archivedAt
  threadIndex header omitHeader subject footer style summary receiver refs excludeRefs kinds authors committers pushers paths merges maxAge
  pushOptions trailers maxMails maxSize oversize maxAttachment maxRecipients quietPaths`
    .split(/\s+/)
    .map(key => key.toLowerCase()),
);

/** True for a setting that may come with a push (`refpost notify -c`): whoever may record one must not gain more than that. */
export function isPerPush(key: string): boolean {
  return PER_PUSH.has(key.toLowerCase().replace(/^refpost\.(?:.*\.)?/s, ''));
}

/** What all settings come to, by key; undefined where one has neither a value nor a default. */
export type Values = { readonly [K in SettingKey]: ValueOf<(typeof settings)[K]> };

/** The values in the shape in which the stages want them. */
export function toConfig(values: Values): Config {
  const { to, cc, bcc, group, quietPaths, retryWait, retryMaxWait, giveUpAfter, ...rest } = values;
  const groups = new Map(group.map(({ name, addresses }) => [name, addresses]));
  const addressesOf = (words: readonly RecipientWord[]) =>
    distinct(
      words.flatMap(word =>
        'address' in word ? [word.address] : 'group' in word ? (groups.get(word.group) ?? []) : [],
      ),
    );
  const peopleOf = (words: readonly RecipientWord[]) =>
    words.flatMap(word => ('person' in word ? [word.person] : []));
  const quiet = quietPaths.filter(pattern => pattern !== 'none');
  return {
    ...rest,
    to: addressesOf(to),
    cc: { addresses: addressesOf(cc), people: peopleOf(cc) },
    bcc: { addresses: addressesOf(bcc), people: peopleOf(bcc) },
    groups,
    quietPaths: quiet,
    retry: { firstWait: retryWait, maxWait: retryMaxWait, giveUpAfter },
  };
}

type ValueOf<S extends Setting> =
  S['type'] extends ValueType<infer T>
    ? S extends { many: true } | { default: string }
      ? T
      : T | undefined
    : never;
