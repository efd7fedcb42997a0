import { cutAt } from '../model/cut.ts';
import { smtpSize, textFields } from './compose.ts';
import { decodeMail } from './decode.ts';
import { encoded, encodingFor } from './encoding.ts';
import { headerLines } from './header-block.ts';

/**
 * A stored mail with as much of its text as a server takes whose limit was not known when the mail was made; an attached file is
 * text then. undefined where not even its header fits.
 * @param limit bytes as the server counts them
 */
export function cutMail(bytes: Buffer, limit: number): Buffer | undefined {
  const head = bytes.subarray(0, bytes.indexOf('\n\n') + 1).toString('latin1');
  const kept = head.replace(/^Content-.*\n(?:[ \t].*\n)*/gim, '');
  const whole = Buffer.from(decodeMail(bytes).text);
  const cut = (length: number) => {
    const start = whole.subarray(0, cutAt(whole, length)).toString();
    const text = `${start}\n[The rest is left out: the mail server takes no more than ${limit} bytes.]\n`;
    const encoding = encodingFor(text);
    return Buffer.from(
      `${kept}${headerLines(textFields(encoding))}\n${encoded(Buffer.from(text), encoding)}`,
    );
  };
  let [most, tooMuch] = [-1, whole.length + 1];
  while (tooMuch - most > 1) {
    const middle = Math.floor((most + tooMuch) / 2);
    if (smtpSize(cut(middle)) <= limit) most = middle;
    else tooMuch = middle;
  }
  return most < 0 ? undefined : cut(most);
}
