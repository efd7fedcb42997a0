import type { Cases } from './case.ts';
import type { CommitParts, Scene } from './scene.ts';

const MAIN = 'refs/heads/main';

/** No key made it: it stands where a signature stands. */
const SIGNATURE = [
  'gpgsig -----BEGIN PGP SIGNATURE-----',
  ' ',
  ' iHUEABYKAB0WIQRmYWtlc2lnbmF0dXJlZmFrZXNpZ25hdHVyZQAKCRA=',
  ' =fake',
  ' -----END PGP SIGNATURE-----',
];

/** A push of one commit for each message, on top of a first one. */
function messages(scene: Scene, ...messages: readonly (string | Buffer | null)[]): void {
  scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
  const ids = messages.map(message => scene.commit(message));
  scene.moves(MAIN, ids.at(-1) ?? null);
}

/** A push of one commit for each of the parts, which the commit's title names. */
function odd(scene: Scene, ...commits: readonly (readonly [string, CommitParts])[]): void {
  scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
  const ids = commits.map(([title, parts]) => scene.commit(title, {}, parts));
  scene.moves(MAIN, ids.at(-1) ?? null);
}

const FILE = 'One.\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven.\nEight.\nNine.\n';

/** Two branches from one file, whose commits are known, and what main makes of them. */
function branches({ commit, stands }: Scene, ...changes: readonly (readonly [string, string])[]): string[] {
  const base = commit('Start the project', { file: FILE });
  return changes.map(([from, to], at) => {
    const id = commit(`Change ${at + 1}`, { file: FILE.replace(from, to) }, { parents: [base] });
    stands(at === 0 ? MAIN : `refs/heads/topic-${at}`, id);
    return id;
  });
}

