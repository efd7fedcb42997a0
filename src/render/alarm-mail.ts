import type { Mail } from '../model/mail.ts';
import { spanText } from '../model/numbers.ts';
import type { Push } from '../model/push.ts';
import type { Alarm, Status } from '../model/status.ts';
import { sender } from './people.ts';
import { messageId } from './render-notice.ts';
import type { RenderContext } from './templates.ts';
import { visible, visibleLine } from './visible.ts';

/** Most mails, and most recipients of each, that are listed: the outbox has them all. */
const LISTED_MAILS = 50;
const LISTED_RECIPIENTS = 10;

/** The mail that tells the administrator of something. `push` is the entry that carries it. Pure. */
export function alarmMail(alarm: Alarm, push: Push, to: string, context: RenderContext): Mail {
  const { config, host, repositoryName } = context;
  // Nobody's commit is what it is about.
  const words: Readonly<Record<string, string>> = { repository: repositoryName, host };
  const from = sender(word => words[word] ?? '', 'refpost', context);
  const repository = visibleLine(repositoryName);
  const subjects: Readonly<Record<Alarm['kind'], string>> = {
    'given-up': `mails about ${repository} were given up`,
    damaged: `push ${'entry' in alarm ? alarm.entry : ''} on ${host} is damaged`,
    held: `mails about ${repository} are held`,
    waiting: `pushes wait on ${host}`,
  };
  return {
    envelope: { from: config.envelopeFrom ?? from.address, to: [to] },
    messageId: messageId(push, 'administrator', context),
    from,
    to: [to],
    subject: `refpost: ${subjects[alarm.kind]}`,
    date: push.time,
    headers: [
      ['X-Git-Repo', repository],
      ['Auto-Submitted', 'auto-generated'],
    ],
    text: context.templates('administrator', { ...valuesOf(alarm), repository, host }),
  };
}

/** A template may ask for any of them; those that there are not are null. */
function valuesOf(alarm: Alarm): object {
  return {
    givenUp: alarm.kind === 'given-up' ? givenUpValues(alarm) : null,
    damaged: alarm.kind === 'damaged' ? { ...alarm, reason: visibleLine(alarm.reason) } : null,
    held:
      alarm.kind === 'held'
        ? { what: visible(alarm.reason.what), remedy: visible(alarm.reason.remedy) }
        : null,
    waiting: alarm.kind === 'waiting' ? waitingValues(alarm.status) : null,
  };
}

function givenUpValues({
  entry,
  push,
  audience = '',
  refs,
  mails,
}: Extract<Alarm, { kind: 'given-up' }>): object {
  return {
    entry,
    push,
    audience: audience || null,
    refs: refs.slice(0, LISTED_MAILS).map(visibleLine),
    count: mails.length,
    mails: mails.slice(0, LISTED_MAILS).map(({ number, subject, recipients }) => ({
      number,
      subject: visibleLine(subject),
      recipients: recipients
        .slice(0, LISTED_RECIPIENTS)
        .map(({ address, reply }) => ({ address: visibleLine(address), reply: visibleLine(reply) })),
      more: Math.max(0, recipients.length - LISTED_RECIPIENTS),
    })),
    more: Math.max(0, mails.length - LISTED_MAILS),
  };
}

function waitingValues(status: Status): object {
  const { at, oldest, warnAfter, recorded, queued, waitingFor = '', lastError } = status;
  return {
    oldest: spanText(at - (oldest ?? at)),
    limit: spanText(warnAfter),
    recorded,
    pushes: queued.pushes,
    mails: queued.mails,
    reason: visibleLine(waitingFor),
    lastError: lastError ? `${new Date(lastError.at).toISOString()} ${visibleLine(lastError.words)}` : null,
  };
}
