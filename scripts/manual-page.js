// docs/refpost.1, made from the same tables as the help and README.md, in the macros of man(7).
import { readFileSync } from 'node:fs';
import { commands } from '../build/src/cli/commands.js';
import { program, repositoryOptions } from '../build/src/cli/words.js';
import { settingGroups, standard } from './setting-groups.js';

/** The day of its release, or of the last change before one; man shows it at the foot of the page. */
const DATE = '2026-11-27';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export function manualPage() {
  return `${[
    `.\\" Made by "npm run readme" from src/cli and src/config: change it there.`,
    `.TH REFPOST 1 ${DATE} "refpost ${version}" "User Commands"`,
    '.SH NAME',
    `refpost \\- ${plain(program.summary)}`,
    '.SH SYNOPSIS',
    commands
      .filter(({ name }) => name !== 'outbox')
      .map(synopsis)
      .join('\n.br\n'),
    '.SH DESCRIPTION',
    ...paragraphs(program.description),
    '.SH COMMANDS',
    ...commands.flatMap(command),
    '.SH REPOSITORY OPTIONS',
    'Commands that work in a repository also take',
    ...options(repositoryOptions),
    '.SH SETTINGS',
    prose(
      'Settings are git config, in the section refpost: of the repository, the user or the system, with includes and conditions. Where a setting takes several values, they may be in one value or in several. A size is a number of bytes, or one with k, m or g; a duration is a number with s, m, h or d. Patterns are those of gitignore(5).',
    ),
    ...settingGroups().flatMap(({ heading, settings }) => [
      `.SS ${plain(heading)}`,
      ...settings.flatMap(setting),
    ]),
    '.SH ENVIRONMENT',
    ...item(
      'REFPOST_SMTP_PASSWORD',
      'The password of `refpost.smtpUser`, where no setting names a file or a command for it.',
    ),
    ...item(
      'NODE_EXTRA_CA_CERTS',
      'A file with further certificate authorities in PEM format, read by Node.js: for a mail server whose certificate is not signed by a public one. It has to be set for the worker.',
    ),
    ...item('NO_COLOR', 'No colours.'),
    '.SH FILES',
    ...item(
      'refpost/',
      'The outbox, in the git directory of the repository or where `refpost.spool` says. It can be read with ls and less.',
    ),
    ...item('refpost/refpost.log', 'The log.'),
    ...item('/etc/mailname', 'The name of this host in mail addresses; without it, the host name is used.'),
    '.SH EXIT STATUS',
    ...codes(program.exit),
    '.SH EXAMPLES',
    ...example(program.examples),
    '.SH SEE ALSO',
    '.BR git\\-config (1),',
    '.BR githooks (5)',
  ].join('\n')}\n`;
}

function synopsis({ name, args = '' }) {
  return `.B refpost ${plain(name)}\n${`[options] ${italic(args)}`.trim()}`;
}

function command({ name, args = '', summary, description, options: own, exit, examples }) {
  return [
    `.SS refpost ${plain(`${name} ${args}`.trim())}`,
    ...paragraphs(description ?? `${summary[0].toUpperCase()}${summary.slice(1)}.`),
    ...options(own ?? {}),
    ...(exit ? ['.PP', 'Exit status:', ...codes(exit)] : []),
    '.PP',
    ...example(examples),
  ];
}

function setting([key, words]) {
  const otherwise = standard(words, '`');
  return item(
    `refpost.${key}`,
    `${words.help}${otherwise ? ` Default: ${otherwise}.` : ''}`,
    ` (${words.type.name})`,
  );
}

function options(words) {
  return Object.entries(words).flatMap(([flags, help]) => [
    '.TP',
    bold(flags),
    prose(`${help[0].toUpperCase()}${help.slice(1)}.`),
  ]);
}

function codes(exit) {
  return Object.entries(exit).flatMap(([code, meaning]) =>
    item(code, `${meaning[0].toUpperCase()}${meaning.slice(1)}.`),
  );
}

function item(term, text, after = '') {
  return ['.TP', `\\fB${plain(term)}\\fR${plain(after)}`, prose(text)];
}

function example(lines) {
  return ['.nf', '.RS 4', ...lines.map(plain), '.RE', '.fi'];
}

function paragraphs(text) {
  return text.split('\n\n').flatMap((paragraph, at) => [...(at > 0 ? ['.PP'] : []), prose(paragraph)]);
}

/** `-n, --dry-run` with the names of values in italics. */
function bold(flags) {
  return `\\fB${plain(flags).replace(/<([^>]*)>/g, '\\fI$1\\fB')}\\fR`;
}

function italic(args) {
  return plain(args).replace(/([<[])([^>\]]*)([>\]])/g, '$1\\fI$2\\fR$3');
}

/** Text in lines of a moderate length, each sentence from a line of its own; what stands between backticks is bold. */
function prose(text) {
  const marked = plain(text).replace(/`([^`]*)`/g, '\\fB$1\\fR');
  const lines = marked.split(/(?<=[.?:]) /).flatMap(sentence => sentence.match(/\S.{0,72}(?= |$)|\S+/g));
  // A line that starts with a dot or a quote would be a command.
  return lines.map(line => line.replace(/^[.']/, '\\&$&')).join('\n');
}

function plain(text) {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}
