import { smtpSize, textFields } from './compose.ts';
import { decodeMail } from './decode.ts';
import { encoded, encodingFor } from './encoding.ts';
import { headerLines } from './header-block.ts';

/**
 * A stored mail with as many lines of its text as a server takes whose limit was not known when the mail was made; an attached file is
 * text then. undefined where not even its header fits.
 * @param limit bytes as the server counts them
 */
export function cutMail(bytes: Buffer, limit: number): Buffer | undefined {
  const head = bytes.subarray(0, bytes.indexOf('\n\n') + 1).toString('latin1');
  const kept = head.replace(/^Content-.*\n(?:[ \t].*\n)*/gim, '');
  const lines = decodeMail(bytes).text.split('\n');
  const cut = (count: number) => {
    const note = `[The rest is left out: the mail server takes no more than ${limit} bytes.]`;
    const text = [...lines.slice(0, count), '', note, ''].join('\n');
    const encoding = encodingFor(text);
    return Buffer.from(
      `${kept}${headerLines(textFields(encoding))}\n${encoded(Buffer.from(text), encoding)}`,
    );
  };
  const fits = (count: number) => smtpSize(cut(count)) <= limit;
  if (!fits(0)) return undefined;
  let [most, tooMany] = [0, lines.length + 1];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    if (fits(middle)) most = middle;
    else tooMany = middle;
  }
  return cut(most);
}
