import { createHash } from 'node:crypto';
import type { OutboxEntry } from '../model/outbox-entry.ts';
import type { Alarm, GivenUpMail } from '../model/status.ts';
import { type EntryState, mailState } from '../outbox/entry-state.ts';

/** What the administrator is told of a push of which mails were given up. */
export function givenUp({ number, push, mails }: OutboxEntry, state: EntryState): Alarm {
  const given = mails.map((mail): GivenUpMail => {
    const rejected = [...(mailState(state, mail.number) ?? [])].filter(
      ([, { state }]) => state === 'rejected',
    );
    const recipients = rejected.map(([address, { reply = '' }]) => ({ address, reply }));
    return { number: mail.number, subject: mail.subject, recipients };
  });
  return {
    kind: 'given-up',
    entry: number,
    push: push.id,
    refs: push.updates.map(({ ref }) => ref),
    mails: given.filter(({ recipients }) => recipients.length > 0),
  };
}

/** Another one when the push is given up again after a person's retry: the moments are others then. */
export function givenUpId({ push }: OutboxEntry, state: EntryState): string {
  const ends = state.mails.map(recipients =>
    [...recipients].map(([address, end]) => (end.state === 'rejected' ? [address, end.at] : [])),
  );
  const hash = createHash('sha256').update(JSON.stringify(ends)).digest('hex');
  return `alarm-${push.id}-${hash.slice(0, 8)}`;
}
