import type { Cases } from './case.ts';
import type { Scene } from './scene.ts';

const MAIN = 'refs/heads/main';

function numbered(word: string, count: number): string {
  return Array.from({ length: count }, (_, at) => `${word} ${at + 1}\n`).join('');
}

/** A known commit, and a push of one that is too large for a mail and of a small one. */
function largeAndSmall({ commit, stands, moves, settings }: Scene, oversize: string): void {
  stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
  commit('Add a chapter a file\n\nThree of them.\n', {
    'book/one': numbered('one', 120),
    'book/two': numbered('two', 180),
    'book/three': numbered('three', 20),
  });
  moves(MAIN, commit('Name the author', { README: 'A project.\nBy Ada.\n' }));
  settings('maxSize=4000', `oversize=${oversize}`);
}

/** Commits that are too large for a mail, and files that nobody reads in one. */
export const oversizeCases: Cases = {
  'oversize-truncate: the files that fit are shown whole, and what is missing is said': scene =>
    largeAndSmall(scene, 'truncate'),

  'oversize-truncate-links: and the link shows it all': scene => {
    largeAndSmall(scene, 'truncate');
    scene.settings('linkBase=https://git.example.org/project');
  },

  'oversize-split: the next files go on in the next mail, and all are counted': scene =>
    largeAndSmall(scene, 'split'),

  'oversize-split-not: more parts than a push may bring are not sent, but the diff is cut': scene => {
    largeAndSmall(scene, 'split');
    scene.settings('maxMails=2');
  },

  'oversize-stat: the stat is all there is': scene => largeAndSmall(scene, 'stat'),

  'oversize-attach: the commit comes as a patch': scene => largeAndSmall(scene, 'attach'),

  'oversize-attach-not: a patch that is larger than an attachment may be is cut': scene => {
    largeAndSmall(scene, 'attach');
    scene.settings('maxAttachment=1000');
  },

  'oversize-message: a message that is larger than a mail is cut, and so is a long stat': scene => {
    const { commit, stands, moves, settings } = scene;
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    const files = Array.from({ length: 200 }, (_, at) => [Buffer.from(`file-${at}`), 'x\n'] as const);
    moves(MAIN, commit(`Tell a story\n\n${numbered('and then', 600)}`, files));
    settings('maxSize=4000');
  },

  'quiet-paths: lock files, vendored folders and minified files stand in the stat only': scene => {
    const { commit, stands, moves } = scene;
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    const next = commit('Use a library', {
      README: 'A project.\nIt uses a library.\n',
      'package-lock.json': numbered('lock', 30),
      'web/app.min.js': 'var a=1;\n',
      'vendor/lib/lib.c': 'int lib;\n',
    });
    moves(MAIN, next);
  },

  'quiet-paths-set: what the administrator names takes the place of what is quiet by itself': scene => {
    const { commit, stands, moves, settings } = scene;
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    moves(MAIN, commit('Add two files', { 'data.csv': '1,2\n', 'package-lock.json': '{}\n' }));
    settings('quietPaths=*.csv');
  },

  'quiet-paths-none: the administrator wants to see all': scene => {
    const { commit, stands, moves, settings } = scene;
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    moves(MAIN, commit('Lock', { 'package-lock.json': '{}\n' }));
    settings('quietPaths=none');
  },

  'quiet-attributes: -diff and linguist-generated count as the commit itself has them': scene => {
    const { commit, stands, moves } = scene;
    const attributes = '*.pb.go linguist-generated\n/fixtures/** -diff\n';
    stands(MAIN, commit('Start the project', { README: 'A project.\n', 'a.pb.go': 'package a\n' }));
    commit('Change what is generated', { 'a.pb.go': 'package b\n' });
    commit('Say what is generated', { '.gitattributes': attributes });
    const next = commit('Change it again', {
      'a.pb.go': 'package c\n',
      'fixtures/deep/input': 'input\n',
      README: 'A project.\nIt generates.\n',
    });
    moves(MAIN, next);
  },

  'quiet-lfs: a pointer to Git LFS is not the file': scene => {
    const { commit, stands, moves } = scene;
    const pointer = (digit: string) =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize 12345\n`;
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    commit('Add a film', { 'film.mp4': pointer('a') });
    moves(MAIN, commit('Cut the film', { 'film.mp4': pointer('b') }));
  },
};
