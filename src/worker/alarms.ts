import { createHash } from 'node:crypto';
import { recordedAt } from '../drop/drop.ts';
import { DatabaseAway } from '../errors.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import type { Override, Push } from '../model/push.ts';
import type { Alarm, GivenUpMail } from '../model/status.ts';
import { type EntryState, hasRejected, mailState, mailStates } from '../outbox/entry-state.ts';
import type { EntryRef, Outbox } from '../outbox/outbox.ts';
import { sectionOf, type Tolerated, type Workplace } from '../repository/workplace.ts';
import { readStatus } from '../status/status.ts';
import { transportRemedy } from '../status/troubles.ts';
import type { WorkerContext } from './context.ts';
import type { LogFields } from './log.ts';
import { connectionKey, hasTransport } from './transports.ts';

export type Alarms = ReturnType<typeof openAlarms>;

const WAITING = 'alarm-waiting-';

/**
 * Tells the administrator. An alarm is an entry of the outbox like any other, and goes out by the same transport: nothing of it is
 * lost, and it waits where the mails wait of which it tells. Its name is made from what it tells, so that it is
 * made once however often the worker dies and comes to the same point again. No alarm is raised about an alarm.
 */
export function openAlarms(context: WorkerContext) {
  const { world, outbox, drop, workplace, workplaces, log, shows } = context;
  let raised = false;
  const heard = new Set<unknown>();
  let isNew = false;

  async function raise(id: string, alarm: Alarm, place: Workplace, overrides: readonly Override[]) {
    const { administrator } = place.config;
    if (administrator === undefined || (await outbox.knows(id))) return;
    const push: Push = {
      ...{ kind: 'alarm', id, repository: place.git.gitDir, time: world.now() },
      ...{ updates: [], options: [], environment: {}, overrides },
    };
    const { alarmMails } = await import('./alarm-mails.ts');
    const mails = alarmMails(alarm, push, administrator, world, place);
    const [entry] = await outbox.add(push, mails, { now: world.now() });
    const subject = entry?.mails[0]?.subject;
    log('alarm', { push: id, entry: entry?.number, to: administrator, subject });
    raised = true;
  }

  /** What is wrong with an alarm (a template, a full disk) must not stop the mails. */
  async function attempt(about: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof DatabaseAway) throw error;
      log('held', { alarm: about, reason: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  async function tellHeld(): Promise<void> {
    const { held, transports } = await readStatus(world, workplace, { withoutAlarms: true, shows });
    for (const { first, what, remedy } of held) {
      const place = [await placeOf(first), workplace].find(found => hasTransport(found));
      if (place) await raise(heldId(first, what), { kind: 'held', reason: { what, remedy } }, place, []);
    }
    for (const { first, audience, words, lasting } of transports) {
      // By the transport that does not work nobody can be told: status does that.
      if (!lasting || routeKey(await placeOf(first), audience) === routeKey(workplace)) continue;
      const reason = { what: words, remedy: transportRemedy(words) };
      await raise(heldId(first, words), { kind: 'held', reason }, workplace, []);
    }
  }

  /** Whose administrator is told of a push: that of its repository, or the worker's where that cannot be had. */
  async function placeOf(id: string): Promise<Tolerated> {
    const [ref] = await outbox.find(id);
    const found = await (ref ? outbox.show(ref) : drop.read(id).catch(() => undefined));
    const { push } = found && 'entry' in found ? found.entry : found && 'push' in found ? found : {};
    return push ? workplaces.tolerated(push.repository, []).catch(() => workplace) : workplace;
  }

  /** False if nothing can have waited since before `limit`, or an earlier alarm about it is still queued. Reads one entry. */
  async function mayWait(limit: number): Promise<boolean> {
    const recorded = (await drop.names()).some(name => (recordedAt(name) ?? limit) < limit);
    const isOld = recorded || (await headIsOlder(outbox, limit));
    return isOld && !(await outbox.find(WAITING)).some(ref => ref.place === 'queue');
  }

  return {
    /** The log, read along: when it says of something for the first time that it is held, the next `watch` looks into it. */
    log: (event: string, fields: LogFields) => {
      const reason = fields.reason ?? fields.reply;
      const isHeld = event === 'held' || fields.lasting !== undefined;
      isNew ||= isHeld && !heard.has(reason);
      if (isHeld) heard.add(reason);
      log(event, fields);
    },
    /**
     * To be called before an entry leaves the queue: a worker that dies in between finds it there again. False if the alarm
     * cannot be stored now: the entry stays in the queue until it can.
     */
    stored: async (entry: OutboxEntry, state: EntryState) => {
      const { push } = entry;
      if (push.kind === 'alarm' || !hasRejected(state)) return true;
      return attempt(push.id, async () => {
        // Where its repository is gone, the worker's own settings decide.
        const place = await workplaces.tolerated(push.repository, push.overrides).catch(() => workplace);
        await raise(givenUpId(entry, state), givenUp(entry, state), place, push.overrides);
      });
    },
    /** Tells of an entry that was put aside. */
    damaged: async (ref: EntryRef, reason: string) => {
      const alarm: Alarm = { kind: 'damaged', entry: ref.number, push: ref.id, reason };
      await attempt(ref.id, () => raise(`alarm-${ref.id}-damaged`, alarm, workplace, []));
    },
    /**
     * Tells of what waits for a person, once for each reason; and of pushes that wait for longer than refpost.warnAfter: one mail a
     * day, and none while the last one waits itself.
     */
    watch: async () => {
      if (isNew) {
        isNew = false;
        await attempt('held', tellHeld);
      }
      const { warnAfter, administrator } = workplace.config;
      const id = `${WAITING}${new Date(world.now()).toISOString().slice(0, 10)}`;
      if (administrator === undefined || (await outbox.knows(id))) return;
      await attempt(id, async () => {
        if (!(await mayWait(world.now() - warnAfter))) return;
        const status = await readStatus(world, workplace, { withoutAlarms: true, shows });
        if (status.troubles.some(({ kind }) => kind === 'waiting'))
          await raise(id, { kind: 'waiting', status }, workplace, []);
      });
    },
    /** True if alarms were stored since it was last asked: they want delivering. */
    raised: () => {
      const before = raised;
      raised = false;
      return before;
    },
  };
}

/** No entry has waited for longer than the first one is in the queue. */
async function headIsOlder(outbox: Outbox, limit: number): Promise<boolean> {
  for await (const listed of outbox.entries('queue')) {
    if (listed.damaged === undefined) return listed.entry.queuedAt < limit;
  }
  return false;
}

/** Another one when the same befalls another push later: the first that it holds is another then. */
function heldId(first: string, what: string): string {
  return `alarm-held-${first}-${shortHash(what)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** How mails of a repository go out to an audience, as a key. */
function routeKey(place: Workplace, audience?: string): string {
  const { config } = sectionOf(place, audience);
  return JSON.stringify([connectionKey(config), config.from, config.envelopeFrom]);
}

/** What the administrator is told of a push of which mails were given up. */
function givenUp({ number, push, audience, mails }: OutboxEntry, state: EntryState): Alarm {
  const given = mails.map(({ number, subject }): GivenUpMail => {
    const recipients = [...(mailState(state, number) ?? [])].flatMap(([address, end]) =>
      end.state === 'rejected' ? [{ address, reply: end.reply ?? '' }] : [],
    );
    return { number, subject, recipients };
  });
  return {
    kind: 'given-up',
    entry: number,
    push: push.id,
    ...(audience === undefined ? {} : { audience }),
    refs: push.updates.map(({ ref }) => ref),
    mails: given.filter(({ recipients }) => recipients.length > 0),
  };
}

/** Another one when the push is given up again after a person's retry: the moments are others then. */
function givenUpId({ push, audience }: OutboxEntry, state: EntryState): string {
  const ends = mailStates(state).map(recipients =>
    [...recipients].map(([address, end]) => (end.state === 'rejected' ? [address, end.at] : [])),
  );
  const told = audience === undefined ? ends : [audience, ends];
  return `alarm-${push.id}-${shortHash(JSON.stringify(told))}`;
}
