import { decodeMail } from '../delivery/decode.ts';
import { fault } from '../errors.ts';
import type { StoredMail } from '../model/outbox-entry.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import { dueMail } from '../outbox/due-mail.ts';
import { mailState, mailStates, type RecipientState } from '../outbox/entry-state.ts';
import type { EntryRef, ListedEntry, Outbox, Place } from '../outbox/outbox.ts';
import { visible, visibleLine } from '../render/visible.ts';
import { openWorkplace } from '../repository/workplace.ts';

type Readable = Extract<ListedEntry, { entry: object }>;

/** Whose outbox is meant: a folder of the repository, and settings for this run. */
interface Asked {
  readonly repo: string;
  readonly c?: readonly Override[];
}

async function outboxOf(world: World, { repo, c = [] }: Asked): Promise<Outbox> {
  const { spool, shared } = await openWorkplace(world, repo, c);
  return openOutbox(spool, shared);
}

/** `refpost outbox list`: one line for each push that is not finished, and for the finished ones on request. */
export async function listOutbox(world: World, repository: Asked, all: boolean): Promise<void> {
  const outbox = await outboxOf(world, repository);
  const places: readonly Place[] = all ? ['done', 'failed', 'queue'] : ['failed', 'queue'];
  let lines = 0;
  for (const place of places) {
    for await (const listed of outbox.entries(place)) {
      world.stdout.write(`${line(listed, world.now())}\n`);
      lines++;
    }
  }
  if (lines === 0) world.stderr.write('refpost: the outbox is empty\n');
}

/** `refpost outbox show`: what became of each mail of a push for each recipient. */
export async function showEntry(world: World, repository: Asked, name: string): Promise<void> {
  const outbox = await outboxOf(world, repository);
  world.stdout.write(details(await readable(outbox, name), world.now()));
}

/** `refpost outbox show ID MAIL`: one mail as its reader would see it, or with `raw` the stored bytes. */
export async function showMail(
  world: World,
  repository: Asked,
  name: string,
  { mail, raw }: { readonly mail: string; readonly raw: boolean },
): Promise<void> {
  const outbox = await outboxOf(world, repository);
  const { ref, entry } = await readable(outbox, name);
  const found = entry.mails.find(({ number }) => number === Number(mail));
  if (!found) throw fault.noSuchMail(name, mail, entry.mails.length);
  const stored = await outbox.readMail(entry, found.number);
  if (stored.damaged !== undefined) throw fault.damagedEntry(ref.number, stored.damaged);
  world.stdout.write(raw ? stored.bytes : mailText(stored.bytes));
}

/** `refpost outbox retry`: makes what was not sent due now. The worker at hand sees it at its next round. */
export async function retryEntries(world: World, repository: Asked, name: string | undefined): Promise<void> {
  const outbox = await outboxOf(world, repository);
  const refs = name === undefined ? await allRefs(outbox) : [await one(outbox, name)];
  for (const ref of refs) {
    await outbox.retry(ref, world.now());
    world.stderr.write(`refpost: push ${ref.number} is due now\n`);
  }
  if (refs.length === 0) world.stderr.write('refpost: there is nothing to retry\n');
}

/** `refpost outbox drop`: gives up all mails of a push that were not sent. */
export async function dropEntry(world: World, repository: Asked, name: string): Promise<void> {
  const outbox = await outboxOf(world, repository);
  const ref = await one(outbox, name);
  await outbox.drop(ref, world.now());
  world.stderr.write(`refpost: push ${ref.number} is dropped\n`);
}

async function allRefs(outbox: Outbox): Promise<EntryRef[]> {
  const refs: EntryRef[] = [];
  for (const place of ['failed', 'queue'] as const) {
    for await (const listed of outbox.entries(place)) refs.push(listed.ref);
  }
  return refs;
}

async function one(outbox: Outbox, name: string): Promise<EntryRef> {
  const found = await outbox.find(name);
  if (found.length > 1)
    throw fault.ambiguousEntry(
      name,
      found.map(ref => ref.id),
    );
  if (!found[0]) throw fault.noSuchEntry(name);
  return found[0];
}

async function readable(outbox: Outbox, name: string): Promise<Readable> {
  const listed = await outbox.show(await one(outbox, name));
  if (!listed) throw fault.noSuchEntry(name);
  if (listed.damaged !== undefined) throw fault.damagedEntry(listed.ref.number, listed.damaged);
  return listed;
}

/** Decoded, and harmless: a terminal obeys nothing in it. */
function mailText(bytes: Buffer): string {
  const { headers, text } = decodeMail(bytes);
  const lines = headers.map(([name, value]) => `${name}: ${visibleLine(value)}\n`);
  return `${lines.join('')}\n${visible(text)}`;
}

/** `7  queue   3 of 4 sent  next try in 5m  /srv/git/project.git  refs/heads/main  20261122T113000-9f86d081` */
function line(listed: ListedEntry, now: number): string {
  const { ref } = listed;
  if (listed.damaged !== undefined)
    return `${ref.number}\t${ref.place}\tdamaged: ${listed.damaged}\t${ref.id}`;
  const { entry } = listed;
  const refs = entry.push.updates.map(update => update.ref);
  const named = refs.length > 1 ? `${refs[0]} and ${refs.length - 1} more` : (refs[0] ?? entry.push.kind);
  return [
    ref.number,
    ref.place,
    progress(listed),
    nextTry(listed, now),
    entry.push.repository,
    visibleLine(named),
    ref.id,
  ].join('\t');
}

function progress({ entry, state }: Readable): string {
  const sent = mailStates(state).filter(recipients =>
    [...recipients.values()].every(each => each.state === 'sent'),
  ).length;
  return `${sent} of ${entry.mails.length} sent`;
}

function nextTry({ ref, state }: Readable, now: number): string {
  if (ref.place !== 'queue') return '-';
  const due = dueMail(state, now);
  return due.due === 'later' ? `next try ${new Date(due.at).toISOString()}` : 'due';
}

function details(listed: Readable, now: number): string {
  const { entry, state, ref } = listed;
  const head = [
    `Push:       ${entry.number} (${entry.push.id}), ${ref.place}, ${progress(listed)}, ${nextTry(listed, now)}`,
    `Repository: ${entry.push.repository}`,
    `Queued:     ${new Date(entry.queuedAt).toISOString()}`,
    ...entry.push.updates.map(
      update => `Ref:        ${visibleLine(update.ref)} ${update.old} -> ${update.new}`,
    ),
  ];
  const mails = entry.mails.flatMap(mail => [
    '',
    ...mailLines(mail, mailState(state, mail.number) ?? new Map()),
  ]);
  return `${[...head, ...mails].join('\n')}\n`;
}

function mailLines(mail: StoredMail, recipients: ReadonlyMap<string, RecipientState>): string[] {
  return [
    `Mail ${mail.number}: ${visibleLine(mail.subject)}`,
    `  ${mail.messageId}`,
    ...[...recipients].map(([recipient, state]) => `  ${recipient}: ${outcome(state)}`),
  ];
}

function outcome(state: RecipientState): string {
  const words = state.state === 'rejected' ? 'given up' : state.state;
  const tries = state.state === 'waiting' && state.attempts > 0 ? ` (${state.attempts} tries)` : '';
  const doubt = state.state === 'waiting' && state.uncertain ? ', may have been sent' : '';
  return `${words}${tries}${doubt}${state.reply === undefined ? '' : `: ${visibleLine(state.reply)}`}`;
}
