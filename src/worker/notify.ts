import { Writable } from 'node:stream';
import { announce } from '../announce/announce.ts';
import { type Asked, askedPush } from '../announce/asked-push.ts';
import { renderContext } from '../announce/render-context.ts';
import { createSpool, refuseForeignSpool } from '../disk/create-spool.ts';
import { openDrop } from '../drop/drop.ts';
import { formatRecord } from '../drop/record.ts';
import { EX, fault } from '../errors.ts';
import { counted } from '../model/counted.ts';
import type { Push } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import { type EntryState, mailState, mailStates } from '../outbox/entry-state.ts';
import type { ListedEntry, Outbox } from '../outbox/outbox.ts';
import type { Workplace } from '../repository/workplace.ts';
import { runWorker } from './worker.ts';

/** How long to wait between two looks at what another worker does with the push, in milliseconds. */
const LOOK_AGAIN = 200;

/**
 * `refpost notify`: announces what a person asks for, the way every push goes: recorded, taken into the outbox by the one
 * worker, delivered. Waits until each mail was tried, says how it went, and returns the exit code.
 */
export async function notifyAsked(
  world: World,
  workplace: Workplace,
  asked: Asked,
  signal: AbortSignal,
): Promise<number> {
  const { git, config, spool, shared } = workplace;
  if (config.to.length === 0) throw fault.noRecipients(git.gitDir);
  const push = await askedPush(git, world.now(), asked);
  const terminal = world.stderr.isTTY === true;
  if (terminal) {
    const { plan } = await announce(git, push, { refs: new Map() }, renderContext(world, workplace));
    const recipients = counted(config.to.length, 'recipient');
    world.stderr.write(`refpost: ${counted(plan.notices.length, 'mail')} to ${recipients}\n`);
  }
  await createSpool(spool, shared);
  await refuseForeignSpool(spool);
  await openDrop(spool).store(push.id, formatRecord(push));
  const outbox = openOutbox(spool, shared);
  for (;;) {
    const worked = await runWorker(terminal ? withoutLog(world) : world, workplace, 'once', signal);
    const reason = worked.held.get(push.id);
    if (reason) throw reason;
    const entry = await find(outbox, push);
    if (entry && 'entry' in entry && (worked.ran || isTried(entry.state))) return tell(world, entry);
    if (signal.aborted) return EX.TEMPFAIL;
    await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN));
  }
}

/** A person at a terminal is told how far it has come; the log has the rest. */
function withoutLog(world: World): World {
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  return { ...world, stderr, progress: text => text !== '' && world.progress(text) };
}

async function find(outbox: Outbox, push: Push): Promise<ListedEntry | undefined> {
  const [ref] = await outbox.find(push.id);
  return ref && outbox.show(ref);
}

/** True when every recipient has got all mails, or has one that was put off. */
function isTried(state: EntryState): boolean {
  return [...state.lanes].every(([recipient, number]) => {
    const waiting = mailState(state, number)?.get(recipient);
    return waiting?.state === 'waiting' && waiting.reply !== undefined;
  });
}

function tell(world: World, { entry, state, ref }: Extract<ListedEntry, { entry: object }>): number {
  const mails = mailStates(state).map(recipients => [...recipients.values()]);
  const results = mails.flat();
  const count = (name: string) => mails.filter(mail => mail.some(result => result.state === name)).length;
  const [sent, waiting, rejected] = [count('sent'), count('waiting'), count('rejected')];
  world.progress('');
  const reply = results.find(result => result.state !== 'sent')?.reply;
  const parts = [
    ...(sent > 0 || results.length === 0 ? [`${counted(sent, 'mail')} sent`] : []),
    ...(waiting > 0 ? [`${counted(waiting, 'mail')} queued`] : []),
    ...(rejected > 0 ? [`${counted(rejected, 'mail')} given up`] : []),
  ];
  world.stderr.write(`refpost: ${parts.join(', ')}${reply === undefined ? '' : `: ${reply}`}\n`);
  if (waiting + rejected > 0) world.stderr.write(`  refpost outbox show ${entry.number} tells more\n`);
  if (ref.place === 'failed' || rejected > 0) return EX.UNAVAILABLE;
  return waiting > 0 ? EX.TEMPFAIL : EX.OK;
}
