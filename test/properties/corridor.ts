import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSpool } from '../../src/disk/create-spool.ts';
import { openDrop } from '../../src/drop/drop.ts';
import { formatRecord } from '../../src/drop/record.ts';
import type { Push } from '../../src/model/push.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { openWorkplaces } from '../../src/repository/workplaces.ts';
import { pickUp } from '../../src/worker/pick-up.ts';
import { testWorld } from '../fixtures/world.ts';

/** A repository's way from recorded pushes to stored mails, in this process, with a clock that is set by hand. */
export interface Corridor {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  wait(milliseconds: number): void;
  /** What the hook does. */
  record(push: Push): Promise<void>;
  /** What the worker does with all records that it finds. */
  pickUp(): Promise<void>;
  /** Lets the worker look again until no push waits for another any more. */
  finish(): Promise<void>;
  /** The mails so far, in their bytes, with the push that each belongs to, in the order of queueing. */
  mails(): Promise<readonly StoredBytes[]>;
  /** What was said in the log that is no ordinary course of things. */
  readonly complaints: readonly string[];
}

export interface StoredBytes {
  readonly push: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly bytes: Buffer;
}

export const RECIPIENT = 'commits@example.org';

/** Opens a corridor for a bare repository that nothing was announced of yet. */
export async function openCorridor(repository: string): Promise<Corridor> {
  let now = Date.UTC(2024, 5, 1, 12);
  const complaints: string[] = [];
  appendFileSync(join(repository, 'config'), `[refpost]\n\tto = ${RECIPIENT}\n`);
  const world = testWorld({ now: () => now });
  const spool = join(repository, 'refpost');
  const drop = openDrop(spool);
  await createSpool(spool, 'umask');
  const outbox = openOutbox(spool, 'umask');
  await outbox.recover();
  await outbox.baseline(repository, { refs: new Map() });
  const workplaces = openWorkplaces(world);
  const workplace = await workplaces.of(repository, []);
  const context = {
    world,
    workplace,
    workplaces,
    drop,
    outbox,
    signal: new AbortController().signal,
    retry: workplace.config.retry,
    transports: {
      route: () => Promise.reject(new Error('nothing is sent')),
      largest: async () => 0,
      reopen: () => {},
      hangUp: async () => false,
      close: async () => {},
    },
    heldReasons: new Map<string, string>(),
    log: (event: string, fields: object) => {
      if (event !== 'queued') complaints.push(`${event} ${JSON.stringify(fields)}`);
    },
  };
  return {
    now: () => now,
    wait(milliseconds) {
      now += milliseconds;
    },
    record: push => drop.store(push.id, formatRecord(push)),
    async pickUp() {
      await pickUp(context);
    },
    async finish() {
      for (;;) {
        const { lookAgain, held } = await pickUp(context);
        if (held.size > 0) throw [...held.values()][0];
        if (lookAgain === Number.POSITIVE_INFINITY) return;
        now = Math.max(now, lookAgain);
      }
    },
    async mails() {
      const all: (StoredBytes & { readonly number: number })[] = [];
      for (const place of ['queue', 'done'] as const) {
        for await (const listed of outbox.entries(place)) {
          if (!('entry' in listed)) throw new Error(`${listed.ref.id}: ${listed.damaged}`);
          const { push, mails, number } = listed.entry;
          for (const { number: mail, envelope } of mails) {
            const stored = await outbox.readMail(listed.entry, mail);
            if (stored.damaged !== undefined) throw new Error(stored.damaged);
            all.push({ number, push: push.id, envelope, bytes: stored.bytes });
          }
        }
      }
      return all.sort((one, other) => one.number - other.number);
    },
    complaints,
  };
}
