import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { linksOf } from '../../src/config/links.ts';
import type { Commit, Tag } from '../../src/model/commit.ts';
import type { Config } from '../../src/model/config.ts';
import type { Content } from '../../src/model/content.ts';
import type { RefMove } from '../../src/model/push.ts';
import type { RefStory } from '../../src/model/push-plan.ts';
import { alarmMail } from '../../src/render/alarm-mail.ts';
import { htmlPart } from '../../src/render/html-part.ts';
import { renderNotice } from '../../src/render/render-notice.ts';
import { loadTemplates, renderSamples } from '../../src/render/templates.ts';
import { assertGolden } from '../fixtures/golden.ts';
import { changeOf, pushOf, ZERO } from '../fixtures/nouns.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { HOME } from '../fixtures/world.ts';

const ID = 'c34f23e16'.padEnd(40, '0');
const LOSS = { bytes: 80, lines: 2 };
const PERSON = { name: 'Ada', email: 'ada@example.org', date: 'Sat Jun 1 12:00:00 2024 +0000' };
const PUSH = pushOf('20240601T120000-00000000', 0);
const CHANGE = changeOf(`${ZERO} ${ID} refs/heads/main`, 'created');

const LEAST: Commit = {
  id: ID,
  parents: [],
  tree: ID,
  author: { name: '', email: '', date: '' },
  committer: { name: '', email: '', date: '' },
  subject: '',
  message: '',
  stat: Buffer.alloc(0),
  files: [],
};
const MOST: Commit = {
  ...LEAST,
  parents: [ID, ID],
  author: PERSON,
  committer: PERSON,
  subject: 'Say hello',
  message: 'Say hello\n\nSo that somebody answers.\n\n- https://example.org/\n- two\n\nReviewed-by: Ada',
  messageLost: LOSS,
  signature: { state: 'good', signer: 'Ada' },
  stat: Buffer.from(' README | 1 +\n 1 file changed, 1 insertion(+)\n'),
  statLost: 1,
  files: [1, 0].map(more => ({
    path: Buffer.from('README'),
    text: Buffer.from('diff --git a/README b/README\n'),
    submodule: { commits: [{ change: 'added', subject: 'Say more' }], more },
    lost: LOSS,
  })),
  missing: { ...LOSS, files: 1 },
  unjudged: true,
  quiet: { named: [{ path: Buffer.from('yarn.lock'), reason: 'setting' }], more: 1 },
  noted: { objects: [{ id: ID, type: 'commit', subject: 'Say hello' }], more: 1 },
  failure: 'it was ended by SIGKILL',
};
const headlines = new Map([
  [ID, { id: ID, subject: 'Say hello', authorName: 'Ada', shortstat: '1 file changed' }],
]);

const COMMITS: readonly Content[] = [
  { commit: LEAST },
  { commit: { ...LEAST, missing: { ...LOSS, files: 0 } } },
  { commit: MOST, part: { number: 1, total: 2 } },
  { commit: MOST, part: { number: 2, total: 2 } },
  { commit: MOST, patch: Buffer.alloc(0), revision: 'r12' },
  { commit: MOST, story: { change: CHANGE, lost: [], kept: [] } },
].map(({ story, ...content }) => {
  return { notice: { kind: 'commit', commit: ID, change: CHANGE, ...(story ? { story } : {}) }, ...content };
});

const DIGESTS: readonly Content[] = (['asked', 'many'] as const).map((because, unlisted) => ({
  notice: { kind: 'digest', because, count: 2, groups: [{ change: CHANGE, commits: [ID], unlisted }] },
  headlines: unlisted ? headlines : new Map(),
}));

const MOVES: readonly RefMove[] = ['created', 'updated', 'rewound', 'forced', 'deleted'];
const TAG: Tag = { id: ID, target: ID, targetType: 'commit', message: 'Version 1', signed: true };
const MANY = Array(101).fill(ID);

function summary(story: Omit<RefStory, 'change'>, ref: string, move: RefMove, tag: Tag): Content {
  const change = changeOf(`${ID} ${ID} ${ref}`, move, ref.startsWith('refs/tags/'));
  return {
    notice: { kind: 'summary', stories: Array(story.tip ? 101 : 1).fill({ change, ...story }) },
    headlines,
    tags: change.annotated
      ? new Map([[ID, { tag, ...(story.tip ? { since: { tag: 'v0', commits: MANY } } : {}) }]])
      : new Map(),
    rewrites: new Map([['refs/heads/main', [{ fate: 'same', old: ID, new: ID, subject: 'Say hello' }]]]),
    moves: story.brings?.mailed
      ? new Map([[ref, { from: ID, added: [ID], gone: [ID], stat: ' README | 1 +' }]])
      : new Map(),
  };
}

