import type { ComposedMail } from '../model/mail.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

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
function asctime(date: number): string {
  const at = new Date(date);
  const day = String(at.getUTCDate()).padStart(2, ' ');
  const [hours, minutes, seconds] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(twoDigits);
  const weekday = DAYS[at.getUTCDay()];
  return `${weekday} ${MONTHS[at.getUTCMonth()]} ${day} ${hours}:${minutes}:${seconds} ${at.getUTCFullYear()}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
