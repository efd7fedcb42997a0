import type { Cases } from './case.ts';
import type { Scene } from './scene.ts';

const MAIN = 'refs/heads/main';

/** A push of one commit for each author. */
function authors(scene: Scene, ...authors: readonly (string | Buffer)[]): void {
  scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
  const ids = authors.map(author => scene.commit('Trust me', {}, { author }));
  scene.moves(MAIN, ids.at(-1) ?? null);
}

/** A push of one commit for each message. */
function subjects(scene: Scene, ...subjects: readonly string[]): void {
  scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
  const ids = subjects.map(subject => scene.commit(subject));
  scene.moves(MAIN, ids.at(-1) ?? null);
}

/** A push that makes branches, tags and other refs of these names. */
function refs(scene: Scene, ...names: readonly string[]): void {
  scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
  const next = scene.commit('Go on');
  for (const name of names) scene.moves(name, next);
}

/** Commits that say little good; the last one. */
function oddCommits({ commit }: Scene, parent: string): string {
  const latin1 = Buffer.from('Grüße\n', 'latin1');
  commit('{{count}} \x1b[2J\u202e $& <b>\rBcc: x', {}, { parents: [parent] });
  commit(latin1, {}, { author: Buffer.from('Jürgen\rX <j@example.org>', 'latin1') });
  commit('', {}, { author: null });
  commit('x'.repeat(400), {}, { author: `${'Ada '.repeat(100)}<ada@example.org>` });
  commit('こんにちは\n世界\n', {}, { headers: ['encoding UTF-8'], author: '山田 <taro@example.org>' });
  return commit(' 1 file changed, 2 insertions(+)', { file: 'One.\n' }, { author: ' <>' });
}

