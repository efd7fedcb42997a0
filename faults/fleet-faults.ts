import { setTimeout as sleep } from 'node:timers/promises';
import { manyCommits } from '../test/fixtures/many-commits.ts';
import { cannotStartPostgres } from '../test/fixtures/postgres.ts';
import { run } from '../test/fixtures/processes.ts';
import { mountDisk } from './disk.ts';
import type { FaultBench } from './fault-bench.ts';
import { type Figure, sum } from './figure.ts';
import { type Fleet, type FleetOptions, openFleet, pushToAll } from './fleet.ts';
import { settleFleet } from './fleet-account.ts';
import {
  copyDatabase,
  cut,
  fill,
  halfClose,
  type Incident,
  kill,
  killDatabase,
  pullOut,
  ROOM,
  restartAtOnce,
  slowDown,
  stop,
  turnClock,
} from './fleet-incidents.ts';
import { RECIPIENTS } from './scene.ts';

/** Milliseconds that the mail server takes for a mail, so that mails are on their way whenever something happens. */
const A_MAIL = 20;

interface Trial {
  readonly fault: string;
  /** In turns. */
  readonly incidents: readonly Incident[];
  /** How many there are at the least. */
  readonly least: number;
  /** The database may not hear at one what is on its way. */
  readonly isDeaf: boolean;
  readonly options?: FleetOptions;
}

/** Three git servers and four senders with one database, and all that may happen to them. None where there is no PostgreSQL. */
export async function* fleetFaults(bench: FaultBench): AsyncGenerator<Figure> {
  if (cannotStartPostgres()) return;
  if (bench.options.short) {
    yield await tried(bench, SHORT, bench.options.fleet);
    return;
  }
  const figures: Figure[] = [];
  for await (const figure of allOfThem(bench)) {
    figures.push(figure);
    yield figure;
  }
  yield sum('fleet: all of that', figures);
}

async function* allOfThem(bench: FaultBench): AsyncGenerator<Figure> {
  const pushes = Math.ceil(bench.options.fleet / (TRIALS.length + 3));
  for (const trial of TRIALS) yield await tried(bench, trial, pushes);
  yield* withoutRoom(bench, pushes);
  yield await failedOver(bench, pushes);
  yield await mirrored(bench, pushes);
}

function tried(bench: FaultBench, trial: Trial, pushes: number): Promise<Figure> {
  const { fault, incidents, least, isDeaf, options } = trial;
  return withFleet(bench, options, async fleet => {
    let isPushing = true;
    const pushed = pushToAll(fleet, timesFor(fleet, pushes)).finally(() => {
      isPushing = false;
    });
    let happened = 0;
    for (; isPushing || happened < least; happened++) {
      await sleep(200 + Math.random() * 800);
      await incidents[happened % incidents.length]?.(fleet);
    }
    await pushed;
    return settleFleet(fleet, `fleet: ${fault} (${happened} times)`, { incidents: happened, isDeaf });
  });
}

/** Where root can mount a small disk. */
async function* withoutRoom(bench: FaultBench, pushes: number): AsyncGenerator<Figure> {
  const disk = mountDisk(bench, `size=${ROOM}`);
  if (!disk) return;
  const fault = 'the disk of the database is full';
  const options = { data: disk.spool };
  yield await tried(bench, { fault, incidents: [fill(disk)], least: 5, isDeaf: true, options }, pushes);
}

/** The database goes back to what it was some pushes ago: what had been sent since is sent once more, with the same Message-IDs, and nothing is lost. */
function failedOver(bench: FaultBench, pushes: number): Promise<Figure> {
  return withFleet(bench, {}, async fleet => {
    const { inbox } = fleet;
    const third = timesFor(fleet, pushes / 3);
    await pushToAll(fleet, third);
    const copied = inbox.received.length;
    const goBack = await copyDatabase(fleet);
    await pushToAll(fleet, third);
    // All before the copy, and some of what came after it.
    await inbox.waitFor(Math.floor(0.75 * mailsOf(fleet)));
    await goBack();
    const repeated = [copied, inbox.received.length] as const;
    await pushToAll(fleet, third);
    const fault = `fleet: the database goes back to a copy (${repeated[1] - repeated[0]} mails older)`;
    return settleFleet(fleet, fault, { incidents: 1, repeated });
  });
}

