import { encoder } from '../fixtures/encoder.ts';
import type { Cases } from './case.ts';
import { type Content, program, type Scene } from './scene.ts';

const MAIN = 'refs/heads/main';
const shiftJis = encoder('Shift_JIS');

/** A push of one commit that adds files of these paths and one that changes them. */
function paths(scene: Scene, paths: readonly (string | Buffer)[]): void {
  const files = (content: Content) => paths.map(path => [Buffer.from(path), content] as const);
  scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
  scene.commit('Add the files', files('One.\n'));
  scene.moves(MAIN, scene.commit('Make them executable', files(program('One.\n'))));
}

/** Names that git allows and people rarely choose. */
export const pathCases: Cases = {
  'paths-quoted: quotes, backslashes and control bytes': scene => {
    paths(scene, [
      'a"quote',
      "an'apostrophe",
      'back\\slash',
      'line\nend',
      'tab\there',
      'esc\x1b[31mred',
      'bell\x07\x08\x01del\x7f',
      'carriage\rreturn',
    ]);
    scene.settings('linkBase=https://git.example.org/project');
  },

  'paths-invisible: what shows nothing, or reorders the rest': scene =>
    paths(scene, [
      'access\u202etxt.exe',
      'zero\u200bwidth',
      'next\u0085line',
      'line\u2028separator',
      'no\u00a0break',
      'soft\u00adhyphen',
    ]),

  'paths-with-blanks: at both ends, and in the way of who reads a diff': scene => {
    paths(scene, [' leading', 'trailing ', 'two  blanks', 'a b/a b', 'b/a/b', ' b/ ', '\u3000wide']);
    scene.settings('linkBase=https://git.example.org/project');
  },

  'paths-with-dashes: names that look like options': scene =>
    paths(scene, ['-n', '--', '--help', '--output=x', '--upload-pack=x/-rf', ':(exclude)x', '@', '~']),

  'paths-not-utf-8: Latin-1, Shift_JIS and rubbish': scene => {
    paths(scene, [
      Buffer.from('Grüße.txt', 'latin1'),
      shiftJis('ファイルの名前.txt'),
      Buffer.concat([Buffer.from('ordner/übel/'), Buffer.from('größe', 'latin1')]),
      Buffer.from([0x78, 0xff, 0xfe, 0x80, 0x78]),
    ]);
    scene.settings('linkBase=https://git.example.org/project');
  },

  'paths-like-headers: names that look like lines of a mail, of a diff or of a program': scene => {
    paths(scene, [
      'Subject: Hello',
      'diff --git a',
      '+++ b',
      '@@ -1 +1 @@',
      'rename to x',
      '{{> preamble}}',
      '<b>&amp;',
      '$(id);`id`',
      "%x00%H$&$'",
      '=?utf-8?q?Eve?=',
      'x => y',
    ]);
    scene.settings('linkBase=https://git.example.org/project');
  },

  'paths-renamed: from one odd name to another': ({ commit, stands, moves, settings }) => {
    const text = (name: string) => `This is the file ${name}.\nIt is long enough to be known again.\n`;
    const files = (names: readonly string[]) =>
      names.map((name, at) => [Buffer.from(name), text(`${at}`)] as const);
    const old = ['x b/y', 'old\nline', 'alt/größe', 'plain', 'folder/deep/file'];
    stands(MAIN, commit('Start the project', files(old)));
    const gone = old.map(name => [Buffer.from(name), null] as const);
    const fresh = ['y b/x', 'new\tline', 'neu/größe', 'to be => or not', 'folder/deeper/file'];
    moves(MAIN, commit('Rename the files', [...gone, ...files(fresh)]));
    settings('linkBase=https://git.example.org/project');
  },

  'paths-very-long: longer than a line, a header and a file system allow': ({ commit, stands, moves }) => {
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    moves(
      MAIN,
      commit('Add long names', {
        ['x'.repeat(1000)]: 'One.\n',
        [`${'deep/'.repeat(60)}file`]: 'Two.\n',
        // No longer than a stat has room for: git 2.39 cuts such names in the middle of a character, git 2.55 does not.
        ['長'.repeat(25)]: 'Three.\n',
      }),
    );
  },
};
