/** A commit as git has it, one character a byte. */
export interface PatchFields {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** As in a mail. */
  readonly date: string;
  readonly subject: string;
  readonly body: string;
  /** From the line end before `---` on. */
  readonly diff: string;
}

/**
 * A commit as a mail that git-am(1) makes the same commit of. The header is that of git-format-patch(1). Beyond it:
 * git-mailinfo(1) would cut a message at a line that looks like the start of a patch, and take its first line for a header: such
 * a line gets a blank before it. git-mailsplit(1) cuts at lines that begin with `From `, and takes CRs from line ends: such texts
 * are quoted-printable (RFC 2045).
 */
export function amPatch({ id, name, email, date, subject, body, diff }: PatchFields): Buffer {
  const text = `${quoteMessage(body)}${diff}`;
  const isHarmless = !/^From |\r$|\0/m.test(text);
  const head = [
    `From ${id} Mon Sep 17 00:00:00 2001`,
    `From: ${encoded(/[^\w .'+~-]/.test(ascii(name)) ? quoted(name) : name)} <${email}>`,
    `Date: ${date}`,
    `Subject: [PATCH] ${encoded(subject)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    `Content-Transfer-Encoding: ${isHarmless ? '8bit' : 'quoted-printable'}`,
  ];
  return Buffer.from(`${head.join('\n')}\n\n${isHarmless ? text : quotedPrintable(text)}`, 'latin1');
}

/** What ends a message for git-mailinfo(1). */
const PATCH_START = /^(diff -|Index: |---( \S|\s*$))/;
/** What its first line is taken for, and does not appear in the commit. */
const HEADER = /^((From|Subject|Date):\s|\[PATCH\]\s|>From\s)/i;

function quoteMessage(body: string): string {
  const lines = body.split('\n');
  const first = lines.findIndex(line => line.trim() !== '');
  return lines
    .map((line, at) => (PATCH_START.test(line) || (at === first && HEADER.test(line)) ? ` ${line}` : line))
    .join('\n');
}

function ascii(bytes: string): string {
  return bytes.replace(/[\x80-\xff]/g, '');
}

function quoted(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** Bytes of text in an encoded word, which has 75 characters at the most. */
const WORD = 20;

/** Encoded words (RFC 2047) where a header may not have the text as it is, or it looks like one. */
function encoded(text: string): string {
  if (/^[ -~]*$/.test(text) && !text.includes('=?')) return text;
  const characters = text.match(/[^\x80-\xbf][\x80-\xbf]{0,3}|[\x80-\xbf]/g) ?? [];
  const words: string[] = [''];
  for (const character of characters) {
    const last = words.at(-1) ?? '';
    if (last.length + character.length > WORD) words.push(character);
    else words[words.length - 1] = last + character;
  }
  return words.map(word => `=?UTF-8?Q?${word.replace(/[^a-zA-Z0-9]/g, escaped)}?=`).join('\n ');
}

/** To be decoded, not to be read: lines stay as long as they are. */
function quotedPrintable(text: string): string {
  return text.replace(/^From |[=\r\0]/gm, found => `${escaped(found[0] ?? '')}${found.slice(1)}`);
}

function escaped(character: string): string {
  return `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
