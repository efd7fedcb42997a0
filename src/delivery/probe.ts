import { isAddress, isAscii } from '../model/address.ts';
import type { TransportAddress } from '../model/config.ts';
import type { Envelope } from '../model/mail.ts';
import { type SenderOptions, TIMEOUTS } from './sender-options.ts';
import type { Obstacle } from './smtp-login.ts';
import { lacksUtf8, openSession, type Session } from './smtp-session.ts';
import { describeTransport, isExecutable } from './transport.ts';

/** What a transport says of mails like ours: what it refuses, in its own words, and the bytes that a mail may have (0: it does not say). */
export interface Probed {
  readonly refusals: readonly Refusal[];
  readonly largest: number;
}

interface Refusal {
  readonly about: 'sender' | 'recipient';
  readonly words: string;
  /** Waiting does not help. */
  readonly lasting: boolean;
}

/** Recipients that are asked about: a server may take it for a search of its addresses. */
const MOST_ASKED = 20;

/**
 * Goes as far as a mail would need to, login, sender and recipients included, and sends none. Of a program it only finds out whether it
 * can be run.
 */
export async function probe(
  address: TransportAddress,
  options: SenderOptions,
  envelope: Envelope,
): Promise<Probed | Obstacle> {
  if (address.kind === 'sendmail') {
    if (isExecutable(address.path)) return { refusals: [], largest: 0 };
    return { unreachable: `${address.path} cannot be run`, lasting: true };
  }
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const { signal } = new AbortController();
  const session = await openSession(address, { ...options, timeouts, signal }, { alone: 0 });
  if ('unreachable' in session) return session;
  try {
    return {
      refusals: await refusalsOf(session, envelope, describeTransport(address)),
      largest: session.largest,
    };
  } finally {
    await session.quit();
  }
}

async function refusalsOf(
  session: Session,
  { from, to }: Envelope,
  transport: string,
): Promise<readonly Refusal[]> {
  const refusal = async (about: Refusal['about'], command: string): Promise<readonly Refusal[]> => {
    const reply = await session.ask(command);
    if (reply.startsWith('2')) return [];
    return [{ about, words: `${transport}: ${command}: ${reply}`, lasting: reply.startsWith('5') }];
  };
  const recipients = to.filter(isAddress).slice(0, MOST_ASKED);
  const isForeign = !recipients.every(isAscii);
  const utf8 = isForeign && session.takesUtf8 ? ' SMTPUTF8' : '';
  const sender = await refusal('sender', `MAIL FROM:<${from}>${utf8}`);
  if (sender.length > 0) return sender;
  const refusals: Refusal[] = [];
  for (const recipient of recipients) {
    if (!isAscii(recipient) && !session.takesUtf8)
      refusals.push({ about: 'recipient', words: `${transport}: ${lacksUtf8(recipient)}`, lasting: true });
    else if (session.usable()) refusals.push(...(await refusal('recipient', `RCPT TO:<${recipient}>`)));
  }
  if (session.usable()) await session.ask('RSET');
  return refusals;
}
