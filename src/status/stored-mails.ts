import { fault } from '../errors.ts';
import type { OutboxEntry, StoredMail } from '../model/outbox-entry.ts';
import type { World } from '../model/world.ts';
import { mailState } from '../outbox/entry-state.ts';
import { entriesNamed, mailsAbout, type ReadableEntry, readEntry } from '../outbox/outbox.ts';
import { outboxOf } from '../repository/outbox-of.ts';
import type { Tolerated } from '../repository/workplace.ts';
import { entryText } from './outbox-list.ts';

interface StoredMails {
  readonly listed: ReadableEntry;
  readonly mails: readonly StoredMail[];
}

/**
 * `refpost explain` of what an outbox has, for which no repository is needed: the mails of a commit, a Message-ID or a push, from whichever server, and what
 * became of each. By which setting somebody gets one is known where the repository is.
 */
export async function explainStored(
  world: World,
  place: Tolerated,
  {
    name,
    server,
    json,
  }: { readonly name: string; readonly server?: string | undefined; readonly json?: true | undefined },
): Promise<void> {
  const { stdout, now } = world;
  if (server !== undefined && place.config.outbox === undefined) throw place.wrong ?? fault.noFleet();
  const outbox = await outboxOf(world, place, { shows: server });
  const id = /^[^\s<>]+@[^\s<>]+$/.test(name) ? `<${name}>` : name;
  const found: StoredMails[] = [];
  for await (const listed of outbox.about(id)) found.push({ listed, mails: mailsAbout(listed.entry, id) });
  if (found.length === 0)
    for (const ref of await entriesNamed(outbox, name)) {
      const listed = await readEntry(outbox, ref);
      found.push({ listed, mails: listed.entry.mails });
    }
  if (found.length === 0) throw fault.nothingStored(name);
  stdout.write(
    json
      ? `${JSON.stringify({ pushes: found.map(pushJson) }, undefined, 1)}\n`
      : found.map(({ listed, mails }) => entryText(listed, now(), mails)).join('\n'),
  );
}

function pushJson({ listed: { entry, state, ref }, mails }: StoredMails) {
  const { number, server, push, audience = '' } = entry satisfies OutboxEntry;
  return {
    ...{ number, push: push.id, server, repository: push.repository, audience, state: ref.place },
    queuedAt: new Date(entry.queuedAt).toISOString(),
    mails: mails.map(mail => ({
      ...{ messageId: mail.messageId, subject: mail.subject, about: mail.about },
      recipients: [...(mailState(state, mail.number) ?? [])].map(([address, { state, reply }]) => ({
        ...{ address, state: state === 'rejected' ? 'given up' : state, reply },
      })),
    })),
  };
}
