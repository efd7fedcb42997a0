import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { envelopeOf } from '../announce/addressed.ts';
import { announce } from '../announce/announce.ts';
import { type Asked, askedPush, carried } from '../announce/asked-push.ts';
import { renderContexts } from '../announce/render-context.ts';
import { createSpool, refuseForeignSpool } from '../disk/create-spool.ts';
import { openDrop } from '../drop/drop.ts';
import { formatRecord } from '../drop/record.ts';
import { DatabaseAway, EX, fault } from '../errors.ts';
import { distinct } from '../model/address.ts';
import { isHeard } from '../model/config.ts';
import { mailCount, noticeName } from '../model/edition.ts';
import { counted } from '../model/numbers.ts';
import type { Push } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import { mailState, mailStates } from '../outbox/entry-state.ts';
import type { ListedEntry } from '../outbox/outbox.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import type { Workplace } from '../repository/workplace.ts';
import type { Worked } from './rounds.ts';
import { resumeWork, wakeWorker } from './wake.ts';
import { runWorker } from './worker.ts';

/** How long to wait between two looks at what another worker does with the push, in milliseconds. */
const LOOK_AGAIN = 200;
/** How often to look: for its mails to be queued, and then for each to be tried. */
const LOOKS = { queued: 50, tried: 10 };
/** How long the mails of others are worked on when those asked for are through, in milliseconds: nobody waits for a server that says nothing. */
const GRACE = 2000;

/**
 * `refpost notify`: announces what a person asks for, the way every push goes: recorded, picked up by the one
 * worker, delivered. Says how it went, and returns the exit code. Where another worker is at it, it gets a few seconds to try each mail.
 * What cannot be announced is not left recorded.
 */
export async function notifyAsked(
  world: World,
  workplace: Workplace,
  asked: Asked,
  signal: AbortSignal,
): Promise<number> {
  const { git, audiences } = workplace;
  if (!audiences.some(audience => isHeard(audience.config))) throw fault.noRecipients(git.gitDir);
  const push = await askedPush(git, world.now(), { ...asked, overrides: carried(asked.overrides) });
  if (world.stderr.isTTY === true) {
    const { editions } = await announce(
      git,
      push,
      { refs: new Map() },
      await renderContexts(world, workplace),
    );
    const all = editions.flatMap(edition =>
      edition.plan.notices.flatMap(notice => envelopeOf(edition, noticeName(notice))),
    );
    world.stderr.write(
      `refpost: ${counted(mailCount(editions), 'mail')} to ${counted(distinct(all).length, 'recipient')}\n`,
    );
  }
  return sendAsked(world, workplace, push, signal);
}

/** Records what a person asks for, and sees to it that it is sent, or says why not. */
export async function sendAsked(
  world: World,
  workplace: Workplace,
  push: Push,
  signal: AbortSignal,
): Promise<number> {
  const { spool, shared } = workplace;
  await createSpool(spool, shared);
  await refuseForeignSpool(spool, shared);
  await openDrop(spool).store(push.id, formatRecord(push));
  try {
    return await follow(world, workplace, push, signal);
  } catch (error) {
    if (!(error instanceof DatabaseAway)) throw error;
    world.stderr.write(`refpost: recorded, to be sent when the database is back: ${error.message}\n`);
    if (!(await holder(spool))?.alive) await wakeWorker(world, workplace);
    return EX.TEMPFAIL;
  }
}

