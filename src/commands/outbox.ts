import { decodeMail } from '../delivery/decode.ts';
import { openDrop } from '../drop/drop.ts';
import { fault } from '../errors.ts';
import { holder } from '../outbox/directory/lock.ts';
import { type EntryRef, entriesNamed, type Outbox, type Place, readEntry, refsIn } from '../outbox/outbox.ts';
import { visible, visibleLine } from '../render/visible.ts';
import { serverName } from '../repository/database-of.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import { NO_SPOOL, openWhere } from '../repository/workplace.ts';
import { entryText, isSent, outboxRows, outboxTable } from '../status/outbox-list.ts';
import { wakeWorker } from '../worker/wake.ts';
import type { Call, Command, Options } from './command.ts';

async function open({ world }: Call, { repo, c, server }: Options) {
  const workplace = await openWhere(world, repo, c);
  const say = (line: string) => world.stderr.write(`refpost: ${line}\n`);
  const outbox = await outboxOf(world, workplace, { shows: server });
  // What another server has recorded is there.
  const isHere = server === undefined || server === serverName(workplace.config);
  return { workplace, say, outbox, drop: openDrop(isHere ? workplace.spool : NO_SPOOL) };
}

/** `refpost outbox list`: one line for each push that is not finished, and for the finished ones on request. */
export const list: Command = async (call, options) => {
  const { world } = call;
  const { outbox, drop } = await open(call, options);
  const places: readonly Place[] = options.all ? ['done', 'failed', 'queue'] : ['failed', 'queue'];
  const rows = await outboxRows(outbox, drop, places, world.now());
  if (options.json) world.stdout.write(`${JSON.stringify(rows, undefined, 1)}\n`);
  else if (rows.length === 0) world.stderr.write('refpost: the outbox is empty\n');
  else world.stdout.write(outboxTable(rows, world.now(), world.stdout.isTTY ?? false));
};

/** `refpost outbox show`: what became of each mail of a push; or one mail as its reader sees it, with `raw` the stored bytes. */
export const show: Command = async (call, options, name = '', mail) => {
  const { world } = call;
  const { outbox } = await open(call, options);
  const refs = await ofPush(outbox, name);
  if (mail === undefined) {
    const shown = await Promise.allSettled(refs.map(ref => readEntry(outbox, ref)));
    const whole = shown.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
    world.stdout.write(whole.map(listed => entryText(listed, world.now())).join('\n'));
    for (const one of shown) if (one.status === 'rejected') throw one.reason;
    return;
  }
  if (refs.length > 1) throw fault.ambiguousEntry(name, refs);
  const { ref, entry } = await readEntry(outbox, refs[0]);
  const found = entry.mails.find(({ number }) => number === Number(mail));
  if (!found) throw fault.noSuchMail(name, mail, entry.mails.length);
  const stored = await outbox.readMail(entry, found.number);
  if (stored.damaged !== undefined) throw fault.damagedEntry(ref.number, stored.damaged);
  world.stdout.write(options.raw ? stored.bytes : mailText(stored.bytes));
};

/** `refpost outbox retry`: makes what was not sent due now, and sees to it that a worker comes for it. */
export const retry: Command = async (call, options, name) => {
  const { world, misused } = call;
  if ((name === undefined) !== (options.all === true)) misused('name a push, or --all');
  const { workplace, say, outbox, drop } = await open(call, options);
  const recorded = (await drop.names()).filter(id => name === undefined || id === name);
  const refs =
    name === undefined
      ? await refsIn(outbox, ['failed', 'queue'])
      : recorded.length > 0
        ? []
        : await ofPush(outbox, name);
  const before = await holder(workplace.spool);
  const damaged: Error[] = [];
  let due = recorded.length;
  for (const ref of refs) {
    const listed = await readEntry(outbox, ref).catch((error: Error) => error);
    if (listed instanceof Error) damaged.push(listed);
    else if (isSent(listed)) say(`push ${ref.number}: its mails are sent, there is nothing to retry`);
    else {
      await outbox.retry(ref, world.now());
      say(`push ${ref.number} is due now`);
      due++;
    }
  }
  for (const id of recorded) say(`push ${id} is recorded, and picked up by the next worker`);
  if (due > 0) {
    await outbox.nudge();
    say(await wakeWorker(world, workplace, before));
  } else if (refs.length === 0) say('there is nothing to retry');
  if (damaged[0]) throw damaged[0];
};

/** `refpost outbox drop`: gives up all mails of a push that were not sent, or takes away what is recorded of it. */
export const drop: Command = async (call, options, name = '') => {
  const { say, outbox, drop: records } = await open(call, options);
  if ((await records.names()).includes(name)) {
    await records.retire(name);
    return void say(`push ${name} is dropped: the next push to its refs brings its commits`);
  }
  for (const ref of await ofPush(outbox, name)) {
    const listed = await outbox.show(ref);
    if (listed && listed.damaged === undefined && isSent(listed))
      say(`push ${ref.number}: its mails are sent, there is nothing to drop`);
    else {
      await outbox.drop(ref, call.world.now());
      say(`push ${ref.number} is dropped`);
    }
  }
};

/** What a person means, one at the least. */
async function ofPush(outbox: Outbox, name: string): Promise<readonly [EntryRef, ...EntryRef[]]> {
  const [first, ...others] = await entriesNamed(outbox, name);
  if (!first) throw fault.noSuchEntry(name);
  return [first, ...others];
}

/** Decoded, and harmless: a terminal obeys nothing in it. */
function mailText(bytes: Buffer): string {
  const { headers, text } = decodeMail(bytes);
  const lines = headers.map(([name, value]) => `${name}: ${visibleLine(value)}\n`);
  return `${lines.join('')}\n${visible(text)}`;
}
