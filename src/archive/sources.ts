import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Asked, askedMails } from '../announce/asked-push.ts';
import { composeForWire } from '../delivery/compose.ts';
import { EX, fault, OperatorError } from '../errors.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import type { Override } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { type EntryRef, type Outbox, refsIn } from '../outbox/outbox.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import { openTolerated, openWorkplace, sectionOf } from '../repository/workplace.ts';
import type { AddressStyle } from './address-styles.ts';
import { readMails } from './mbox.ts';
import type { Delivery } from './page-values.ts';
import type { Look } from './pages.ts';

/** A repository, and settings of this run. */
interface Where {
  readonly repo: string;
  readonly c: readonly Override[];
}

/** How pages look by the settings of a repository; in no repository, by the defaults. @param addresses asked for in this run */
export async function lookIn(world: World, { repo, c }: Where, addresses?: AddressStyle): Promise<Look> {
  try {
    const { config } = sectionOf(await openTolerated(world, repo, c));
    return { addresses: addresses ?? config.archiveAddresses, templates: config.templates };
  } catch (error) {
    if (error instanceof OperatorError && error.exitCode === EX.NOINPUT)
      return { addresses: addresses ?? 'coded' };
    throw error;
  }
}

/** The mails of mbox files or maildirs. */
export async function* mailsInFiles(world: World, names: readonly string[]): AsyncGenerator<Buffer> {
  const paths = names.map(name => resolve(world.cwd, name));
  const missing = paths.find(path => !existsSync(path));
  if (missing !== undefined) throw fault.noSuchMbox(missing);
  for (const path of paths) yield* readMails(path);
}

/** Is told how each mail of refpost's own is sent, before the mail comes. */
type Note = (messageId: string, delivery: Delivery) => void;

/** The mails of a push in the outbox, or of all. */
export async function* mailsInOutbox(
  world: World,
  { repo, c }: Where,
  name?: string,
  note: Note = () => {},
): AsyncGenerator<Buffer> {
  const workplace = await openTolerated(world, repo, c);
  const outbox = await outboxOf(world, workplace);
  const refs = name === undefined ? await everything(outbox) : await outbox.find(name);
  if (refs.length === 0 && name !== undefined) throw fault.noSuchEntry(name);
  for (const ref of refs) {
    const listed = await outbox.show(ref);
    if (!listed || listed.damaged !== undefined) continue;
    const { mails, audience } = listed.entry;
    const { maxSize } = sectionOf(workplace, audience).config;
    for (const { messageId, envelope } of mails) note(messageId, { envelope, maxSize });
    yield* mailsOfEntry(outbox, listed.entry);
  }
}

/** The mails of an entry as they are sent, without those that are damaged. */
export async function* mailsOfEntry(
  outbox: Pick<Outbox, 'readMail'>,
  entry: OutboxEntry,
): AsyncGenerator<Buffer> {
  for (const { number } of entry.mails) {
    const stored = await outbox.readMail(entry, number);
    if (stored.damaged === undefined) yield stored.bytes;
  }
}

async function everything(outbox: Outbox): Promise<readonly EntryRef[]> {
  return (await refsIn(outbox, ['done', 'failed', 'queue'])).sort((a, b) => a.number - b.number);
}

/** What a push would bring, as it would be sent. */
export async function* mailsOfPush(
  world: World,
  { repo, c }: Where,
  asked: Omit<Asked, 'overrides'>,
  note: Note,
): AsyncGenerator<Buffer> {
  const workplace = await openWorkplace(world, repo, c);
  const { mails } = await askedMails(world, workplace, { ...asked, overrides: c });
  for await (const mail of mails) {
    const { maxSize } = sectionOf(workplace, mail.audience).config;
    note(mail.messageId, { envelope: mail.envelope, maxSize });
    yield composeForWire(mail).bytes;
  }
}