/** Has a recorded push worked on, or looks on while another worker does so; says what became of it. */
async function follow(world: World, workplace: Workplace, push: Push, signal: AbortSignal): Promise<number> {
  const { spool } = workplace;
  const [drop, outbox] = [openDrop(spool), await outboxOf(world, workplace)];
  // One for each audience, all from one moment on.
  const found = async () => {
    const entries = (await outbox.find(push.id)).map(ref => outbox.show(ref));
    return (await Promise.all(entries)).filter(entry => entry !== undefined);
  };
  const isThrough = async () => {
    if ((await drop.held()).has(push.id)) return true;
    const entries = await found();
    return entries.length > 0 && entries.every(isTried);
  };
  const looks = { queued: 0, tried: 0 };
  for (;;) {
    const other = await holder(spool);
    const quiet = world.stderr.isTTY === true ? withoutLog(world) : world;
    const worked = other?.alive ? undefined : await workUntil(isThrough, quiet, workplace, signal);
    const held = (await drop.held()).get(push.id);
    if (held) {
      await drop.retire(push.id);
      throw worked?.held.get(push.id) ?? fault.notifyHeld(held.what, held.remedy);
    }
    const entries = await found();
    const isQueued = entries.length > 0;
    const stage = isQueued ? 'tried' : 'queued';
    const patient = looks[stage]++ < LOOKS[stage] && !signal.aborted;
    if (isQueued && (worked?.ran || entries.every(isTried) || !patient))
      return tell(world, push, entries, worked?.ran ? undefined : other?.pid);
    if (!isQueued && (await drop.condemned()).includes(push.id)) throw fault.notifyRefused(push.id);
    if (!patient) {
      world.stderr.write(
        `refpost: recorded: the worker (process ${other?.pid}) is at other pushes before it\n`,
      );
      return EX.TEMPFAIL;
    }
    await sleep(LOOK_AGAIN);
  }
}

/** Works on what is due, but little longer than until `isThrough`: what is left then has a worker of its own. */
async function workUntil(
  isThrough: () => Promise<boolean>,
  world: World,
  workplace: Workplace,
  signal: AbortSignal,
): Promise<Worked> {
  const enough = new AbortController();
  const work = runWorker(world, workplace, 'once', AbortSignal.any([signal, enough.signal]));
  const endsWithin = (time: number) =>
    Promise.race([work.then(() => true), sleep(time, false, { ref: false })]);
  try {
    for (let pause = LOOK_AGAIN; !(await endsWithin(pause)) && !(await isThrough()); ) pause *= 1.2;
    if (await endsWithin(GRACE)) return await work;
  } finally {
    enough.abort();
    await Promise.allSettled([work]);
  }
  await resumeWork(world, workplace);
  return work;
}

/** A person at a terminal is told how far it has come; the log has the rest. */
function withoutLog(world: World): World {
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  return { ...world, stderr, progress: text => text !== '' && world.progress(text) };
}

/** True when every recipient has got all mails, or has one that waits for another try. Nothing more becomes of a damaged one. */
function isTried(listed: ListedEntry): boolean {
  if (listed.damaged !== undefined) return true;
  const { state } = listed;
  return [...state.lanes].every(([recipient, number]) => {
    const waiting = mailState(state, number)?.get(recipient);
    return waiting?.state === 'waiting' && waiting.reply !== undefined;
  });
}

/** @param worker the process that goes on with what is queued */
function tell(
  world: World,
  { id }: Push,
  entries: readonly ListedEntry[],
  worker: number | undefined,
): number {
  const mails = entries
    .flatMap(listed => (listed.damaged === undefined ? mailStates(listed.state) : []))
    .map(recipients => [...recipients.values()]);
  const count = (name: string) => mails.filter(mail => mail.some(result => result.state === name)).length;
  const [sent, waiting, rejected] = [count('sent'), count('waiting'), count('rejected')];
  const reply = mails.flat().find(result => result.state !== 'sent')?.reply;
  const parts = [
    ...(sent > 0 || mails.length === 0 ? [`${counted(sent, 'mail')} sent`] : []),
    ...(waiting > 0 ? [`${counted(waiting, 'mail')} queued`] : []),
    ...(rejected > 0 ? [`${counted(rejected, 'mail')} given up`] : []),
  ];
  world.progress('');
  world.stderr.write(`refpost: ${parts.join(', ')}${reply === undefined ? '' : `: ${reply}`}\n`);
  if (waiting > 0 && worker !== undefined) world.stderr.write(`  the worker (process ${worker}) has them\n`);
  const isFailed =
    rejected > 0 || entries.some(({ ref, damaged }) => ref.place === 'failed' || damaged !== undefined);
  const name = entries.length > 1 ? id : entries[0]?.ref.number;
  if (waiting > 0 || isFailed) world.stderr.write(`  more: refpost outbox show ${name}\n`);
  if (isFailed) return EX.UNAVAILABLE;
  return waiting > 0 ? EX.TEMPFAIL : EX.OK;
}
