import { announce } from '../announce/announce.ts';
import { renderContexts } from '../announce/render-context.ts';
import { composeForWire } from '../delivery/compose.ts';
import { openSigners } from '../delivery/dkim.ts';
import { resent } from '../delivery/resent.ts';
import { fault } from '../errors.ts';
import type { Ledger } from '../model/ledger.ts';
import type { ComposedMail } from '../model/mail.ts';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import type { Push, Resend } from '../model/push.ts';
import type { World } from '../model/world.ts';
import { type Outbox, readEntry } from '../outbox/outbox.ts';
import type { Workplace } from '../repository/workplace.ts';
import type { WorkerContext } from './context.ts';
import { entryFields } from './log.ts';

export type PushAgain = Push & { readonly resend: Resend };

/** The mails, marked. A person who gets all of them gets what several audiences hear of once. */
export async function* mailsAgain(
  world: World,
  workplace: Workplace,
  outbox: Outbox,
  push: PushAgain,
  ledger: Ledger,
  largest?: (audience: string) => Promise<number>,
): AsyncGenerator<ComposedMail> {
  const { push: source, commit, to } = push.resend;
  const tellers = new Map<string, string>();
  const again = { push: push.id, ...(to === undefined ? {} : { to }) };
  const mails = source ? storedMails(outbox, source) : madeMails(world, workplace, push, ledger, largest);
  for await (const { mail, made } of mails) {
    const { about = mail.messageId, audience = '' } = mail;
    if (commit !== undefined && about !== commit) continue;
    const teller = tellers.get(about) ?? audience;
    tellers.set(about, teller);
    if (to === undefined ? mail.envelope.to.length === 0 : teller !== audience) continue;
    yield resent(mail, { ...again, ...(made === undefined ? {} : { later: push.time - made }) });
  }
}

/** @returns `made`: the time of its push, where it was stored */
interface Source {
  readonly mail: ComposedMail;
  readonly made?: number;
}

async function* storedMails(outbox: Outbox, id: string): AsyncGenerator<Source> {
  const refs = (await outbox.find(id)).filter(ref => ref.id === id);
  if (refs.length === 0) throw fault.noSuchEntry(id);
  for (const ref of refs) {
    const { entry } = await readEntry(outbox, ref);
    const audience = entry.audience === undefined ? {} : { audience: entry.audience };
    for (const { number, offset: _, length: __, sha256: ___, ...mail } of entry.mails) {
      const stored = await outbox.readMail(entry, number);
      if (stored.damaged !== undefined) throw fault.damagedEntry(entry.number, stored.damaged);
      yield { mail: { ...mail, ...audience, bytes: stored.bytes }, made: entry.push.time };
    }
  }
}

async function* madeMails(
  world: World,
  workplace: Workplace,
  push: Push,
  ledger: Ledger,
  largest?: (audience: string) => Promise<number>,
): AsyncGenerator<Source> {
  const contexts = await renderContexts(world, workplace);
  const { mails } = await announce(workplace.git, push, ledger, contexts, largest ? { largest } : {});
  for await (const mail of mails) yield { mail: composeForWire(mail) };
}

/** The worker's part: from the record to entries. */
export async function enterAgain(
  { world, workplaces, outbox, transports, log }: WorkerContext,
  push: PushAgain,
  ledger: Ledger,
): Promise<readonly OutboxEntry[]> {
  const workplace = await workplaces.of(push.repository, push.overrides);
  const sign = await openSigners(workplace.audiences);
  const largest = (audience: string) => transports.largest(push, audience);
  async function* signed() {
    for await (const mail of mailsAgain(world, workplace, outbox, push, ledger, largest)) yield sign(mail);
  }
  const entries = await outbox.add(push, signed(), { now: world.now() });
  const { push: source, commit, to } = push.resend;
  for (const entry of entries)
    log('queued', {
      ...entryFields(entry),
      repository: push.repository,
      mails: entry.mails.length,
      resent: source ?? 'anew',
      commit,
      to,
    });
  return entries;
}
