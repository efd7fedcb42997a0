import { type Cases, shortHistory } from './case.ts';

const MAIN = 'refs/heads/main';

/** Pushes of several refs, refs that are no branches or tags, and odd repositories. */
export const pushCases: Cases = {
  'many-refs: branches and tags made, moved, forced and deleted in one push': scene => {
    const [one, two, three] = shortHistory(scene);
    const { commit, stands, moves, tag } = scene;
    stands(MAIN, three);
    stands('refs/heads/old', two);
    stands('refs/heads/wip', commit('Try something', { idea: 'Bad.\n' }, { parents: [two] }));
    stands('refs/tags/yesterday', one);
    const next = commit(
      'Say goodbye',
      { README: 'A project.\nIt greets and leaves.\n' },
      { parents: [three] },
    );
    moves('refs/tags/v1.0', tag('v1.0', next, 'Version 1.0\n'));
    moves('refs/tags/yesterday', null);
    moves('refs/heads/wip', commit('Try something else', { idea: 'Better.\n' }, { parents: [two] }));
    moves('refs/heads/topic', commit('Begin a topic', { topic: 'A topic.\n' }, { parents: [next] }));
    moves('refs/heads/old', null);
    moves(MAIN, next);
  },

  'carried-by-the-known-branch: a commit that a new and an old branch and a tag bring': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands(MAIN, two);
    scene.moves('refs/heads/a-new-one', three);
    scene.moves('refs/tags/a-tag', three);
    scene.moves(MAIN, three);
  },

  'two-branches: one counter runs over the commits of both': ({ commit, stands, moves }) => {
    const base = commit('Start the project', { README: 'A project.\n' });
    stands(MAIN, base);
    stands('refs/heads/stable', base);
    moves('refs/heads/stable', commit('Mend the old version', { fix: 'Mended.\n' }));
    commit('Begin a feature', { feature: 'Half of it.\n' }, { parents: [base] });
    moves(MAIN, commit('Finish the feature', { feature: 'All of it.\n' }));
  },

  'notes-off: notes are not announced': scene => {
    const [, , three] = shortHistory(scene);
    scene.stands(MAIN, three);
    scene.moves(
      'refs/notes/commits',
      scene.commit('Notes added', { [three]: 'Well done.\n' }, { parents: [] }),
    );
  },

  'notes-on: notes are announced where refpost.refs names them': scene => {
    const [, , three] = shortHistory(scene);
    scene.stands(MAIN, three);
    scene.moves(
      'refs/notes/commits',
      scene.commit('Notes added', { [three]: 'Well done.\n' }, { parents: [] }),
    );
    scene.settings('refs=refs/heads refs/tags refs/notes');
  },

  'other-refs-on: a change under review, outside branches and tags': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands(MAIN, two);
    scene.moves('refs/changes/01/1/1', three);
    scene.settings('refs=refs/heads refs/changes');
  },

  'shallow: the begin of history is not there': scene => {
    const missing = '1111111111111111111111111111111111111111';
    const begin = scene.commit(
      'Where the shallow history begins',
      { README: 'A project.\n' },
      { parents: [missing] },
    );
    scene.file('shallow', `${begin}\n`);
    scene.stands(MAIN, begin);
    scene.moves(MAIN, scene.commit('Go on', { README: 'A project.\nIt goes on.\n' }));
  },

  'shallow-first-push: of a history whose begin is not there': scene => {
    const missing = '1111111111111111111111111111111111111111';
    const begin = scene.commit(
      'Where the shallow history begins',
      { README: 'A project.\n' },
      { parents: [missing] },
    );
    scene.file('shallow', `${begin}\n`);
    scene.moves(MAIN, begin);
  },

  'grafted: a replacement that joins two histories changes no mail': scene => {
    const [, , three] = shortHistory(scene);
    scene.stands('refs/heads/old-history', three);
    const fresh = scene.commit('Start in a new repository', { README: 'A project.\n' }, { parents: [] });
    const joined = scene.commit(
      'Start in a new repository',
      { README: 'A project.\n' },
      { parents: [three] },
    );
    scene.stands(`refs/replace/${fresh}`, joined);
    scene.moves(MAIN, scene.commit('Go on', { README: 'A project.\nIt goes on.\n' }, { parents: [fresh] }));
  },
};

/** In a repository of the newer object format. */
export const sha256Cases: Cases = {
  'sha256: names of 64 digits are cut to the same widths': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands(MAIN, one);
    scene.moves(MAIN, three);
    scene.moves('refs/tags/v1.0', scene.tag('v1.0', three, 'Version 1.0\n'));
    scene.moves('refs/heads/gone', one);
  },
};