/** Merges, and commits without what a commit has. */
export const commitCases: Cases = {
  'merge-clean: the stat tells what it brought to its first parent, and there is nothing to decide':
    scene => {
      const parents = branches(scene, ['One', 'The first'], ['Nine', 'The last']);
      const file = FILE.replace('One', 'The first').replace('Nine', 'The last');
      scene.moves(MAIN, scene.commit("Merge branch 'topic-1'", { file }, { parents }));
    },

  'merge-with-conflicts: the diff tells how they were resolved': scene => {
    const parents = branches(scene, ['Five', 'Fifth'], ['Five', 'V']);
    const file = FILE.replace('Five', 'Fifth (V)');
    scene.moves(
      MAIN,
      scene.commit("Merge branch 'topic-1'\n\n# Conflicts:\n#\tfile\n", { file }, { parents }),
    );
  },

  'merge-evil: it changes what neither parent has, adds a file and removes another': scene => {
    const { commit } = scene;
    const base = commit('Start the project', { file: FILE, gone: 'Here.\n' });
    const one = commit('Change 1', { file: FILE.replace('One', 'The first') }, { parents: [base] });
    const two = commit('Change 2', { file: FILE.replace('Nine', 'The last') }, { parents: [base] });
    scene.stands(MAIN, one);
    scene.stands('refs/heads/topic', two);
    const file = FILE.replace('One', 'The first').replace('Nine', 'The last').replace('Five', '5');
    const files = { file, new: 'From the merge alone.\n', gone: null };
    scene.moves(MAIN, commit("Merge branch 'topic'", files, { parents: [one, two] }));
  },

  'merge-ours: nothing of the other side is taken': scene => {
    const parents = branches(scene, ['One', 'The first'], ['Nine', 'The last']);
    scene.moves(MAIN, scene.commit("Merge branch 'topic-1' (ours)", {}, { parents }));
  },

  'merge-of-binaries-and-modes: what a combined diff can say of them': scene => {
    const { commit } = scene;
    const bytes = (last: number) => Buffer.from([0, 1, 2, last]);
    const mode = (mode: string) => ({ mode, bytes: Buffer.from('#!/bin/sh\n') });
    const base = commit('Start the project', { image: bytes(3), run: mode('100644'), 'größe\t': 'One.\n' });
    const one = commit('Change 1', { image: bytes(4), 'größe\t': 'Two.\n' }, { parents: [base] });
    const two = commit('Change 2', { image: bytes(5), 'größe\t': 'Three.\n' }, { parents: [base] });
    scene.stands(MAIN, one);
    scene.stands('refs/heads/topic', two);
    const files = { image: bytes(6), run: mode('100755'), 'größe\t': 'Four.\n' };
    scene.moves(MAIN, commit("Merge branch 'topic'", files, { parents: [one, two] }));
    scene.settings('linkBase=https://git.example.org/project');
  },

  'merge-octopus: of four branches, one line of which all changed': scene => {
    const parents = branches(scene, ['Five', 'Fifth'], ['Five', 'V'], ['Five', '5'], ['Five', '101']);
    const file = FILE.replace('Five', 'Five in every way');
    const title = "Merge branches 'topic-1', 'topic-2' and 'topic-3'";
    scene.moves(MAIN, scene.commit(title, { file }, { parents }));
  },

  'merge-with-itself: twice the same parent, as scripts make it': scene => {
    const [one] = branches(scene, ['One', 'The first']) as [string];
    const files = { file: FILE.replace('One', 'First') };
    scene.moves(MAIN, scene.commit('Merge main into itself', files, { parents: [one, one] }));
  },

  'roots-and-empty-commits: a first commit without files, an empty one, and a second root': scene => {
    const { commit, moves } = scene;
    commit('Start with nothing');
    commit('An empty commit', {});
    const main = commit('Add a file', { README: 'A project.\n' });
    const other = commit('Start elsewhere', { LICENSE: 'Free.\n' }, { parents: [] });
    moves(MAIN, commit('Join them', { LICENSE: 'Free.\n' }, { parents: [main, other] }));
  },

  'message-missing: none, an empty one, blanks alone': scene =>
    messages(scene, null, '', '\n\n', ' \t \n \n', '\u00a0\u3000'),

  'message-lines: blank lines around it, a subject over several lines, CRs and NULs': scene =>
    messages(
      scene,
      '\n\n  Behind blank lines  \n\n\n\nA second paragraph.\n\n\n\n',
      'A subject that goes on\nover several\n\tlines \nand ends here\n\nText.',
      'From Windows\r\n\r\nWith line ends\r\nof its own.\r\n',
      'From an old Mac\r\rWith others.\r',
      'Something\0 behind a NUL\n\nAnd below it.\n',
    ),

  'message-like-a-mail: lines that mean something to who reads mails and diffs': scene =>
    messages(
      scene,
      `From ada Thu Jan  1 00:00:00 1970

From here on
>From there
>>From everywhere
.
..
Subject: Another subject
Bcc: eve@example.org

--boundary
Content-Type: text/html

----------------------------------------------------------------------
 README | 1 -
----------------------------------------------------------------------

---
diff --git a/README b/README
--- a/README
+++ b/README
@@ -1 +1 @@
-A project.
+A trap.
-- 
2.39.5
`,
    ),

  'message-like-a-template: what templates, shells, formats and browsers would take for theirs': scene =>
    messages(
      scene,
      "{{author}} {{{id}}} {{> preamble}} $& $' $1 $id $(id) `id` %s %x00 %H\n\n{{#each files}}{{diff}}{{/each}}\n\\{{message}}\n\\n \\u0000 \\\\\n",
      '<b>Bold</b> & <script>alert(1)</script>\n\n<img src="https://example.org/x.png"> &amp; <!--\n',
    ),

  'message-invisible: escapes, overrides and characters without width': scene =>
    messages(
      scene,
      'Clear \x1b[2J the \x07 screen\u202e desrever\n\n\x1b]0;title\x07\x9b31m\nabc\b\b\bdef\n\fNew page\vTab\n',
      '\u200b\u2060\ufeff',
      'Zero\u200bwidth, soft\u00adhyphen, \u2066isolated\u2069, tagged\u{e0041}, line\u2028and paragraph\u2029\u0085',
    ),

  'subject-long: cut in the header, whole in the body': scene =>
    messages(scene, `${'Five thousand characters are too many. '.repeat(129)}\n\nThat was the subject.\n`),

  'subject-long-without-blanks: no place to fold it, in one script and another': scene =>
    messages(scene, 'x'.repeat(1000), '長'.repeat(300), '👩‍💻'.repeat(90)),

  'message-huge: of two megabytes, cut where the mail is full': scene => {
    messages(scene, `A long story\n\n${'And then something happened.\n'.repeat(75_000)}`);
    scene.settings('maxSize=4000');
  },

  'author-odd: no name, no address, neither, and more brackets than two': scene =>
    odd(
      scene,
      ['No name', { author: '<ada@example.org>', committer: ' <carl@example.org>' }],
      ['No address', { author: 'Ada <>' }],
      ['Neither', { author: ' <>', committer: '<>' }],
      ['Brackets in a name', { author: 'A <d> a <ada@example.org>' }],
      ['Brackets in an address', { author: 'Ada <<ada@example.org>>' }],
      ['No brackets', { author: 'Ada ada@example.org' }],
      ['Nobody', { author: null, committer: null }],
      ['A blank address', { author: 'Ada < >' }],
    ),

  'dates-odd: before 1970, after 2038 and 2100, far away': scene => {
    const at = (date: string) => ({ authored: date, committed: date });
    odd(
      scene,
      ['The moon', at('-14182980 +0000')],
      ['The epoch', at('0 +0000')],
      ['The end of 32 bits', at('2147483648 +0000')],
      ['The next century', at('4102444800 +0000')],
      ['Far away', at('99999999999 +0000')],
      ['Beyond the calendar', at('9223372036854775807 +0000')],
      ['Beyond 64 bits', at('99999999999999999999999 +0000')],
    );
  },

  'dates-broken: missing, garbage, zones that are none': scene => {
    const at = (date: string | null) => ({ authored: date, committed: date });
    odd(
      scene,
      ['No date', at(null)],
      ['No zone', at('1704110400')],
      ['Words', at('yesterday at noon')],
      ['An odd zone', at('1704110400 +9999')],
      ['A quarter of an hour', at('1704110400 +0545')],
      ['A named zone', at('1704110400 CEST')],
      ['No number', at('+0100')],
    );
  },

  'header-more: signatures and fields that are not shown': scene =>
    odd(
      scene,
      ['A signed commit', { headers: SIGNATURE }],
      [
        'A commit of another program',
        { headers: ['HG:extra rebase_source:123', 'Bcc: eve@example.org', 'message No'] },
      ],
    ),

  'mailmap: names and addresses as the project has them now': ({ commit, stands, moves }) => {
    const mailmap =
      'Ada Lovelace <countess@example.org> <ada@example.org>\nEve\x1b[31m <eve@example.org> <carl@example.org>\n';
    stands(MAIN, commit('Start the project', { '.mailmap': mailmap }));
    moves(MAIN, commit('Go on', { README: 'A project.\n' }));
  },
};
