import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Damaged, inSpool } from '../../disk/spool-fault.ts';
import type { ComposedMail } from '../../model/mail.ts';
import type { StoredMail } from '../../model/outbox-entry.ts';

/**
 * Writes the mails of a push one after another into a new file, durably, and returns where each lies. Only one mail is in
 * memory at a time. Before each stands a separator line, so that `less` and `mutt -f` open the file as a mailbox:
 *
 *     From refpost@example.org Sat Nov 22 11:30:00 2026
 *
 * What is stored is what is sent, so nothing inside a mail is quoted for the mailbox's sake.
 */
export async function writeMails(
  path: string,
  mails: AsyncIterable<ComposedMail>,
  now: number,
  mode: number,
): Promise<StoredMail[]> {
  const file = await inSpool(path, () => open(path, 'wx', mode));
  try {
    await inSpool(path, () => file.chmod(mode));
    const stored = await append(file, path, mails, now);
    await inSpool(path, () => file.sync());
    return stored;
  } finally {
    await file.close();
  }
}

/** The stored bytes of a mail, or why they are not what was stored, as the end of a sentence. */
export async function readStored(
  file: number,
  mail: StoredMail,
): Promise<{ readonly bytes: Buffer } | Damaged> {
  const bytes = Buffer.alloc(mail.length);
  let filled = 0;
  while (filled < bytes.length) {
    // Not by way of Node's threads: that takes longer than to read a mail.
    const bytesRead = readSync(file, bytes, filled, bytes.length - filled, mail.offset + filled);
    if (bytesRead === 0)
      return { damaged: `the file of mails ends ${bytes.length - filled} bytes too early` };
    filled += bytesRead;
  }
  return sha256(bytes) === mail.sha256 ? { bytes } : { damaged: 'its checksum does not fit its bytes' };
}

async function append(
  file: FileHandle,
  path: string,
  mails: AsyncIterable<ComposedMail>,
  now: number,
): Promise<StoredMail[]> {
  const stored: StoredMail[] = [];
  let end = 0;
  for await (const { envelope, messageId, subject, bytes } of mails) {
    const before = separator(envelope.from, now);
    // A blank line before the next separator, or mail programs do not see it.
    const after = bytes.at(-1) === 0x0a ? '\n' : '\n\n';
    const whole = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
    const offset = end + Buffer.byteLength(before);
    const place = { offset, length: bytes.length, sha256: sha256(bytes) };
    stored.push({ number: stored.length + 1, messageId, subject, envelope, ...place });
    // Not around the loop: what `mails` throws is not the spool's fault.
    await inSpool(path, () => file.writeFile(whole));
    end += whole.length;
  }
  return stored;
}

/** asctime(3) in UTC, as mail programs want it (RFC 4155). */
function separator(from: string, now: number): string {
  const [day, date, month, year, time] = new Date(now).toUTCString().replace(',', '').split(' ');
  const sender = /^\S+$/.test(from) ? from : 'MAILER-DAEMON';
  return `From ${sender} ${day} ${month} ${date?.replace(/^0/, ' ')} ${time} ${year}\n`;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
