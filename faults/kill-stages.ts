import { run } from '../test/fixtures/processes.ts';
import { commitOf } from '../test/fixtures/read-mails.ts';
import { refpostProgram } from '../test/fixtures/server-repository.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { type KillingGit, type KillOrder, killingGit } from './killing-git.ts';
import { makeCommits, openScene, type Scene, settle } from './scene.ts';

/** What a push is asked of git that forces a branch and brings a tag and a merge, in whatever number of processes. */
const STAGES = ['config', 'rev-list', 'cat-file', 'diff-tree', 'range-diff', 'describe', 'for-each-ref'];
/** Bytes of its output after which a git is killed. */
const MOMENTS = { 'before it says anything': 0, 'in the middle of its answer': 20 };
/** How many to go on by in a short run. */
const SHORT_STEP = 7;

/** SIGKILL of each git that a push is read by: the n-th one for every n, and all that are asked the same. No mail is lost, none is without its diff. */
export async function* killStages(bench: FaultBench): AsyncGenerator<Figure> {
  for (const [when, after] of Object.entries(MOMENTS)) yield await killEach(bench, when, after);
  // A worker tries for some seconds before it leaves a push to the next one.
  if (!bench.options.short) yield await killAlways(bench);
}

async function killEach(bench: FaultBench, when: string, after: number): Promise<Figure> {
  const stage = await openStage(bench);
  const step = bench.options.short ? SHORT_STEP : 1;
  const seen = new Set<string>();
  let points = 0;
  for (let which = step; ; which += step) {
    const killed = await workKilled(stage, { which, after });
    if (killed.length === 0) break;
    points++;
    for (const word of killed) seen.add(word);
  }
  const missed = bench.options.short ? [] : STAGES.filter(word => !seen.has(word));
  const broken = missed.map(word => `no git ${word} was killed`);
  return judged(stage, `the n-th git is killed ${when} (${points} points)`, broken);
}

/** Whatever cannot be had from git at all is waited for, and the next worker brings it. */
async function killAlways(bench: FaultBench): Promise<Figure> {
  const stage = await openStage(bench);
  const broken: string[] = [];
  for (const which of STAGES) {
    if ((await workKilled(stage, { which, after: 0 })).length === 0)
      broken.push(`no git ${which} was killed`);
    await stage.scene.server.refpost('work', '--once');
  }
  return judged(stage, `every git is killed that is asked the same (${STAGES.length} questions)`, broken);
}

interface Stage {
  readonly scene: Scene;
  readonly git: KillingGit;
  /** The commit off which a branch is made anew with each push. */
  readonly base: string;
}

async function openStage(bench: FaultBench): Promise<Stage> {
  const scene = await openScene(bench);
  const { clone } = scene.server;
  clone.commit({
    message: 'The base',
    files: { '.gitattributes': '*.bin -diff\n', 'a/.gitattributes': 'b text\n' },
  });
  const base = clone.git('rev-parse', 'main');
  await scene.server.push();
  await scene.server.refpost('work', '--once');
  return { scene, git: killingGit(scene.server.folder), base };
}

/** A push of all kinds, and a worker whose git is killed: what those were asked that were. */
async function workKilled({ scene, git, base }: Stage, order: KillOrder): Promise<string[]> {
  const { server } = scene;
  await pushAllKinds(scene, base);
  git.order(order);
  await run([...refpostProgram, 'work', '--once'], {
    cwd: server.bare,
    env: { ...server.env, PATH: git.path },
  });
  return git.killed();
}

/** Commits on main, a merge on top, a tag, and a branch that is forced. */
async function pushAllKinds(scene: Scene, base: string): Promise<void> {
  const { clone } = scene.server;
  const number = scene.pushes.length;
  for (const branch of ['side', 'topic']) {
    clone.git('update-ref', `refs/heads/${branch}`, base);
    makeCommits(scene, 1, branch);
  }
  makeCommits(scene, 2);
  const merge = mergeOf(clone, `Merge ${number}`);
  scene.pushes.at(-1)?.push(merge);
  scene.titles.set(merge, `Merge ${number}`);
  clone.git('tag', '-a', '-m', `Tag ${number}`, `v${number}`, merge);
  const pushed = await scene.server.push(['+topic', 'main', `v${number}`]);
  if (pushed.code !== 0 || pushed.stderr !== '') throw new Error(`git push: ${pushed.stderr}`);
}

/** Of side into main, and its file is as neither has it. */
function mergeOf(clone: Scene['server']['clone'], title: string): string {
  const who = `Carl Committer <carl@example.org> ${clone.clock++} +0000`;
  const stream = [
    'commit refs/heads/main',
    `committer ${who}`,
    `data ${title.length}\n${title}`,
    'from refs/heads/main^0',
    'merge refs/heads/side^0',
    `M 644 inline news\ndata ${title.length}\n${title}\n`,
  ].join('\n');
  clone.run(['fast-import', '--quiet', '--date-format=raw'], { input: stream });
  return clone.git('rev-parse', 'main');
}

async function judged({ scene }: Stage, fault: string, broken: readonly string[]): Promise<Figure> {
  const figure = await settle(scene, fault);
  const bare = scene.inbox.received.filter(mail => {
    const title = scene.titles.get(commitOf(mail));
    return title !== undefined && !mail.bytes.toString('latin1').includes(`+${title}`);
  });
  const without = bare.length > 0 ? [`${bare.length} mails are without their diff`] : [];
  return { ...figure, broken: [...broken, ...without] };
}