/** Each commit comes to two servers, which are killed at it, and is mailed once. */
function mirrored(bench: FaultBench, pushes: number): Promise<Figure> {
  return withFleet(bench, { isMirrored: true }, async fleet => {
    const [, one, two] = fleet.servers;
    const [from, to] = [one?.repositories[0], two?.repositories[0]];
    if (!from || !to) throw new Error('there are no two servers');
    for (let at = 0; at < pushes / 2; at++) {
      one?.pushed[0]?.push(...manyCommits({ clone: from.clone, count: 2, title: `Both ${at}` }));
      const other = run(['git', 'push', '-q', to.bare, 'main'], { cwd: from.clone.folder, env: from.env });
      await Promise.all([from.push(), other, ...(at % 3 === 0 ? [kill(fleet)] : [])]);
    }
    const fault = 'fleet: two servers of one repository, killed at it';
    return settleFleet(fleet, fault, { incidents: pushes / 6 });
  });
}

/** It is gone when the work is done. */
async function withFleet(
  bench: FaultBench,
  options: FleetOptions | undefined,
  work: (fleet: Fleet) => Promise<Figure>,
): Promise<Figure> {
  const cleanUps: (() => unknown)[] = [];
  try {
    const fleet = await openFleet({ ...bench, after: cleanUp => void cleanUps.push(cleanUp) }, options);
    fleet.inbox.play({ at: 'DOT', delay: A_MAIL, reply: '250 2.0.0 taken' });
    return await work(fleet);
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
  }
}

/** How many mails are owed for what was pushed. */
function mailsOf({ servers }: Fleet): number {
  return RECIPIENTS.length * servers.flatMap(({ pushed }) => pushed.flat()).length;
}

/** How often to push to each repository for so many pushes. */
function timesFor({ servers }: Fleet, pushes: number): number {
  return Math.ceil(pushes / servers.flatMap(each => each.repositories).length);
}

const SHORT: Trial = {
  fault: 'workers and database killed, connections cut',
  incidents: [kill, cut, restartAtOnce, halfClose, kill],
  least: 5,
  isDeaf: true,
};
const TRIALS: readonly Trial[] = [
  {
    fault: 'clocks hours apart, and set',
    incidents: [turnClock, turnClock, kill],
    least: 20,
    isDeaf: false,
    options: { hasClocks: true },
  },
  {
    // What explains a double is gone with its push.
    fault: 'beside a sender whose mail server is away; done is removed',
    incidents: [kill],
    least: 20,
    isDeaf: true,
    options: { hasDeadSender: true, more: { 'refpost.keepDays': '0' } },
  },
  { fault: 'senders and intakes are killed', incidents: [kill], least: 50, isDeaf: false },
  { fault: 'some are stopped for longer than a lease', incidents: [stop], least: 8, isDeaf: false },
  {
    fault: 'connections cut, slow, half closed, stalled',
    incidents: [cut, slowDown, halfClose, cut, halfClose, pullOut],
    least: 24,
    isDeaf: true,
  },
  {
    fault: 'the database is restarted and killed',
    incidents: [restartAtOnce, killDatabase],
    least: 10,
    isDeaf: true,
  },
  {
    fault: 'all of that at once',
    incidents: [
      fleet => Promise.all([stop(fleet), kill(fleet), cut(fleet)]).then(() => {}),
      fleet => Promise.all([kill(fleet), kill(fleet), killDatabase(fleet)]).then(() => {}),
      fleet => Promise.all([slowDown(fleet), kill(fleet), stop(fleet)]).then(() => {}),
      fleet => Promise.all([pullOut(fleet), kill(fleet)]).then(() => {}),
    ],
    least: 8,
    isDeaf: true,
  },
];
