import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { composeForWire } from '../src/delivery/compose.ts';
import { mailsOf } from '../test/fixtures/mails.ts';
import { ZERO } from '../test/fixtures/nouns.ts';
import { gitEnvironment, temporaryFolder } from '../test/fixtures/repository.ts';
import { type CleanUps, Impossible, type Trial } from '../test/fixtures/trials.ts';

/** Pushes to the repository that git-multimail's own tests make: each ref, its old value and its new one; `=` is what it has there, `-` nothing. */
const PUSHES = [
  'heads/master - =',
  'heads/master master^^ =',
  'heads/master master^ =',
  'heads/master foo =',
  'heads/master feature =',
  'heads/master = -',
  'heads/master = master^^',
  'heads/master = feature',
  'heads/master = master^',
  'heads/release release^^^^ =',
  'heads/release release^ =',
  'heads/release = release^^',
  'heads/feature - =',
  'heads/feature feature^^^ =',
  'heads/feature = feature^^^',
  'heads/feature = -',
  'heads/formatting formatting^^^ =',
  ...['remotes/remote', 'foo/bar'].flatMap(ref => [`${ref} - =`, `${ref} master =`, `${ref} = -`]),
  ...['tag', 'tag-annotated', 'tag-annotated-new-content', 'tree-tag', 'recursive-tag'].flatMap(tag =>
    ['- =', 'master =', '= -'].map(values => `tags/${tag} ${values}`),
  ),
  'heads/master - =, heads/feature - =, heads/release release^^ =, tags/tag-annotated - =, foo/bar - =',
  'heads/release = -, heads/master master^ =, tags/tag = -, heads/formatting - =, tags/tag-annotated-new-content - =',
];

interface Settings {
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
}

/** Who hears what: all one list, or commits and refs two of them; and no more mails of commits than three. */
const LISTS: Readonly<Record<string, Settings>> = {
  'one list': { theirs: ['mailinglist=commits@example.org'], ours: [] },
  'two lists': {
    theirs: [
      'commitlist=commits@example.org',
      ...['refchange', 'announce'].map(of => `${of}list=refs@example.org`),
    ],
    ours: ['kinds=commit', 'list.to=refs@example.org', 'list.kinds=branch tag'],
  },
};

const THEIRS = ['environment=gitea', 'from=From <from@example.org>'];
const OURS = ['style=multimail', 'refs=refs', 'from=From <from@example.org>'];
/** Both know of Gitea. */
const PUSHER = {
  GITEA_PUSHER_NAME: 'pushuser',
  GITEA_PUSHER_EMAIL: 'pushuser@example.org',
  GITEA_REPO_NAME: 'test-repo',
};

/** Differences that are meant, by their start. */
const MEANT: Readonly<Record<string, string>> = {
  'content-transfer-encoding: 8bit': 'not every server takes it',
  'x-git-host': 'the name that refpost has for this host; multimailhook.fqdn has no effect',
  'x-git-multimail-version': 'it was not git-multimail',
  'thread-topic: none': 'Outlook goes by it',
  'x-git-pusher: none': 'a field of its own',
  'precedence: none': 'vacation programs go by it',
  'x-patchwork-hint: none': 'patchwork takes [test-repo] 01/02 for a patch under review',
  'list of commits:       at 902dfe1  a5':
    'what several refs of a push bring is new to the one whose thread tells of it',
  'thread: a mail that was not sent':
    'the summary went to another list: its first commit starts the thread there',
};

/** The mails of both programs about the same pushes, field by field. What is different is shown, and must be meant. */
export const multimail: Trial = {
  programs: ['python3'],
  packages: ['python3'],
  async play(t) {
    const copy = process.env.GIT_MULTIMAIL;
    if (copy === undefined)
      throw new Impossible('not compared: GIT_MULTIMAIL names no copy of git-multimail');
    if (!existsSync(programOf(copy))) throw new Impossible(`not compared: there is no ${programOf(copy)}`);
    const found: string[] = [];
    let count = 0;
    for (const [lists, settings] of Object.entries(LISTS))
      for (const push of PUSHES) {
        const { theirs, ours } = await mailsOfBoth(t, copy, push, settings);
        count += theirs.length;
        found.push(...differences(theirs, ours).map(words => `${words}\n    (${lists}, ${push})`));
      }
    for (const [start, reason] of Object.entries(MEANT))
      console.log(`  ${start}: ${found.filter(one => one.startsWith(start)).length} times: ${reason}`);
    const others = found.filter(one => !Object.keys(MEANT).some(start => one.startsWith(start)));
    if (others.length > 0) throw new Error(`${others.length} differences\n  ${others.join('\n  ')}`);
    return `${count} mails are the same but for that`;
  },
};

function programOf(copy: string): string {
  return join(copy, 'git-multimail', 'git_multimail.py');
}

