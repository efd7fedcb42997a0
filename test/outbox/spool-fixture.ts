import type { TestContext } from 'node:test';
import { createSpool } from '../../src/disk/create-spool.ts';
import type { ComposedMail } from '../../src/model/mail.ts';
import type { JournalEvent, OutboxEntry, StoredMail } from '../../src/model/outbox-entry.ts';
import type { Push } from '../../src/model/push.ts';
import { openOutbox } from '../../src/outbox/directory/open-outbox.ts';
import { type EntryState, mailStates, newState } from '../../src/outbox/entry-state.ts';
import type { AddOptions, Claim, DamagedEntry, Outbox } from '../../src/outbox/outbox.ts';
import { pushOf } from '../fixtures/nouns.ts';
import { temporaryFolder } from '../fixtures/repository.ts';

export const REPOSITORY = '/srv/git/project.git';
export const ADA = 'ada@example.org';
export const BOB = 'bob@example.org';

/** Sat Nov 22 11:30:00 2026. */
export const NOON = Date.UTC(2026, 10, 22, 11, 30);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export interface TestSpool {
  readonly root: string;
  readonly outbox: Outbox;
}

/** A spool in a fresh folder and its outbox, ready to take pushes in. */
export async function testSpool(t: TestContext, shared: string = 'umask'): Promise<TestSpool> {
  const root = `${temporaryFolder(t)}/spool`;
  await createSpool(root, shared);
  return { root, outbox: await reopen({ root }) };
}

/** What the next worker process sees. */
export async function reopen({ root }: { readonly root: string }): Promise<Outbox> {
  const outbox = openOutbox(root, 'umask');
  await outbox.recover();
  return outbox;
}

export function testPush(id: string): Push {
  return pushOf(id, NOON);
}

export function testMail(text: string, ...to: readonly string[]): ComposedMail {
  const bytes = Buffer.from(`Subject: ${text}\n\nbody of ${text}\n`);
  const envelope = { from: 'git@example.org', to: to.length > 0 ? to : [ADA] };
  return { envelope, messageId: `<${text}@example.org>`, subject: text, bytes };
}

/** A mail to Ada for an audience. */
export function audienceMail(audience: string, text: string): ComposedMail {
  return { ...testMail(text), audience };
}

export async function* stream(...mails: readonly ComposedMail[]): AsyncGenerator<ComposedMail> {
  yield* mails;
}

/** An entry of mails to the recipients given, without any bytes. */
export function entryTo(...mails: readonly (readonly string[])[]): OutboxEntry {
  const stored = mails.map((to, index): StoredMail => {
    const number = index + 1;
    const envelope = { from: 'git@example.org', to };
    return { number, messageId: `<${number}@x>`, subject: 's', envelope, offset: 0, length: 0, sha256: '' };
  });
  return { number: 1, push: testPush('p'), queuedAt: NOON, mails: stored };
}

/** Adds a push of mails whose texts are given, all to Ada. */
export function addPush(
  outbox: Outbox,
  id: string,
  texts: readonly string[],
  options: AddOptions = { now: NOON },
): Promise<OutboxEntry> {
  return addMails(
    outbox,
    id,
    texts.map(text => testMail(text)),
    options,
  );
}

/** Adds a push of these mails, all of one audience. */
export async function addMails(
  outbox: Outbox,
  id: string,
  mails: readonly ComposedMail[],
  options: AddOptions = { now: NOON },
): Promise<OutboxEntry> {
  const [entry, ...others] = await outbox.add(testPush(id), stream(...mails), options);
  if (!entry || others.length > 0) throw new Error(`${others.length + 1} entries`);
  return entry;
}

export function happened(
  event: JournalEvent['event'],
  mail: number,
  rest: Partial<JournalEvent> = {},
): JournalEvent {
  return { at: NOON, event, mail, ...rest };
}

/** All that `due` offers, without doing anything about it. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of iterable) all.push(one);
  return all;
}

/** What is due, each claimed until the next one is asked for. */
export async function* claims(outbox: Outbox, now: number): AsyncGenerator<Due> {
  for await (const listed of outbox.due(now, new Set())) {
    if (listed.damaged !== undefined) yield listed;
    const claim = listed.damaged === undefined ? await outbox.claim(listed.ref) : undefined;
    if (!claim) continue;
    try {
      yield { ...claim, damaged: undefined };
    } finally {
      await outbox.release(claim);
    }
  }
}

export type Due = (Claim & { readonly damaged: undefined }) | DamagedEntry;

export async function dueNumbers(outbox: Outbox, now: number): Promise<number[]> {
  return (await collect(claims(outbox, now))).map(entryOf).map(entry => entry.number);
}

/** An entry as the first worker of a spool has claimed it. */
export function claimOf(entry: OutboxEntry): Claim {
  return { entry, state: newState(entry), epoch: 1 };
}

export function entryOf(queued: Due | undefined): OutboxEntry {
  if (queued?.damaged !== undefined || !queued) throw new Error('no whole entry');
  return queued.entry;
}

/** `waiting`, `sent` … of each mail for a recipient. */
export function statesOf(state: EntryState, recipient: string = ADA): (string | undefined)[] {
  return mailStates(state).map(recipients => recipients.get(recipient)?.state);
}
