import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { openDrop } from '../src/drop/drop.ts';
import { waitUntil } from '../test/fixtures/processes.ts';
import { commitOf } from '../test/fixtures/read-mails.ts';
import type { ReceivedMail } from '../test/fixtures/smtp-received.ts';
import { damage, FILES, randomFrom } from './damage.ts';
import type { FaultBench } from './fault-bench.ts';
import type { Figure } from './figure.ts';
import { noteUnsaid, openScene, pushCommits, RECIPIENTS, type Scene, settle } from './scene.ts';

/** Bits that flip and files that lose their end, in each kind of file of a spool. */
export async function* damageFaults(bench: FaultBench): AsyncGenerator<Figure> {
  for (const file of Object.keys(FILES)) yield await damageMany(bench, file);
}

/** One scene, damaged again and again. What undamaged pushes bring arrives; what is missing of a damaged one is said. */
async function damageMany(bench: FaultBench, file: string): Promise<Figure> {
  const scene = await openScene(bench);
  const random = randomFrom(bench.options.seed);
  const broken: string[] = [];
  let said = 0;
  for (let at = 0; at < bench.options.damages; at++) {
    const trial = await damageOnce(scene, file, random);
    said += trial.said ? 1 : 0;
    broken.push(...trial.broken.map(each => `${each} (${file}: ${trial.what})`));
  }
  const wrong = scene.inbox.received.filter(mail => !isRight(scene, mail));
  broken.push(...wrong.map(mail => `a wrong mail for ${mail.to}: ${subjectOf(mail)}`));
  const name = `${file} is damaged (${bench.options.damages} times, cost mails and said so ${said} times)`;
  return { ...(await settle(scene, name)), broken };
}

/** How the log says that what is in the spool is not what was put there. */
const COMPLAINT = /\b(damaged|unreadable|checksum|too early|complaint|held)\b/;

async function damageOnce(scene: Scene, file: string, random: () => number) {
  const { server } = scene;
  const logged = server.log().length;
  const first = await pushNamed(scene, 3);
  if (file !== 'a record') await dieInTheMiddle(scene);
  const second = await pushNamed(scene, 2);
  const path = FILES[file]?.(server.layout);
  if (path === undefined) throw new Error(`there is no file to damage: ${file}`);
  const what = damage(path, random);
  await noteUnsaid(scene);
  const ends = [await server.refpost('work', '--once')];
  // A person takes away what the log calls held, as it asks him to.
  const held = server
    .log()
    .slice(logged)
    .split('\n')
    .filter(line => / held /.test(line));
  if (existsSync(path) && held.some(line => line.includes(basename(path)))) rmSync(path);
  await pushCommits(scene, 1);
  ends.push(await server.refpost('work', '--once'));
  const log = server.log().slice(logged);
  const complaints = log.split('\n').filter(line => COMPLAINT.test(line));
  const told = [first, second].filter(({ id }) => complaints.some(line => line.includes(id)));
  const missing = told.flatMap(({ commits }) => commits.filter(commit => !isThere(scene, commit)));
  forget(scene, missing);
  const broken = [
    ...ends.flatMap(({ signal }) => (signal ? [`the worker died of ${signal}`] : [])),
    ...(ends.some(({ stderr }) => /bug in refpost/.test(stderr)) ? ['it is taken for a bug'] : []),
    ...(server.isSettled() ? [] : ['something is left waiting']),
  ];
  return { what, said: missing.length > 0, broken };
}

/** A push, and the name under which the hook has recorded it. */
async function pushNamed(scene: Scene, count: number): Promise<{ id: string; commits: readonly string[] }> {
  const { server, pushes } = scene;
  const before = await openDrop(server.layout.root).names();
  await pushCommits(scene, count);
  const [id] = (await openDrop(server.layout.root).names()).filter(name => !before.includes(name));
  if (id === undefined) throw new Error('the hook has recorded nothing');
  return { id, commits: pushes.at(-1) ?? [] };
}

/** A worker that is killed when the server has one of three mails and does not take the next one. */
async function dieInTheMiddle({ server, inbox }: Scene): Promise<void> {
  const before = inbox.received.length;
  inbox.play({ at: 'MAIL', nth: 2, next: 'hang' });
  const { child, ended } = server.startRefpost('work', '--once');
  await waitUntil('a mail has arrived', () => inbox.received.length > before);
  child.kill('SIGKILL');
  await ended;
  inbox.play();
}

function isThere({ inbox }: Scene, commit: string): boolean {
  const mails = inbox.received.filter(mail => commitOf(mail) === commit);
  return RECIPIENTS.every(recipient => mails.some(({ to }) => to.includes(recipient)));
}

/** They count as neither tried nor lost: their push was damaged, and the log has named it. */
function forget({ pushes }: Scene, missing: readonly string[]): void {
  pushes.forEach((commits, at) => {
    pushes[at] = commits.filter(commit => !missing.includes(commit));
  });
}

/** A mail about a commit of this scene, as it was pushed, to people who are to have it. */
function isRight({ titles }: Scene, mail: ReceivedMail): boolean {
  const text = mail.bytes.toString('latin1');
  const title = titles.get(commitOf(mail));
  return (
    title !== undefined &&
    text.includes(title) &&
    /^Branch: refs\/heads\/main\r$/m.test(text) &&
    mail.to.every(recipient => RECIPIENTS.includes(recipient))
  );
}

function subjectOf({ bytes }: ReceivedMail): string {
  return /^Subject: (.*)\r$/m.exec(bytes.toString('latin1'))?.[1] ?? '';
}
