import { dirname, join } from 'node:path';
import type { Cases } from './case.ts';
import { openScene, type Scene, submodule } from './scene.ts';

const MAIN = 'refs/heads/main';
const URL = '../lib.git';

/** A library in a repository beside the project's. */
function beside(scene: Scene, name = 'lib.git'): Scene {
  return openScene(join(dirname(scene.folder), name));
}

/** The push moves a submodule from commit to commit. */
function moves(scene: Scene, url: string, ...ids: readonly string[]): void {
  const [first = '', ...others] = ids;
  const gitmodules = `[submodule "lib"]\n\tpath = lib\n\turl = ${url}\n`;
  scene.stands(MAIN, scene.commit('Use a library', { lib: submodule(first), '.gitmodules': gitmodules }));
  const made = others.map((id, at) => scene.commit(`Move it, ${at + 1}`, { lib: submodule(id) }));
  scene.moves(MAIN, made.at(-1) ?? null);
}

/** A history of a library: on top of a first commit a branch that is merged, and others. */
function libraryHistory({ commit }: Scene) {
  const first = commit('Start the library');
  const feature = commit('Add a feature');
  const fix = commit('Fix the feature\n\nIt was broken.\n');
  const main = commit('Go on', {}, { parents: [first] });
  const merge = commit("Merge branch 'feature'", {}, { parents: [main, fix] });
  return { first, feature, fix, main, merge, last: commit('Release it') };
}

/** What a commit that moves a submodule brings into it. */
export const submoduleCases: Cases = {
  'submodule-moves: on, over a merge, back, aside; to and from what nobody has': scene => {
    const lib = beside(scene);
    const { first, feature, fix, main, merge, last } = libraryHistory(lib);
    scene.settings(`submodules=${lib.folder}`);
    moves(scene, URL, first, fix, merge, last, feature, main, '1'.repeat(40), first);
  },

  'submodule-moves-far: the newest ten are listed': scene => {
    const lib = beside(scene);
    const ids = Array.from({ length: 41 }, (_, at) => lib.commit(`Commit ${at}`));
    const aside = lib.commit('Aside', {}, { parents: [ids[30] ?? ''] });
    scene.settings(`submodules=${lib.folder}`);
    moves(scene, URL, ids[30] ?? '', ids[40] ?? '', aside, ids[0] ?? '');
  },

  'submodule-moves-hostile: subjects of any kind, trees and files for commits': scene => {
    const lib = beside(scene);
    const first = lib.commit('Start');
    lib.commit('\x1b[2J\r\n\r\nHidden', {}, { headers: ['encoding UTF-16'] });
    lib.commit(Buffer.from('Gr\xfc\xdfe \u202e', 'latin1'), {}, { author: null, committer: null });
    lib.commit(null);
    lib.commit(`${'long '.repeat(200)}\n> looks like another`, {}, { committed: '-1 +0000' });
    const last = lib.commit('  \n\n  ... and 1000 more  \n', {}, { committed: '9223372036854775807 +0000' });
    scene.settings(`submodules=${lib.folder}`);
    moves(scene, URL, first, last, lib.object('blob', 'Not a commit\n'), first, lib.object('tree', ''));
  },

  'submodule-beside: no repository is read because a commit names it': scene => {
    const secret = beside(scene, 'secret.git');
    const { first, last } = libraryHistory(secret);
    moves(scene, '../secret.git', first, last);
  },

  'submodule-kept-by-git: in the modules of the git directory, whatever else lies there': scene => {
    scene.file('modules/readme', 'Not a repository.\n');
    scene.file('modules/empty/readme', 'Not a repository either.\n');
    const { first, last } = libraryHistory(openScene(join(scene.folder, 'modules', 'libs', 'lib')));
    scene.settings('submodules=/no/such/repository.git');
    moves(scene, URL, first, last);
  },

  'submodule-not-moved: files and names that look like it': scene => {
    const lib = beside(scene);
    const { first, last } = libraryHistory(lib);
    scene.settings(`submodules=${lib.folder}`);
    const words = (id: string) => `Subproject commit ${id}\n`;
    scene.stands(
      MAIN,
      scene.commit('Begin', { lib: submodule(first), file: words(first), 'a 160000\nindex': 'x' }),
    );
    scene.commit('A file says so', { file: words(last), 'a 160000\nindex': words(last) });
    scene.commit('A submodule becomes a file', { lib: words(last) });
    scene.moves(
      MAIN,
      scene.commit('And a submodule again, elsewhere', { lib: null, other: submodule(last) }),
    );
  },
};
