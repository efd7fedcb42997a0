import { type Cases, shortHistory } from './case.ts';
import type { Scene } from './scene.ts';

const MAIN = 'refs/heads/main';
const DAY = 24 * 3600;
/** When the pushes of the corpus happen, in seconds. */
const TODAY = Date.UTC(2024, 5, 1, 12) / 1000;

/** Two commits on a side branch and the merge that brings them to main. */
function mergedTopic({ commit, stands, moves }: Scene): void {
  const base = commit('Start the project', { README: 'A project.\n' });
  const ahead = commit('Go on', { README: 'A project.\nIt goes on.\n' });
  stands(MAIN, ahead);
  const topic = { topic: 'A topic.\n' };
  const side = commit('Begin a topic', topic, { parents: [base] });
  moves(MAIN, commit("Merge branch 'topic'", topic, { parents: [ahead, side] }));
}

/** What is left out by an administrator's choice, or a pusher's where he may. */
export const filterCases: Cases = {
  'ref-excluded: an excluded branch is not mailed': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands('refs/heads/users/ada/wip', two);
    scene.moves('refs/heads/users/ada/wip', three);
    scene.settings('excludeRefs=refs/heads/users');
  },

  'ref-excluded-does-not-count: what an excluded branch has is new to the others': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands('refs/heads/users/ada/wip', three);
    scene.stands(MAIN, one);
    scene.moves(MAIN, three);
    scene.settings('excludeRefs=refs/heads/users');
  },

  'ref-not-named: of two branches one is announced': scene => {
    const [one, two, three] = shortHistory(scene);
    scene.stands(MAIN, one);
    scene.moves(MAIN, two);
    scene.moves('refs/heads/topic', three);
    scene.settings('refs=refs/heads/main refs/heads/release-*');
  },

  'merges-on: a merge has its mail': mergedTopic,

  'merges-off: a merge has none, and the numbers have no gap': scene => {
    mergedTopic(scene);
    scene.settings('merges=false');
  },

  'max-age: of an import only the young commits are mailed': ({ commit, moves, settings }) => {
    const at = (days: number) => ({
      authored: `${TODAY - days * DAY} +0000`,
      committed: `${TODAY - days * DAY} +0000`,
    });
    commit('Ten years ago', { README: 'Old.\n' }, at(3650));
    commit('Last year', { README: 'Older.\n' }, at(365));
    moves(MAIN, commit('Yesterday', { README: 'Young.\n' }, at(1)));
    settings('maxAge=30d');
  },

  'option-none: the pusher asks for no mail': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands(MAIN, one);
    scene.moves(MAIN, three);
    scene.options('mail=none');
    scene.settings('pushOptions=true');
  },

  'option-summary: the pusher asks for one mail': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands(MAIN, one);
    scene.moves(MAIN, three);
    scene.options('ci.skip', 'mail=summary');
    scene.settings('pushOptions=true');
  },

  'option-not-allowed: the pusher asks for no mail but has no say': scene => {
    const [, two, three] = shortHistory(scene);
    scene.stands(MAIN, two);
    scene.moves(MAIN, three);
    scene.options('mail=none');
  },

  'trailers: commits that ask for no mail have none, and the numbers have no gap': ({
    commit,
    stands,
    moves,
    settings,
  }) => {
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    commit('Say hello', { hello: 'Hello.\n' });
    commit('Sort the list [nomail]', { list: 'a\nb\n' });
    commit('Sort it again\n\nThere was one more.\n\nMail: none\n', { list: 'a\nb\nc\n' });
    moves(MAIN, commit('Say goodbye', { hello: 'Hello.\nGoodbye.\n' }));
    settings('trailers=true');
  },

  'trailers-not-allowed: a commit that asks for no mail is mailed all the same': ({
    commit,
    stands,
    moves,
  }) => {
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    moves(MAIN, commit('Sort the list [nomail]', { list: 'a\nb\n' }));
  },

  'digest: more commits than are mailed one by one, on two branches': scene => {
    const [one, two, three] = shortHistory(scene);
    scene.stands(MAIN, one);
    scene.moves(MAIN, three);
    scene.moves(
      'refs/heads/topic',
      scene.commit('Begin a topic', { topic: 'A topic.\n' }, { parents: [two] }),
    );
    scene.settings('maxMails=2');
  },

  'digest-with-links: and a summary of what else the push did': scene => {
    const [one, , three] = shortHistory(scene);
    scene.stands(MAIN, one);
    scene.stands('refs/heads/old', one);
    scene.moves(MAIN, three);
    scene.moves('refs/heads/old', null);
    scene.settings('maxMails=1', 'linkBase=https://git.example.org/project');
  },

  'digest-cut: a list that is too long for one mail keeps the newest': ({
    commit,
    stands,
    moves,
    settings,
  }) => {
    stands(MAIN, commit('Start the project', { README: 'A project.\n' }));
    const ids = Array.from({ length: 60 }, (_, at) =>
      commit(`Commit ${at + 1}: ${'a long subject '.repeat(5)}`),
    );
    moves(MAIN, ids.at(-1) as string);
    settings('maxMails=3', 'maxSize=4000');
  },
};
