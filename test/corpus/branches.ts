import { type Cases, shortHistory } from './case.ts';

const MAIN = 'refs/heads/main';

/** What can happen to one branch. */
export const branchCases: Cases = {
  'branch-updated: a branch goes forward by two commits': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands(MAIN, one);
    scene.moves(MAIN, three);
  },

  'branch-updated-by-ten: with ten mails the counter has two digits': ({ commit, stands, moves }) => {
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    const words = 'one two three four five six seven eight nine ten'.split(' ');
    const ids = words.map(word => commit(`Say ${word}`));
    moves(MAIN, ids.at(-1) as string);
  },

  'branch-updated-over-known-commits: a branch follows another one, and nothing is new': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands(MAIN, one);
    scene.stands('refs/heads/next', three);
    scene.moves(MAIN, three);
  },

  'branch-created: a new branch brings one commit': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands(MAIN, two);
    scene.moves('refs/heads/topic', three);
  },

  'branch-created-at-known-commit: a new branch begins at a known commit': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands(MAIN, three);
    scene.moves('refs/heads/stable', two);
  },

  'branch-deleted: nothing reaches two of its commits any more': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands('refs/heads/stable', one);
    scene.stands(MAIN, three);
    scene.moves(MAIN, null);
  },

  'branch-deleted-and-kept: other refs keep all of its commits': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands(MAIN, three);
    scene.stands('refs/heads/topic', two);
    scene.moves('refs/heads/topic', null);
  },

  'branch-renamed: deleted and created under another name in one push': scene => {
    const [, , three] = shortHistory(scene);
    scene.stands('refs/heads/master', three);
    scene.moves('refs/heads/master', null);
    scene.moves(MAIN, three);
  },

  'branch-rewound: a branch goes back by two commits, one of which another branch keeps': scene => {
    const [one, two, three] = shortHistory(scene);
    scene.stands('refs/heads/stable', two);
    scene.stands(MAIN, three);
    scene.moves(MAIN, one);
  },

  'branch-rewound-and-on: goes back by two commits and on with a new one': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands(MAIN, three);
    scene.moves(
      MAIN,
      scene.commit('Say goodbye', { README: 'A project.\nIt leaves.\n' }, { parents: [one] }),
    );
  },

  'branch-forced-by-rebase: the same patch, a changed one, one that is gone and a new one': ({
    commit,
    stands,
    moves,
  }) => {
    const recipe = Array.from({ length: 20 }, (_, line) => `Step ${line + 1}\n`).join('');
    const base = commit('Write the recipe down', { recipe });
    const salted = recipe.replace('Step 3\n', 'Step 3: salt\n');
    commit('Add salt', { recipe: salted });
    const stirred = salted.replace('Step 9\n', 'Step 9: stir\nfor a while\nwith a spoon\n');
    commit('Stir', { recipe: stirred });
    const old = commit('Add sugar by mistake', { sugar: 'A lot of it.\n' });
    stands(MAIN, old);
    commit('Ask for a hot oven', { oven: '200 degrees\n' }, { parents: [base] });
    commit('Add salt', { recipe: salted });
    const stirredMore = salted.replace('Step 9\n', 'Step 9: stir\nfor a long while\nwith a spoon\n');
    moves(MAIN, commit('Stir', { recipe: stirredMore }));
  },

  'branch-forced-and-kept: another branch keeps what the forced one had': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands('refs/heads/backup', three);
    scene.stands(MAIN, three);
    scene.moves(MAIN, scene.commit('Say nothing', { README: 'Silence.\n' }, { parents: [one] }));
  },

  'branch-forced-to-known-commits: forced to a branch that was announced already': scene => {
    const [one, , three] = shortHistory(scene);
    const other = scene.commit('Say nothing', { README: 'Silence.\n' }, { parents: [one] });
    scene.stands('refs/heads/other', other);
    scene.stands(MAIN, three);
    scene.moves(MAIN, other);
  },

  'branch-replaced: forced to a history that shares nothing with the old one': scene => {
    const [, , three] = shortHistory(scene);
    scene.stands(MAIN, three);
    scene.moves(MAIN, scene.commit('Start afresh', { README: 'A new project.\n' }, { parents: [] }));
  },

  'branch-merged-in: a merge brings a side branch and its own two commits': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands(MAIN, three);
    const side = scene.commit('Write a licence', { LICENSE: 'Do what you like.\n' }, { parents: [two] });
    scene.moves(
      MAIN,
      scene.commit("Merge branch 'licence'", { LICENSE: 'Do what you like.\n' }, { parents: [three, side] }),
    );
  },

  'first-push: the first push to an empty repository': scene => {
    const [, , three] = shortHistory(scene);
    scene.moves(MAIN, three);
  },
};
