import type { Config } from '../model/config.ts';
import { address, addresses, distinct, mailbox } from './addresses.ts';
import { count, days, duration, size } from './numbers.ts';
import { choice, command, listId, passwordFile, path, paths, patterns, text, truth, url } from './texts.ts';
import { transport } from './transport.ts';
import type { ValueType } from './value-type.ts';

/** One setting, `refpost.<key>` in git config. */
export interface Setting {
  readonly type: ValueType<unknown>;
  /** May be set any number of times: the values (each a list) add up, and an empty one drops those before it. */
  readonly many?: true;
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
 * Every setting there is. Reading, `refpost config`, the table in README.md and the check for unknown keys all follow
 * this table: a new setting is a line here and a field in Config.
 */
export const settings = {
  to: {
    type: addresses,
    many: true,
    unset: 'nobody',
    example: 'commits@example.org',
    help: 'Recipients: any number, with commas, blanks or line ends between them. An empty value drops those set before it.',
    alsoCalled: ['mailinglist', 'recipient', 'recipients', 'commitlist'],
  },
  from: {
    type: mailbox,
    unset: "the author's name, an address of this host",
    example: 'Example Commits <commits@example.org>',
    help: 'Who the mails are from.',
    alsoCalled: ['sender', 'fromcommit'],
  },
  replyTo: {
    type: mailbox,
    unset: "the commit's author",
    example: 'dev@example.org',
    help: 'Where replies go.',
    alsoCalled: ['replytocommit'],
  },
  envelopeFrom: {
    type: address,
    unset: "the address of the mail's From",
    example: 'bounces@example.org',
    help: 'Envelope sender: where mail servers return what they cannot deliver.',
    alsoCalled: ['envelopesender', 'returnpath', 'bounces'],
  },
  repoName: {
    type: text,
    unset: "the directory's name without .git",
    example: 'mesos',
    help: 'Name of the repository in subjects and mails.',
    alsoCalled: ['name', 'project', 'projectname'],
  },
  linkBase: {
    type: url,
    unset: 'no links',
    example: 'https://git.example.org/mesos',
    help: 'Start of the links to commit, tree, diff and files.',
    alsoCalled: ['commitbrowseurl', 'baseurl', 'url'],
  },
  listId: {
    type: listId,
    unset: 'no such header',
    example: 'commits.example.org',
    help: 'Value of the List-Id header, without angle brackets.',
  },
  templates: {
    type: path,
    unset: 'those that come with refpost',
    example: '/etc/refpost/templates',
    help: 'Folder whose templates replace those of the same name.',
  },
  refs: {
    type: patterns,
    many: true,
    default: 'refs/heads refs/tags',
    help: 'Refs that are announced: names, beginnings of names up to a slash, or patterns such as `refs/heads/release-*`.',
    alsoCalled: ['reffilterinclusionregex', 'branches', 'ref'],
  },
  excludeRefs: {
    type: patterns,
    many: true,
    unset: 'none',
    example: 'refs/heads/wip refs/heads/users/*',
    help: 'Refs that are neither announced nor count as seen, though `refs` has them.',
    alsoCalled: ['reffilterexclusionregex', 'exclude', 'ignorerefs'],
  },
  merges: {
    type: truth,
    default: 'true',
    help: 'Whether merge commits get mails.',
    alsoCalled: ['nomerges', 'excludemergerevisions', 'ignoremerge'],
  },
  maxAge: {
    type: duration('1m', '36500d'),
    unset: 'no limit',
    example: '30d',
    help: 'Commits that are older than this when they are pushed get no mail: for imports.',
  },
  pushOptions: {
    type: truth,
    default: 'false',
    help: 'Whether `git push -o mail=none` and `-o mail=summary` are obeyed.',
  },
  trailers: {
    type: truth,
    default: 'false',
    help: 'Whether a commit with `[nomail]` or a trailer `Mail: none` in its message gets no mail.',
  },
  maxMails: {
    type: count('1', '1000000'),
    default: '50',
    help: 'Most commit mails a push may bring; past it one digest lists all commits.',
    alsoCalled: ['maxcommitemails', 'maxcommits'],
  },
  maxSize: {
    type: size('4000', '1g'),
    default: '90000',
    help: 'Most bytes of a mail, as the mail server counts them. What becomes of larger ones, `oversize` says.',
    alsoCalled: ['emailmaxlines', 'maxlines', 'limit'],
  },
  oversize: {
    type: choice('truncate', 'split', 'stat', 'attach'),
    default: 'truncate',
    help: 'A commit too large for one mail: its diff is cut (`truncate`), goes on in further mails (`split`, as long as the push has no more than `maxMails`), is left out (`stat`), or comes as an attached patch for `git am` (`attach`).',
  },
  maxAttachment: {
    type: size('1000', '50m'),
    default: '1m',
    help: 'Most bytes of an attached patch, which come on top of `maxSize`; the diff of a larger one is cut.',
  },
  quietPaths: {
    type: patterns,
    many: true,
    default: QUIET_PATHS,
    help: 'Files that nobody reads in a mail, shown in the stat only: patterns as in .gitignore; `none` for no such files. Files with the attributes `-diff`, `linguist-generated` or `linguist-vendored` in .gitattributes, and pointers to Git LFS, are quiet in any case.',
  },
  submodules: {
    type: paths,
    many: true,
    unset: 'none',
    example: '/srv/git/library.git',
    help: 'Repositories on this disk, a value each, whose commits are listed where a commit moves a submodule to them. Their subjects go to everybody who gets these mails.',
  },
  spool: {
    type: path,
    unset: '`refpost` in the git directory',
    example: '/var/spool/refpost',
    help: 'Folder of the outbox. Repositories may share one.',
    alsoCalled: ['outbox', 'queue', 'spooldir'],
  },
  keepDays: {
    type: days('0', '36500'),
    default: '14',
    help: 'Days for which finished pushes stay in the outbox.',
  },
  retryWait: {
    type: duration('1s', '30d'),
    default: '5m',
    help: 'Wait after the first failed try to deliver; it grows with every try.',
  },
  retryMaxWait: {
    type: duration('1s', '30d'),
    default: '4h',
    help: 'The longest wait between two tries.',
  },
  giveUpAfter: {
    type: duration('1s', '365d'),
    default: '5d',
    help: 'Time after which a mail that no server has taken is given up.',
  },
  transport: {
    type: transport,
    unset: 'the local sendmail if there is one, else smtp://localhost:25',
    example: 'smtp://mail.example.org:587',
    help: 'Way out: `smtp://host:port`, `smtps://host:port`, `lmtp://host:port` or `sendmail:/path`.',
    alsoCalled: ['mailer', 'server', 'smtphost', 'smtpserver', 'sendmailcommand'],
  },
  tls: {
    type: choice('verify', 'opportunistic', 'off'),
    default: 'verify',
    help: '`verify` demands TLS with a good certificate (except towards loopback), `opportunistic` takes what is offered.',
    alsoCalled: ['encryption', 'smtpencryption', 'starttls'],
  },
  smtpUser: {
    type: text,
    unset: 'no login',
    example: 'refpost',
    help: 'User name for the SMTP server.',
    alsoCalled: ['user', 'username', 'smtpusername'],
  },
  smtpPasswordFile: {
    type: passwordFile,
    unset: 'none',
    example: '/etc/refpost/smtp-password',
    help: 'File whose first line is the password for smtpUser.',
  },
  smtpPasswordCommand: {
    type: command,
    unset: 'none',
    example: 'pass show mail/refpost',
    help: 'Command that prints the password for smtpUser.',
  },
  administrator: {
    type: address,
    unset: 'nobody',
    example: 'postmaster@example.org',
    help: 'Who gets one mail when mails of a push are given up, and one a day while pushes wait for longer than `warnAfter`.',
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
    help: 'How the log is written: `text`, or a `json` object a line.',
  },
  worker: {
    type: choice('hook', 'service'),
    default: 'hook',
    help: 'Who starts the worker: the `hook`, with every push, or a `service` that is on its way anyway.',
  },
  command: {
    type: text,
    unset: '`refpost` on the PATH',
    example: '/usr/bin/node /usr/lib/node_modules/refpost/bin/refpost.js',
    help: 'How the hook starts refpost: shell words. `refpost install` sets it.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingKey = keyof typeof settings;

/** What all settings come to, by key; undefined where one has neither a value nor a default. */
export type Values = { readonly [K in SettingKey]: ValueOf<(typeof settings)[K]> };

/** The values in the shape in which the stages want them. */
export function toConfig(values: Values): Config {
  const { to, quietPaths, retryWait, retryMaxWait, giveUpAfter, ...rest } = values;
  const quiet = quietPaths.filter(pattern => pattern !== 'none');
  return {
    ...rest,
    to: distinct(to),
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
