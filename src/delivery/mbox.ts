import type { ComposedMail } from '../model/mail.ts';

/**
 * One message of an mbox file in the mboxrd form (RFC 4155 and its appendix A): a `From ` line, the message with every
 * line that looks like one quoted by one more `>`, and a blank line. Taking that much away gives the message back.
 * @param date milliseconds since 1970, of the `From ` line
 */
export function toMbox(mail: ComposedMail, date: number): Buffer {
  // Latin-1 maps each byte to one character and back, whatever the bytes are.
  const message = mail.bytes.toString('latin1').replace(/(^|\n)(>*From )/g, '$1>$2');
  const end = message.endsWith('\n') ? '\n' : '\n\n';
  return Buffer.from(`From ${sender(mail)} ${asctime(date)}\n${message}${end}`, 'latin1');
}

/** The field ends at a blank. */
function sender(mail: ComposedMail): string {
  return mail.envelope.from.replace(/[^\x21-\x7e]/g, '') || 'MAILER-DAEMON';
}

/** `Thu Nov  5 11:49:00 2026`: what C's asctime() gives, in UTC. */
function asctime(at: number): string {
  const [weekday, day, month, year, time] = new Date(at).toUTCString().split(/,? /);
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}
