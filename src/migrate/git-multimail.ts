import { bodyLines, commitLink, prefixed, withoutDiffs } from './mail-shape.ts';
import { type Fate, type Mailer, mapped, needless, type Old, one, refused } from './mailer.ts';
import { people, usualSender } from './multimail-people.ts';
import { sending } from './multimail-sending.ts';
import { refPatterns } from './ref-patterns.ts';

/** git-multimail 1.6 (`multimailhook.*`), as its README and its code have them. */
export const gitMultimail: Mailer = {
  name: 'git-multimail',
  where: 'git config',
  section: 'multimailhook.',
  hook: { named: /git[_-]multimail(\.py)?$/, itself: /^def run_as_post_receive_hook\b/m },
  always: old => [{ key: 'style', value: 'multimail' }, ...usualSender(old)],
  keys: [
    ...people,
    needless('environment', 'The host is known by the variables that it gives to a hook.'),
    mapped('repoName', '`refpost.repoName`', 'The same.', value => one('repoName', value)),
    ...sending,
    mapped(
      'emailPrefix',
      '`refpost.subject`',
      'Before the subject; `%(repo_shortname)s` becomes `{repository}`.',
      value => prefixed(value, { repo_shortname: 'repository' }),
    ),
    mapped('commitEmailFormat', '`refpost.html`', '`html` adds an HTML part beside the text.', value =>
      value === 'html' ? one('html', 'true') : { needless: 'mails are text' },
    ),
    mapped(
      'commitBrowseURL',
      '`refpost.commitUrl`',
      '`%(id)s`, which may be left out at the end, becomes `{id}`. `refpost.web` and `refpost.webUrl` link more than commits.',
      value => commitLink(value.includes('%(') ? value : `${value}%(id)s`, LINKED),
    ),
    needless('htmlInIntro', 'Templates are files, and HTML in values is escaped.'),
    needless('htmlInFooter', 'Templates are files, and HTML in values is escaped.'),
    needless('announceShortlog', 'A mail about a tag has it, where there is a tag before it.'),
    refused('refchangeShowGraph', 'A mail about a ref has no graph.'),
    refused('graphOpts', 'A mail about a ref has no graph.'),
    needless('refchangeShowLog', 'Commits have their own mails, and the mail about their ref lists them.'),
    refused('logOpts', 'What a mail shows of a commit is in templates, not in options of git.'),
    mapped(
      'commitLogOpts',
      '`refpost.quietPaths`',
      'Without `-p` the diff of every file is left out. Other options are refused: what a mail shows of a commit is in templates.',
      value => commitOptions(value),
    ),
    refused('diffOpts', 'The diffstat in a mail about a ref has no options.'),
    needless('dateSubstitute', 'No line of a mail can be taken for a header.'),
    mapped('emailMaxLines', '`refpost.maxSize`', 'Counted in bytes: 80 a line.', bodyLines),
    needless('emailMaxLineLength', 'Lines of any length are sent; their encoding fits into mail.'),
    needless('subjectMaxLength', 'Subjects have at most 200 characters.'),
    needless(
      'emailStrictUTF8',
      'Bytes that are not UTF-8 are read by their character set, or shown as such.',
    ),
    mapped(
      'maxCommitEmails',
      '`refpost.maxMails`',
      'For a push, not for a ref; a larger push gets one mail that lists its commits. 0 becomes 1000000.',
      value => {
        if (!/^[+-]?\d+$/.test(value))
          return { needless: 'it is no number, and git-multimail passes over it' };
        return one('maxMails', Number(value) > 0 ? String(Math.min(Number(value), 1_000_000)) : '1000000');
      },
    ),
    mapped(
      'excludeMergeRevisions',
      '`refpost.merges`',
      'Any text is true for git-multimail, also `false`; so merges get no mails.',
      value => (value === '' ? { needless: 'it is empty' } : one('merges', 'false')),
    ),
    {
      ...needless(
        'combineWhenSingleCommit',
        'A branch that goes forward by one commit has one mail about both.',
      ),
      fate: (_, old) =>
        old.truth('combineWhenSingleCommit') === false
          ? { refused: 'a branch that goes forward by one commit has one mail about both' }
          : { needless: 'a branch that goes forward by one commit has one mail about both' },
    },
    mapped(
      'refFilterInclusionRegex',
      '`refpost.refs`',
      'As patterns. What these cannot say is refused.',
      (_, old) =>
        old.last('refFilterDoSendRegex')
          ? { refused: 'patterns cannot ask for two things: refFilterDoSendRegex becomes refpost.refs' }
          : refs(old, 'refFilterInclusionRegex', 'refs'),
    ),
    mapped('refFilterExclusionRegex', '`refpost.excludeRefs`', 'As patterns.', (_, old) =>
      refs(old, 'refFilterExclusionRegex', 'excludeRefs'),
    ),
    mapped('refFilterDoSendRegex', '`refpost.refs`', 'As patterns.', (_, old) =>
      refs(old, 'refFilterDoSendRegex', 'refs'),
    ),
    mapped(
      'refFilterDontSendRegex',
      '`refpost.excludeRefs`',
      'As patterns. Commits on such refs are new where they come to others.',
      (_, old) => refs(old, 'refFilterDontSendRegex', 'excludeRefs'),
    ),
    needless('logFile', 'The worker keeps a log in the outbox.'),
    needless('errorLogFile', 'The worker keeps a log in the outbox.'),
    needless('debugLogFile', 'The worker keeps a log in the outbox.'),
    needless('verbose', 'The worker keeps a log in the outbox.'),
    needless('quiet', 'The hook prints nothing unless something is wrong.'),
    refused('stdout', 'Mails are sent. "refpost notify --dry-run" prints them.'),
    needless('fqdn', 'git-multimail does not read it.'),
  ],
};

/** Words in the address of a commit. */
const LINKED = { id: 'id', rev: 'id', rev_short: 'shortId', repo_shortname: 'repository' };

const PATCH = /^(-[pucm]|-U\d*|--patch.*|--unified.*|--cc|--diff-merges.*|--binary)$/;
const USUAL = /^(-[pucmCM]|--stat|--patch|--patch-with-stat|--summary|--cc)$/;

/** Options of `git log` for a mail about a commit. */
function commitOptions(value: string): Fate {
  const options = value.split(/\s+/).filter(option => option !== '');
  const strange = options.filter(option => !USUAL.test(option));
  const lost = strange.length > 0 ? `options that nothing stands for: ${strange.join(' ')}` : undefined;
  if (!options.some(option => PATCH.test(option))) return withoutDiffs(lost);
  return lost === undefined ? { needless: 'mails are so' } : { refused: lost };
}

function refs(old: Old, name: string, key: 'refs' | 'excludeRefs'): Fate {
  const expressions = old
    .all(name)
    .flatMap(text => text.split(/\s+/))
    .filter(text => text !== '');
  if (expressions.length === 0) return { needless: 'it is empty' };
  const patterns = expressions.map(expression => refPatterns(expression, 'search'));
  const strange = expressions.find((_, at) => patterns[at] === undefined);
  return strange === undefined
    ? one(key, patterns.flat().join(' '))
    : { refused: `no pattern of refpost.${key} means the same as ${strange}` };
}