async function mailsOfBoth(t: CleanUps, copy: string, push: string, settings: Settings) {
  const folder = temporaryFolder(t);
  const env = { ...gitEnvironment(PUSHER), LC_ALL: 'C.UTF-8', SHARNESS_TEST_DIRECTORY: join(copy, 't') };
  execFileSync('sh', [join(copy, 't', 'create-test-repo')], { env, cwd: folder, stdio: 'pipe' });
  const repository = join(folder, 'test-repo.git');
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: repository, env }).toString().trim();
  git('checkout', '-q', '--detach', 'master');
  const updates = push.split(', ').map(update => {
    const [name = '', ...values] = update.split(' ');
    const [old, fresh] = values.map(value => {
      return value === '-' ? ZERO : git('rev-parse', value === '=' ? `refs/${name}` : value);
    });
    return { ref: `refs/${name}`, old, fresh };
  });
  for (const { ref, fresh = ZERO } of updates)
    git('update-ref', ...(fresh === ZERO ? ['-d', ref] : [ref, fresh]));
  const lines = updates.map(({ ref, old, fresh }) => `${old} ${fresh} ${ref}`);
  const theirs = await theirMails(folder, lines, copy, settings, env);
  const known = { environment: PUSHER };
  const mails = await mailsOf(
    { folder: join(repository, '.git') },
    lines,
    [...OURS, ...settings.ours],
    known,
  );
  const ours = await Promise.all(mails.map(mail => PostalMime.parse(composeForWire(mail).bytes)));
  return { theirs, ours };
}

/** By a sendmail that keeps each mail in a file. */
async function theirMails(
  folder: string,
  lines: readonly string[],
  copy: string,
  { theirs }: Settings,
  env: NodeJS.ProcessEnv,
): Promise<Email[]> {
  const [sent, sendmail, cwd] = ['sent', 'sendmail', 'test-repo.git'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(sent);
  writeFileSync(sendmail, `#!/bin/sh\ncat >${sent}/$(printf %03d $(ls ${sent} | wc -l))\n`);
  chmodSync(sendmail, 0o755);
  execFileSync('git', ['config', '--remove-section', 'multimailhook'], { cwd, env });
  for (const setting of [...THEIRS, ...theirs, `sendmailcommand=${sendmail}`]) {
    const [key = '', value = ''] = setting.split(/=(.*)/s);
    execFileSync('git', ['config', `multimailhook.${key}`, value], { cwd, env });
  }
  execFileSync('python3', [programOf(copy)], { cwd, env, input: `${lines.join('\n')}\n`, stdio: 'pipe' });
  const files = readdirSync(sent).sort();
  return Promise.all(files.map(file => PostalMime.parse(readFileSync(join(sent, file)))));
}

/** `field: theirs -> ours` */
function differences(theirs: readonly Email[], ours: readonly Email[]): string[] {
  const subjects = (mails: readonly Email[]) => mails.map(({ subject }) => `\n    ${subject}`).join('');
  const missing = theirs.filter(mail => !ours.some(own => matterOf(own) === matterOf(mail)));
  const more = ours.filter(own => !theirs.some(mail => matterOf(own) === matterOf(mail)));
  return [
    ...(missing.length + more.length > 0 ? [`missing:${subjects(missing)}\n  more:${subjects(more)}`] : []),
    ...theirs.flatMap(mail => {
      const own = ours.find(one => matterOf(one) === matterOf(mail));
      if (!own) return [];
      const [one, another] = [factsOf(mail, theirs), factsOf(own, ours)];
      const fields = new Set([...Object.keys(one), ...Object.keys(another)]);
      return [...fields].flatMap(field => {
        const [before, after] = [one[field] ?? 'none', another[field] ?? 'none'];
        return before === after ? [] : [`${field}: ${before} -> ${after}`];
      });
    }),
  ];
}

/** By which each mail of a push is known. */
function matterOf({ headers }: Email): string {
  const names = ['x-git-refname', 'x-git-rev', 'x-git-notificationtype'];
  return names.map(name => headers.find(({ key }) => key === name)?.value).join(' ');
}

/** Fields that are of the moment, or of the program; In-Reply-To is looked at as the thread. */
const VARYING = ['date', 'message-id', 'in-reply-to', 'references', 'thread-index', 'mime-version'];

function factsOf(mail: Email, all: readonly Email[]): Readonly<Record<string, string>> {
  const { headers, replyTo, inReplyTo, text = '' } = mail;
  const fields = headers.filter(({ key }) => !VARYING.includes(key));
  const root = all.find(({ messageId }) => messageId !== undefined && messageId === inReplyTo);
  const ofList = all.filter(one => JSON.stringify(one.to) === JSON.stringify(mail.to));
  const isOfList = root !== undefined && ofList.includes(root);
  return {
    ...Object.fromEntries(fields.map(({ key, value }) => [key, value])),
    // With a name or without.
    'reply-to': (replyTo ?? []).map(({ address }) => address).join(),
    order: `${ofList.indexOf(mail) + 1} of ${ofList.length}`,
    thread: isOfList ? (root.subject ?? '') : inReplyTo ? 'a mail that was not sent' : 'starts one',
    'list of commits': linesOf(text).join('\n    '),
    commit: between(text, /^commit [0-9a-f]{40}/m, /^---$|^diff /m),
    diff: between(text, /^diff --git /m, /^-- $/m),
  };
}

/** What stands in a column beside an object: of the old value of a tag git-multimail has the type besides. */
function linesOf(text: string): string[] {
  const isListed = /^ *(new|add|discard|omit|from|at|was|to|tagging|tag was|replaces) +[0-9a-f]{7}/;
  return text
    .split('\n')
    .filter(line => isListed.test(line))
    .map(line => line.replace(/^( +from [0-9a-f]{7}) +\((commit|tag|tree)\)$/, '$1'));
}

function between(text: string, from: RegExp, to: RegExp): string {
  const rest = text.slice(Math.max(0, text.search(from)));
  const end = rest.search(to);
  return from.test(text) ? rest.slice(0, end < 0 ? undefined : end).trimEnd() : '';
}
