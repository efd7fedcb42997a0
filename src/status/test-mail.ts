import { renderContexts } from '../announce/render-context.ts';
import { withHtml } from '../announce/with-html.ts';
import { lookFor, thereText } from '../config/receivers.ts';
import { composeForWire } from '../delivery/compose.ts';
import { openSigner } from '../delivery/dkim.ts';
import { openSender } from '../delivery/sender.ts';
import { senderOptions } from '../delivery/sender-options.ts';
import { describeTransport, resolveTransport } from '../delivery/transport.ts';
import { EX, fault } from '../errors.ts';
import { distinct, verpSender } from '../model/address.ts';
import type { Audience } from '../model/config.ts';
import type { Attempt, ComposedMail, DeliveryResult, Sender } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { World } from '../model/world.ts';
import type { RenderContext } from '../render/templates.ts';
import { testMail } from '../render/test-mail.ts';
import { visible } from '../render/visible.ts';
import type { Workplace } from '../repository/workplace.ts';
import { transportRemedy } from './troubles.ts';

export interface TestMailCall {
  /** Names the mails. */
  readonly id: string;
  /** Who gets them; undefined: those who get all others. */
  readonly to: readonly string[] | undefined;
  /** Only this one; undefined: each. */
  readonly audience: string | undefined;
}

/**
 * `refpost test-mail`: sends a marked mail for each audience, as its other mails are made and sent, but past the outbox: says what the server
 * says, and what to look for at the other end. Nothing is tried again. Returns the exit code of the worst.
 */
export async function sendTestMails(
  world: World,
  workplace: Workplace,
  { id, to, audience }: TestMailCall,
  signal: AbortSignal,
): Promise<number> {
  const chosen = workplace.audiences.filter(({ name }) => audience === undefined || name === audience);
  if (chosen.length === 0) throw fault.noSuchAudience(audience ?? '', workplace.git.gitDir);
  const push: Push = {
    kind: 'push',
    id,
    repository: workplace.git.gitDir,
    time: world.now(),
    updates: [],
    options: [],
    environment: {},
    overrides: [],
  };
  const say = (line: string) => world.stdout.write(`${visible(line)}\n`);
  const codes: number[] = [];
  for (const one of chosen) {
    if (chosen.length > 1) say(`${one.name === '' ? 'the default audience' : `audience ${one.name}`}:`);
    const mail = await mailFor(world, workplace, one, push, to);
    if (mail.envelope.to.length > 0) codes.push(await sendOne(world, one, mail, say, signal));
    else say('it has no recipient but people of a push: name one with --to');
  }
  if (codes.length === 0) throw fault.noRecipients(push.repository);
  return [EX.UNAVAILABLE, EX.TEMPFAIL].find(code => codes.includes(code)) ?? EX.OK;
}

/** To the recipients that all pushes have, or to those that are named. */
async function mailFor(
  world: World,
  { git }: Workplace,
  audience: Audience,
  push: Push,
  named: readonly string[] | undefined,
): Promise<ComposedMail> {
  const [context] = (await renderContexts(world, { git, audiences: [audience] })) as [RenderContext];
  const { config } = audience;
  const to = named ?? config.to;
  const [cc, bcc] = named ? [[], []] : [config.cc.addresses, config.bcc.addresses];
  const { plan, content, position, mail: made } = testMail(push, context);
  const mail = withHtml(made, plan, content, position, context);
  const envelope = { from: mail.envelope.from, to: distinct([...to, ...cc, ...bcc]) };
  const shown = (field: 'To' | 'Cc', list: readonly string[]) =>
    config.omitHeader.includes(field) ? [] : list;
  const header = { to: shown('To', to), cc: shown('Cc', cc) };
  return (await openSigner(config))(composeForWire({ ...mail, ...header, envelope }));
}

async function sendOne(
  world: World,
  { config }: Audience,
  mail: ComposedMail,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const address = resolveTransport(config.transport);
  say(`from ${mail.envelope.from} by ${describeTransport(address)}`);
  const sender = openSender(address, senderOptions(world, config));
  const cut = () => void sender.close();
  signal.addEventListener('abort', cut);
  const { results, failure } = await offerAll(sender, mail, config.verp).finally(() => sender.close());
  signal.removeEventListener('abort', cut);
  for (const { recipient, verdict, reply } of results) say(`${recipient} ${SAID[verdict]}: ${reply}`);
  if (failure) say(failureText(failure));
  if (results.some(({ verdict }) => verdict === 'sent')) {
    say(`look for the subject "${mail.subject}", Message-ID ${mail.messageId}`);
    if (address.kind === 'sendmail')
      say(
        `${address.path} may have queued it: what becomes of it is in its log, or in a bounce to the sender`,
      );
    for (const line of [...lookFor(config.receiver), ...thereText(config.receiver)]) say(line);
  }
  if (results.some(({ verdict }) => verdict === 'rejected') || isLasting(failure)) return EX.UNAVAILABLE;
  return failure || results.some(({ verdict }) => verdict === 'deferred') ? EX.TEMPFAIL : EX.OK;
}

const SAID = {
  sent: 'is taken',
  deferred: 'is deferred, and not tried again by this command',
  rejected: 'is refused',
} as const;

/** Until there is an answer for each recipient, or none is to be had. */
async function offerAll(
  sender: Sender,
  { envelope: { from, to }, messageId, bytes }: ComposedMail,
  verp: boolean,
) {
  const results: DeliveryResult[] = [];
  let left = to;
  while (left.length > 0) {
    const [next = ''] = left;
    const envelope = verp ? { from: verpSender(from, next), to: [next] } : { from, to: left };
    const attempt = await sender.send({ ...envelope, messageId, bytes });
    if (attempt.outcome !== 'answered') return { results, failure: attempt };
    results.push(...attempt.results);
    const answered = new Set(attempt.results.map(({ recipient }) => recipient));
    left = left.filter(recipient => !answered.has(recipient));
  }
  return { results };
}

type Failure = Exclude<Attempt, { outcome: 'answered' }>;

function isLasting(failure: Failure | undefined): boolean {
  return failure?.outcome === 'unreachable' && failure.lasting;
}

function failureText(failure: Failure): string {
  if (failure.outcome === 'stopped') return 'stopped before there was an answer';
  if (failure.outcome === 'unreachable')
    return `not sent: ${failure.reply}\n${transportRemedy(failure.reply)}`;
  const taken = failure.uncertain ? '; the server may have taken it' : '';
  return `the connection broke: ${failure.reply}${taken}`;
}
