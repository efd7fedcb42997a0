import { execFileSync } from 'node:child_process';
import { gitEnvironment } from '../fixtures/repository.ts';
import type { Cases } from './case.ts';
import type { Files, Scene } from './scene.ts';

const MAIN = 'refs/heads/main';

/** A push of these commits, on top of a first one, with little room in a mail. */
function pushes(scene: Scene, maxSize: number, ...commits: readonly (readonly [string, Files])[]): void {
  scene.stands(MAIN, scene.commit('Start the project', { README: 'A project.\n' }));
  const ids = commits.map(([title, files]) => scene.commit(title, files));
  scene.moves(MAIN, ids.at(-1) ?? null);
  scene.settings(`maxSize=${maxSize}`);
}

/** Many files of the same content in a folder: quick to make, since git stores it once. */
function many<T extends string | Buffer | null>(count: number, content: T): Record<string, T> {
  const names = Array.from({ length: count }, (_, at) => `data/file-${String(at).padStart(5, '0')}`);
  return Object.fromEntries(names.map(name => [name, content]));
}

function lines(count: number, word: string): string {
  return Array.from({ length: count }, (_, at) => `${word} ${at + 1}\n`).join('');
}

/** Commits that are too large for a mail. */
export const sizeCases: Cases = {
  'ten-thousand-files: added and removed, with the stat cut like the diff': scene => {
    const [added, removed] = [many(10_000, 'One.\n'), many(10_000, null)];
    pushes(scene, 4000, ['Add ten thousand files', added], ['Remove them', removed]);
    // git opens a loose object anew for each of the files that have it.
    execFileSync('git', ['repack', '-adq'], { cwd: scene.folder, env: gitEnvironment() });
  },

  'huge-file: cut at a line, and what is missing is counted': scene =>
    pushes(scene, 4000, ['Add a huge file', { 'huge.txt': lines(100_000, 'This is line') }]),

  'huge-file-between: the files before it and after it have their stat': scene =>
    pushes(scene, 4000, [
      'Add files of all sizes',
      {
        'a-small-one': 'Small.\n',
        'b-huge-one': lines(10_000, 'Huge'),
        'c-small-one': 'Small.\n',
        'd-huge-one': lines(10_000, 'Huge too'),
      },
    ]),

  'enormous-file: so large that git is not asked for its diff': scene => {
    const enormous = Buffer.alloc(17 * 1024 * 1024, 'This is one of very many lines.\n');
    pushes(scene, 4000, ['Add an enormous file', { 'a-small-one': 'Small.\n', enormous }]);
  },

  'many-medium-files: as many as the mail has room for, then a count': scene => {
    const names = Array.from({ length: 30 }, (_, at) => `part-${at + 10}`);
    const files = Object.fromEntries(names.map(name => [name, lines(30, `Line of ${name}`)]));
    pushes(scene, 5000, ['Add thirty files', files]);
  },

  'each-commit-has-its-room: a large one takes nothing from the ones beside it': scene =>
    pushes(
      scene,
      4000,
      ['A small change', { README: 'A small project.\n' }],
      ['A large change', { large: lines(1000, 'Large') }],
      ['Another small change', { README: 'A project again.\n' }],
    ),

  'large-merge: a combined diff is cut too': ({ commit, stands, moves, settings }) => {
    const base = commit('Start the project', { file: lines(300, 'Line') });
    const one = commit('Change 1', { file: lines(300, 'First line') }, { parents: [base] });
    const two = commit('Change 2', { file: lines(300, 'Second line') }, { parents: [base] });
    stands(MAIN, one);
    stands('refs/heads/topic', two);
    moves(MAIN, commit("Merge branch 'topic'", { file: lines(300, 'Merged line') }, { parents: [one, two] }));
    settings('maxSize=4000');
  },

  'cut-in-wide-characters: a long line of Chinese is cut between two of them': scene =>
    pushes(scene, 4000, ['Add a long line', { 'text.txt': `${'长'.repeat(2000)}\n`, 'z.txt': 'Z.\n' }]),
};