const SUMMARIES: readonly Content[] = MOVES.flatMap(move => [
  summary({ tip: ID, lost: MANY, kept: MANY }, 'refs/tags/v1', move, {
    ...TAG,
    tagger: PERSON,
    signature: { state: 'good', signer: 'Ada' },
  }),
  summary({ lost: [], kept: [], gone: [ID] }, 'refs/tags/v1', move, TAG),
  summary({ tip: ID, lost: [], kept: [] }, 'refs/heads/main', move, TAG),
  summary(
    { tip: ID, lost: [ID], kept: [], brings: { commits: [ID], mailed: 1 } },
    'refs/heads/main',
    move,
    TAG,
  ),
  summary({ tip: ID, lost: [], kept: [], brings: { commits: MANY, mailed: 0 } }, 'refs/tags/v1', move, TAG),
]);

/** Settings of what is around a text. */
const NO_SHAPE = {
  style: 'apache',
  header: [],
  omitHeader: [],
  listPost: [],
  listArchive: [],
  listUnsubscribe: [],
  fromAuthorDomains: [],
};

/** The values that templates are rendered with, as JSON, by template, each once; lists are cut to two. */
function samples(): Record<string, string[]> {
  const seen = new Map<string, Set<string>>();
  const templates = (name: string, values: object) => {
    const two = JSON.stringify(values, (_, value) => (Array.isArray(value) ? value.slice(0, 2) : value));
    seen.set(name, (seen.get(name) ?? new Set()).add(two));
    return '';
  };
  const pusher = { name: 'ada', email: 'ada@example.org', signed: true } as const;
  const context = {
    repositoryName: 'mesos',
    host: 'git.example.org',
    audience: '',
    templates,
  };
  const changes = ['heads/main', 'tags/v1', 'notes/commits'].map(name =>
    changeOf(`${ID} ${ID} refs/${name}`),
  );
  const plan = { push: PUSH, changes, notices: [], told: new Set<string>(), leftOut: new Map() };
  for (const [webUrl, oversize, maxSize] of [
    ['https://github.com/example/project', 'truncate', 9000],
    [undefined, 'stat', 9],
  ]) {
    const config = {
      webUrl,
      oversize,
      maxSize,
      maxMails: 50,
      to: ['commits@example.org'],
      ...NO_SHAPE,
    } as unknown as Config;
    const links = linksOf(config, 'mesos');
    for (const [index, content] of [...COMMITS, ...DIGESTS, ...SUMMARIES].entries()) {
      const position = { number: 1 + (index % 2), total: 2 };
      const here = { ...context, config, ...(links ? { pusher, links } : {}) };
      const mail = renderNotice(plan, content, position, here);
      const footer = webUrl ? { footer: 'Mail from git\nhttps://git.example.org/' } : {};
      for (const limit of index === 2 ? [0, 1] : [1])
        htmlPart(plan, content, position, here, { ...mail, ...footer }, { limit, sizeOf: () => 1 });
    }
    const administrator = 'postmaster@example.org';
    const recipients = Array(11).fill({ address: administrator, reply: '550 no' });
    const mails = Array(51).fill({ number: 1, subject: 'Say hello', recipients });
    const named = webUrl ? { audience: 'docs' } : {};
    const alarms = [
      { kind: 'given-up', ...named, entry: 1, push: PUSH.id, refs: [CHANGE.ref], mails },
      { kind: 'damaged', entry: 1, push: PUSH.id, reason: 'it is cut short' },
      { kind: 'held', reason: { what: 'it is wrong', remedy: 'correct it' } },
      { kind: 'waiting', status: status(0) },
      { kind: 'waiting', status: status(1) },
    ] as const;
    for (const alarm of alarms) alarmMail(alarm, PUSH, administrator, { ...context, config });
  }
  return Object.fromEntries([...seen].map(([name, all]) => [name, [...all]]));
}

