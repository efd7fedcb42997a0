/** When the mails start: an hour before a month ends. */
export const START = Date.UTC(2026, 9, 31, 23);

interface Extra {
  readonly re?: number;
  readonly at?: number;
  readonly subject?: string;
  readonly body?: string;
  readonly html?: string;
}

/** A mail of a list by its number, a minute after the one before it. */
export function mail(number: number, { re, at = START + number * 60_000, ...extra }: Extra = {}): Buffer {
  const { subject = `[${number}/9] Change ${number}`, body = `Text ${number}\n`, html } = extra;
  const content =
    html === undefined
      ? `Content-Type: text/plain; charset=utf-8\n\n${body}`
      : `Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n${body}\n--b\nContent-Type: text/html; charset=utf-8\n\n${html}\n--b--\n`;
  return Buffer.from(
    `From: Ann Example <ann@example.org>\nTo: commits@example.org\nList-Id: <commits.example.org>\nSubject: ${subject}\nMessage-ID: <${number}@example.org>\n${re === undefined ? '' : `In-Reply-To: <${re}@example.org>\n`}Date: ${new Date(at).toUTCString()}\nMIME-Version: 1.0\n${content}`,
  );
}
