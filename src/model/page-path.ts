import { createHash } from 'node:crypto';

/** The id of a mail's pages in an archive: 16 hex digits of the hash of its Message-ID with angle brackets, or of the whole mail where it has none. */
export function pageId(messageId: string | Buffer): string {
  return createHash('sha256').update(messageId).digest('hex').slice(0, 16);
}

/** The folder of a list's pages, by its List-Id without angle brackets, or by its address. */
export function listFolder(name: string): string {
  const safe = name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-');
  const short = safe.replace(/^[.-]+/, '').slice(0, 100);
  // Beside the folders of lists there are files.
  return short.replace(/\.(?=(?:html|css|js)$)/, '-') || 'mails';
}

/** The folder of a month's pages in that of a list: `2026-11`, in UTC. @param date milliseconds since 1970 */
export function monthOf(date: number): string {
  return new Date(date).toISOString().slice(0, 7);
}

/** Where an archive has the page of a mail, known before the mail is sent: `commits.example.org/2026-11/05f1….html`. */
export function pagePath(list: string, date: number, messageId: string): string {
  return `${listFolder(list)}/${monthOf(date)}/${pageId(messageId)}.html`;
}