function status(words: number) {
  const last = { at: 0, words: '421 later' };
  return {
    spool: '/srv/git/mesos.git/refpost',
    at: 1,
    worker: { state: 'none', startedBy: 'hook' },
    recorded: 1,
    queued: { pushes: 1, mails: 1 },
    deferred: 1,
    givenUp: { pushes: 0, mails: 0 },
    unreadable: 0,
    held: [],
    transports: [],
    mirrors: [],
    ...(words > 0 ? { oldest: 0, lastError: last } : {}),
    warnAfter: 1,
    troubles: [],
    waitingFor: last.words,
  } as const;
}

test('the sample has the values that templates get', () => {
  const lists = Object.entries(samples()).map(([name, all]) => `"${name}": [\n${all.join(',\n')}\n]`);
  assertGolden('../../templates/sample.json', `{${lists.join(',\n')}}\n`);
});

for (const style of ['apache', 'multimail', 'modern']) {
  test(`the templates of the style ${style} take all that a mail can have`, async () => {
    const folders = [style, 'apache'].map(name => join(HOME, 'templates', name));
    renderSamples(await loadTemplates(folders), join(HOME, 'templates'));
  });
}

const BUILT_IN = join(HOME, 'templates', 'apache');

/** The templates that come with refpost, one of them replaced. */
async function loaded(t: TestContext, name: string, text: string | Buffer) {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, `${name}.hbs`), text);
  return loadTemplates([folder, BUILT_IN]);
}

const FAULTS: readonly [name: string, text: string | Buffer, sentence: RegExp][] = [
  ['subject', '{{repo}} {{subject}}', /subject\.hbs cannot be used: line 1: there is no variable "repo"$/],
  [
    'preamble',
    '{{#each tags}}\n{{sort}}{{/each}}',
    /preamble\.hbs cannot be used: line 2: there is no variable "sort"$/,
  ],
  ['commit', '{{message}}\n{{links.commit}}', /commit\.hbs .* line 2: "commit" is asked of something/],
  ['commit', '{{author.name}}', /commit\.hbs .* there is no variable "name"$/],
  ['summary', '{{#each stories}}{{#if deleted}}{{by}}{{/if}}{{/each}}', /summary\.hbs .* no variable "by"$/],
  ['digest', '{{#if asked}}{{else}}{{most}}{{/if}}', /digest\.hbs .* no variable "most"$/],
  ['administrator', '{{#if waiting}}{{uptime}}{{/if}}', /administrator\.hbs .* no variable "uptime"$/],
  ['commit.html', '{{heading}}{{headline}}', /commit\.html\.hbs .* no variable "headline"$/],
  ['head.html', '{{title}}\n{{foot}}', /head\.html\.hbs .* line 2: there is no variable "foot"$/],
  ['line.html', '{{#each this}}{{html}}{{/each}}', /line\.html\.hbs .* no variable "html"$/],
  ['summary.html', '{{#each stories}}{{fate}}{{/each}}', /summary\.html\.hbs .* no variable "fate"$/],
  [
    'commit',
    '{{#if stat}}\n{{stat}}',
    /commit\.hbs cannot be used: line 2: it is broken off or misspelt after/,
  ],
  ['commit', '{{#if stat}}{{/each}}', /commit\.hbs cannot be used: line 1: if doesn't match each$/],
  ['commit', '{{shout message}}', /there is no helper "shout"$/],
  ['commit', '{{> footer}}', /there is no template "footer" to include$/],
  ['commit', Buffer.from('\ufeffmessage', 'utf16le'), /commit\.hbs is not text in UTF-8$/],
  ['commit', Buffer.from('caf\xe9', 'latin1'), /commit\.hbs is not text in UTF-8$/],
];

for (const [name, text, sentence] of FAULTS) {
  test(`the sample finds what is wrong in ${name}.hbs: ${JSON.stringify(text.toString('latin1'))}`, async t => {
    const render = async () => renderSamples(await loaded(t, name, text), join(HOME, 'templates'));
    await assert.rejects(render, { message: sentence });
  });
}

test('what an editor on Windows writes into a template does not come into a mail', async t => {
  const templates = await loaded(
    t,
    'subject',
    '\ufeff{{#if forced}}\r\nforced\r\n{{/if}}\r\n{{subject}}\r\n',
  );
  assert.equal(templates('subject', { forced: true, subject: 'Say hello' }), 'forced\nSay hello\n');
});
