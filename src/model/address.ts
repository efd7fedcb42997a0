import type { Address } from './mail.ts';

/** RFC 5322 3.2.3 atext, with the visible characters of all scripts (RFC 6531 section 3.3). */
const ATEXT = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]";
const ATOM = `(?:${ATEXT}|(?![\\0-\\x7f])[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}])+`;
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ASCII_LOCAL_PART = new RegExp(`^${ATEXT}+(?:\\.${ATEXT}+)*$`);
/** Made for the first address that needs it: to read the classes takes a millisecond (bench, set `start`). */
let localPart: RegExp | undefined;
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const ASCII = /^[\x20-\x7e]*$/;

/** RFC 5321 4.5.3.1: a path holds 256 octets, its angle brackets included, and a local part 64. */
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 253;
/** Far more than a person writes; it bounds the work of the pattern below. */
const LONGEST_MAILBOX = 1000;

/** `Name <address>`; the name is a quoted string or holds no character that is special in a header (RFC 5322 3.2.3). */
const NAMED = /^(?:"((?:[^"\\]|\\.)*)"|([^"\\()<>[\]:;@,]*?))\s*<([^<>]*)>$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * True for an address that may stand in an envelope as it is: a dot-atom, an @ and a host name in ASCII, within the lengths of
 * RFC 5321. What programs read differently is refused: quoted local parts, comments and address literals. In a header it may stand
 * if it `isAscii`: where the part before the @ is not, only servers with SMTPUTF8 (RFC 6531) take it, and no sender may have such a one.
 */
export function isAddress(text: string): boolean {
  if (text.length > LONGEST_ADDRESS) return false;
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  return Buffer.byteLength(local) <= LONGEST_LOCAL_PART && isLocalPart(local) && DOMAIN.test(domain);
}

function isLocalPart(text: string): boolean {
  if (isAscii(text)) return ASCII_LOCAL_PART.test(text);
  localPart ??= new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');
  return localPart.test(text);
}

/** The same address with its domain in the form that `isAddress` wants: `ada@jõgeva.ee` is `ada@xn--jgeva-dua.ee`. undefined for what is none. */
export function readAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const address = `${text.slice(0, Math.max(0, at))}@${asciiDomain(text.slice(at + 1)) ?? ''}`;
  return isAddress(address) ? address : undefined;
}

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** True for an address in one of these domains: `example.org`, or `*.example.org` for every domain below. */
export function isWithin(address: string, domains: readonly string[]): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return domains.some(one => (one.startsWith('*.') ? domain.endsWith(one.slice(1)) : domain === one));
}

/** True for a host name, or an address at one, that has a dot: others can look it up. */
export function hasDomain(name: string): boolean {
  return /[^.]\.[^.]+$/.test(name.slice(name.lastIndexOf('@') + 1));
}

/** What servers and readers elsewhere have against a sender, if anything. */
export function senderFault(address: string): string | undefined {
  if (!hasDomain(address)) return 'nobody elsewhere can answer or verify a name without a dot';
  if (/^root@/i.test(address)) return 'filters and lists take mail from root for the reports of a machine';
  return undefined;
}

/** A domain as mail servers know it: one of another script in its ASCII form, `jõgeva.ee` as `xn--jgeva-dua.ee` (RFC 5891). undefined for what is none. */
export function asciiDomain(text: string): string | undefined {
  const ascii = ASCII.test(text) ? text : hostOf(text);
  return ascii !== undefined && ascii.length <= LONGEST_DOMAIN && DOMAIN.test(ascii) ? ascii : undefined;
}

/** By the rules for URLs (UTS 46), in which a host name ends at some characters, and one of numbers is an address. */
function hostOf(text: string): string | undefined {
  if (text.length > LONGEST_DOMAIN || !/^[\p{L}\p{M}\p{N}.\u3002-]+$/u.test(text)) return undefined;
  const url = `http://${text}/`;
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return /(?:^|\.)\d+$/.test(host) ? undefined : host;
}

/**
 * The addresses in a text that a person wrote for people: each between angle brackets, or else the first word. All that is no plain
 * address is passed over.
 *
 *   Ann (Example) <ann@example.org>, Bo <bo@example.org>
 *   list@example.org (moderated for non-subscribers)
 */
export function addressesIn(text: string): readonly string[] {
  const marked = [...text.matchAll(/<([^<>]*)>/g)].map(([, inner = '']) => inner.trim());
  const words = text.includes('<') ? marked : text.trim().split(/\s/, 1);
  return words.flatMap(word => readAddress(word) ?? []);
}

/**
 * Reads one mailbox as people write it in settings: `a@example.org`, `<a@example.org>`, `Ada A. <a@example.org>` or
 * `"A, Ada" <a@example.org>`. undefined for anything else, two mailboxes in one text included.
 */
export function parseMailbox(text: string): Address | undefined {
  const trimmed = text.trim();
  const bare = readAddress(trimmed);
  if (bare !== undefined) return { name: '', address: bare };
  if (trimmed.length > LONGEST_MAILBOX || CONTROL.test(trimmed)) return undefined;
  const match = NAMED.exec(trimmed);
  if (match === null) return undefined;
  const [, quoted, plain, written = ''] = match;
  const address = readAddress(written);
  const name = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1');
  return address === undefined ? undefined : { name: name.trim(), address };
}

/**
 * The envelope sender of one recipient, by which a bounce says whose it is (VERP): `bounces+ann=example.net@example.org`. Where that is no
 * address that every server takes, it is the sender as it is.
 */
export function verpSender(sender: string, recipient: string): string {
  const at = sender.lastIndexOf('@');
  const own = `${sender.slice(0, Math.max(0, at))}+${recipient.replace(/@(?=[^@]*$)/, '=')}${sender.slice(at)}`;
  return recipient !== '' && at > 0 && isAddress(own) && isAscii(own) ? own : sender;
}

/** An address as it means: case counts before the @, not after it (RFC 5321, 2.4). */
export function meaning(address: string): string {
  return address.replace(/@.*$/, domain => domain.toLowerCase());
}

/** Each address once, as it is written first. */
export function distinct(list: readonly string[]): readonly string[] {
  const known = new Map<string, string>();
  for (const one of list) if (!known.has(meaning(one))) known.set(meaning(one), one);
  return [...known.values()];
}