/** What strangers can write to get a header, a recipient, a command or a lie into a mail. */
export const hostileCases: Cases = {
  'author-injects-headers: line ends of every kind, and encoded ones': scene =>
    authors(
      scene,
      'Eve\rBcc: victim@example.com <eve@example.org>',
      'Eve\x0b\x0cBcc: victim@example.com\u0085\u2028Bcc: x <eve@example.org>',
      '=?utf-8?q?Eve=0D=0ABcc:_victim@example.com?= <eve@example.org>',
      'Eve %0d%0aBcc: victim@example.com &#10; <eve@example.org>',
    ),

  'author-names-a-second-address: by commas, brackets, quotes and comments': scene =>
    authors(
      scene,
      'Ada, victim@example.com <eve@example.org>',
      '"Ada" victim@example.com, Eve <eve@example.org>',
      'Ada\\" victim@example.com, \\"Eve <eve@example.org>',
      'Ada (a comment <eve@example.org>',
      'Group: victim@example.com; <eve@example.org>',
      'victim@example.com <eve@example.org>',
    ),

  'author-invisible: a name that reads as another one': scene =>
    authors(
      scene,
      'Ada \u202egro.elpmaxe@ada\u202c <eve@example.org>',
      'A\u200bda \u{e0041} <eve@example.org>',
      'Eve \x1b[1A\x1b[2KAda <eve@example.org>',
      `${'Ada '.repeat(300)}<eve@example.org>`,
    ),

  'author-endless: names and addresses that are cut say so, wherever they are read': scene => {
    const endless = `${'長い'.repeat(1500)} <${'eve.'.repeat(900)}@example.org>`;
    scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
    scene.commit('As git prints it', {}, { author: endless, committer: endless });
    const odd = { author: endless, committer: endless, headers: ['encoding UTF-16'] };
    const tip = scene.commit('As it stands in the object', {}, odd);
    scene.moves(MAIN, tip);
    scene.moves('refs/tags/v1', scene.tag('v1', tip, 'One\n', { tagger: `${endless} 1704110400 +0000` }));
  },

  'address-injects: in the address what headers and envelopes must not have': scene =>
    authors(
      scene,
      'Eve <eve@example.org, victim@example.com>',
      'Eve <eve@example.org\rBcc: victim@example.com>',
      'Eve <"eve victim@example.com"@example.org>',
      'Eve <eve@example.org (victim@example.com)>',
      'Eve <@relay.example:eve@example.org>',
      'Eve <eve@[127.0.0.1]>',
      'Eve <eve%victim.example@example.org>',
    ),

  'address-odd: valid, long, of another script, or none': scene =>
    authors(
      scene,
      'Jörg <jörg@münchen.example>',
      'Jörg <joerg@xn--mnchen-3ya.example>',
      `Long <${'x'.repeat(65)}@example.org>`,
      `Long <x@${'x.'.repeat(130)}example.org>`,
      'Root <root>',
      'Eve <eve@example.org\u200b>',
    ),

  'subject-injects: headers, encoded words, and what threads and filters look at': scene =>
    subjects(
      scene,
      'Subject\rBcc: victim@example.com\x0b\x0cX: y\u2028Z: z',
      '=?utf-8?q?Hello=0D=0ABcc:_victim@example.com?= =?utf-8?b?SGk=?=',
      `${' '.repeat(1000)}x\t${'\t'.repeat(1000)}y`,
      'Re: [PATCH] [5/9] other git commit: Not from here [Forced Update!]',
      '',
    ),

  'ref-names-like-words: names that options, shells and templates would take for theirs': scene =>
    refs(
      scene,
      'refs/heads/--upload-pack=touch',
      'refs/heads/-n',
      'refs/heads/$(id);`id`|\'"&<b>#%s%00',
      'refs/heads/{{>preamble}}',
      'refs/heads/=?utf-8?q?Eve?=',
      'refs/heads/HEAD',
      'refs/heads/refs/heads/main',
      'refs/heads/1234567890123456789012345678901234567890',
      'refs/tags/--help',
      'refs/tags/main',
    ),

  'ref-names-in-scripts: letters of the world, and what hides among them': scene =>
    refs(
      scene,
      'refs/heads/größe/日本語',
      'refs/heads/עברית',
      'refs/heads/👩‍💻',
      'refs/heads/safe\u202etxt.exe',
      'refs/heads/ma\u200bin',
      'refs/heads/line\u2028separator\u0085',
      `refs/tags/${'long-'.repeat(50)}`,
    ),

  'tag-hostile: an object whose fields lie and whose message draws on the screen': scene => {
    const commit = scene.commit('Start the project', { README: 'A project.\n' });
    scene.stands(MAIN, commit);
    const tag = (...lines: readonly string[]) => scene.object('tag', lines.map(line => `${line}\n`).join(''));
    const head = (name: string) => [`object ${commit}`, 'type commit', `tag ${name}`];
    const eve = 'tagger Eve\x1b[2J\rBcc: x\u202e <eve@example.org> 1704110400 +0100';
    const text = ['', '{{tag}} \x1b[31mred\u202e', 'From ada', '.', '-----BEGIN PGP SIGNATURE-----'];
    scene.moves('refs/tags/a', tag(...head('b\x07'), eve, ...text));
    scene.moves('refs/tags/c', tag(...head('c'), 'tagger <> 99999999999999 +9999', '', 'A late one'));
    scene.moves('refs/tags/d', tag(...head('d'), 'tagger nobody at all', 'object 0'));
  },

  'repository-name-odd: quotes, brackets, templates and encoded words': scene => {
    scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
    scene.moves(MAIN, scene.commit('Go on', {}, { author: ' <>' }));
    scene.settings('repoName="Größe" <eve@example.org>, {{counter}} =?utf-8?q?x?= \u202eab $& [1/2]');
  },

  'digest-of-odd-commits: what is listed is shown as carefully as what is mailed': scene => {
    const base = scene.commit('Start the project', { README: 'A project.\n' });
    scene.stands(MAIN, base);
    scene.moves(MAIN, oddCommits(scene, base));
    scene.settings('maxMails=1');
  },

  'forced-over-odd-commits: so is what was lost': scene => {
    const base = scene.commit('Start the project', { README: 'A project.\n' });
    scene.stands(MAIN, oddCommits(scene, base));
    scene.moves(MAIN, scene.commit('Go another way', { file: 'Two.\n' }, { parents: [base] }));
  },
};
