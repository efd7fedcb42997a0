import { encodeWord } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { isAddress, isAscii, parseMailbox } from '../model/address.ts';
import { type Field, isFieldName, isReserved } from '../model/header-fields.ts';
import { type Address, type Mail, oneLine, shortLine } from '../model/mail.ts';
import { remembered } from '../model/remembered.ts';

/** RFC 5322 2.1.1: lines should not exceed 78 characters. */
const LINE_LENGTH = 76;

/** The header of a mail, each line with its LF, in the order in which people read it. A field without a value is left out. `content` says what follows. */
export function headerBlock(mail: Mail, content: readonly Field[]): string {
  return headerLines([
    ...fixedFields(mail),
    ...mail.headers.filter(isFree).map(([name, value]): Field => [name, encodeText(value)]),
    ['MIME-Version', '1.0'],
    ...content,
  ]);
}

/** Fields as lines. Their values are ASCII. */
export function headerLines(fields: readonly Field[]): string {
  const lines = fields.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`);
  return lines.map(line => `${folded(line)}\n`).join('');
}

/** At blanks (RFC 5322 2.2.3), but never before the first word: programs that read one line would find no Message-ID there. */
function folded(line: string): string {
  if (line.length <= LINE_LENGTH) return line;
  const [name = '', first = '', ...words] = line.split(' ');
  let length = name.length + 1 + first.length;
  return words.reduce((text, word) => {
    const fits = length + 1 + word.length <= LINE_LENGTH;
    length = fits ? length + 1 + word.length : 1 + word.length;
    return `${text}${fits ? ' ' : '\n '}${word}`;
  }, `${name} ${first}`);
}

function fixedFields(mail: Mail): Field[] {
  if (!isPlain(mail.from)) throw new Error(`the sender is not an address: ${mail.from.address}`);
  const valid = (people: readonly Address[]) => people.filter(isPlain);
  const parent = mail.inReplyTo === undefined ? '' : messageId(mail.inReplyTo);
  return [
    ['From', mailboxes([mail.from])],
    ['Sender', mailboxes(valid(mail.sender ? [mail.sender] : []))],
    // RFC 5322 3.4: a group without members is how a header says that nobody is named.
    ['To', addressList(mail.to) || 'undisclosed-recipients:;'],
    ['Cc', addressList(mail.cc ?? NOBODY)],
    ['Reply-To', mailboxes(valid(mail.replyTo ?? []))],
    ['Subject', encodeText(mail.subject)],
    ['Date', new Date(mail.date).toUTCString().replace('GMT', '+0000')],
    ['Message-ID', messageId(mail.messageId)],
    ['In-Reply-To', parent],
    ['References', parent],
  ];
}

const NOBODY: readonly string[] = [];

function isPlain({ address }: Address): boolean {
  return isAddress(address) && isAscii(address);
}

/** Whole lists, which may be long: as many as a few audiences have. */
const WHOLE = 8;

/** Who can only be named by servers with SMTPUTF8 is a group without members (RFC 6857 3.1.7): the mail itself is ASCII, and every server takes it. */
export const addressList = remembered(WHOLE, (list: readonly string[]) => {
  const people = list.flatMap(text => parseMailbox(text) ?? []);
  const others = people.filter(one => !isPlain(one)).map(({ address }) => `${encodeText(address)}:;`);
  return [mailboxes(people.filter(isPlain)), ...others].filter(text => text !== '').join(', ');
});

/** One for all mails: to make one costs more than it does. */
const writer = new MimeNode();
/** Lists that are kept as they are written: the mails of a push name the same few people. */
const WRITTEN = 200;

const mailboxes = remembered(WRITTEN, writeMailboxes, list => JSON.stringify(list));

function writeMailboxes(list: readonly Address[]): string {
  if (list.length === 0) return '';
  const safe = list.map(({ name, address }) => ({ name: displayName(name), address }));
  return writer.encodeHeaderValue('To', safe);
}

/** RFC 5322 3.6.4: printable ASCII in angle brackets. */
function messageId(id: string): string {
  return `<${id.replace(/[^\x21-\x7e]|[<>]/g, '')}>`;
}

/** What has a name that is none, or one that is not free, is not written at all. */
function isFree([name]: Field): boolean {
  return isFieldName(name) && !isReserved(name);
}

/** The length of a word that could not be folded under the 998 octets of RFC 5322 2.1.1, with room for the header's name. */
const UNFOLDABLE = 900;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** RFC 2047 section 2 allows 75 characters for an encoded word; shorter ones leave room for the header's name. */
const ENCODED_WORD_LENGTH = 52;
const LONGEST_NAME = 200;

/**
 * An unstructured value (RFC 5322 2.2.1) as it goes into the header: as it is, or as encoded words (RFC 2047) if it
 * is not ASCII, or cannot be folded. What only looks like an encoded word is encoded too, or readers would decode it.
 */
function encodeText(value: string): string {
  const line = oneLine(value);
  if (PRINTABLE.test(line) && !line.includes('=?') && isFoldable(line)) return line;
  return encodeWord(line, shorterEncoding(line), ENCODED_WORD_LENGTH);
}

function isFoldable(line: string): boolean {
  return line.length < UNFOLDABLE || line.split(' ').every(word => word.length < UNFOLDABLE);
}

/**
 * A display name that is safe in front of an address. Readers also decode encoded words inside quoted strings, though
 * RFC 2047 section 5 forbids it, so a name that holds the look of one gets a blank into it.
 */
function displayName(name: string): string {
  return shortLine(name, LONGEST_NAME).replaceAll('=?', '= ?').trim();
}

/** Q keeps text readable that is mostly ASCII; for other scripts it triples the length, where B adds a third. */
function shorterEncoding(line: string): 'Q' | 'B' {
  const others = Buffer.byteLength(line.replace(/[\x20-\x7e]+/g, ''));
  return others * 3 < line.length ? 'Q' : 'B';
}
