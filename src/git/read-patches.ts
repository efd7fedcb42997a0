import { capped, type Kept } from './capped.ts';
import { type Ask, askCommits } from './conversation.ts';
import { diffTree, WHOLE_PATCH } from './diff-tree.ts';
import type { Git } from './git.ts';
import { mailDate } from './ident.ts';

/**
 * The fields of a commit, a NUL after each; git prints the diff after them.
 *
 *   <id>␀<parents>␀<author>␀<email>␀<date>␀<subject>␀<body>␀
 *   ---
 *    a.txt | 1 +
 */
const FIELDS = ['%H', '%P', '%an', '%ae', '%ad', '%s', '%b', ''].join('%x00');

/**
 * Asks for commits as patches, of which git-am(1) makes the same commits; undefined for one that is longer than `most` bytes, for a
 * merge, and for one that git cannot show. @param git of a `whileRead`
 */
export function openPatches(git: Git, mark: string, most: number): Ask<string, Buffer> {
  const ask = askCommits(git, diffTree(FIELDS, WHOLE_PATCH), mark, () => capped(most));
  return async id => {
    const patch = patchOf(await ask(id));
    return patch && patch.length <= most ? patch : undefined;
  };
}

/**
 * The header is that of git-format-patch(1). Beyond it: git-mailinfo(1) would cut a message at a line that looks like the start of a
 * patch, and take its first line for a header: such a line gets a blank before it. git-mailsplit(1) cuts at lines that begin with
 * `From `, and takes CRs from line ends: such texts are quoted-printable (RFC 2045). A character is a byte here.
 */
function patchOf(printed: Kept | undefined): Buffer | undefined {
  const fields = printed?.text.toString('latin1').split('\0') ?? [];
  const [id, parents = '', name = '', email, date = '', subject = '', body = '', ...diff] = fields;
  const isMerge = parents.includes(' ');
  if (printed?.lost || isMerge || diff.length === 0) return undefined;
  const text = `${quoteMessage(body)}${diff.join('\0')}`;
  const isHarmless = !/^From |\r$|\0/m.test(text);
  const isPlainName = /^[\w .'+~\x80-\xff-]*$/.test(name);
  const head = [
    `From ${id} Mon Sep 17 00:00:00 2001`,
    `From: ${encoded(isPlainName ? name : `"${name.replace(/["\\]/g, '\\$&')}"`)} <${email}>`,
    `Date: ${mailDate(date)}`,
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

/** Bytes of whole characters that an encoded word has room for, of its 75. */
const WORD = /[\s\S]{1,20}(?![\x80-\xbf])|[\s\S]/g;

/** Encoded words (RFC 2047) where a header may not have the text as it is, or it looks like one. */
function encoded(text: string): string {
  if (/^[ -~]*$/.test(text) && !text.includes('=?')) return text;
  const words = text.match(WORD) ?? [];
  return words.map(word => `=?UTF-8?Q?${word.replace(/[^a-zA-Z0-9]/g, escaped)}?=`).join('\n ');
}

/** To be decoded, not to be read: lines stay as long as they are. */
function quotedPrintable(text: string): string {
  return text.replace(/^From |[=\r\0]/gm, found => `${escaped(found[0] ?? '')}${found.slice(1)}`);
}

function escaped(character: string): string {
  return `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
