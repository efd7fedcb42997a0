import { isAddress } from '../model/address.ts';
import type { TransportAddress } from '../model/config.ts';
import type { Attempt, DeliveryResult, OutgoingMail, Sender } from '../model/mail.ts';
import { type SenderOptions, TIMEOUTS } from './sender-options.ts';
import { sendmailSender } from './sendmail.ts';
import { smtpSender } from './smtp.ts';

/** Opens a transport, lazily: nothing is connected or started before the first mail. */
export function openSender(address: TransportAddress, options: SenderOptions): Sender {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const sender =
    address.kind === 'sendmail'
      ? sendmailSender(address.path, timeouts.run)
      : smtpSender(address, { ...options, timeouts });
  return { ...sender, send: mail => sendScreened(sender, mail) };
}

/**
 * Nothing but plain addresses gets to a server or a command line: one that holds `>` and a line end could add
 * recipients. Settings have been checked for this, so it is the second of two locks.
 */
async function sendScreened(sender: Sender, mail: OutgoingMail): Promise<Attempt> {
  const to = mail.from === '' || isAddress(mail.from) ? mail.to.filter(isAddress) : [];
  if (to.length === mail.to.length) return sender.send(mail);
  const refused = mail.to.filter(one => !to.includes(one)).map(refusal);
  if (to.length === 0) return { outcome: 'answered', results: refused };
  const attempt = await sender.send({ ...mail, to });
  return attempt.outcome === 'answered' ? { ...attempt, results: [...attempt.results, ...refused] } : attempt;
}

function refusal(recipient: string): DeliveryResult {
  return {
    recipient,
    verdict: 'rejected',
    reply: 'not sent: the sender or this recipient is no plain address',
  };
}
