import { asciiDomain, parseMailbox } from '../model/address.ts';
import type { Kind } from '../model/config.ts';
import { globFault } from '../model/glob.ts';
import { isRefName } from '../model/push.ts';
import { notesOf, trailerOf } from '../model/words.ts';
import { excerpt } from './config-fault.ts';
import type { Reading, ValueType } from './value-type.ts';

/** A word in `to`, `cc` or `bcc`. */
export type RecipientWord =
  | { readonly address: string }
  | { readonly group: string }
  | { readonly person: string };

/** Any number of addresses and groups, with commas, blanks or line ends between them; not blanks, where display names are. These are not kept. */
export const recipients: ValueType<readonly RecipientWord[]> = {
  name: 'addresses',
  read: text => readList(text, piece => groupWord(piece) ?? addressWord(piece), 'address'),
};

/** The same, and people of the push. */
export const peopleList: ValueType<readonly RecipientWord[]> = {
  name: 'addresses and people',
  read: text =>
    readList(text, piece => personWord(piece) ?? groupWord(piece) ?? addressWord(piece), 'address or person'),
};

/** `NAME: address...` */
export const group: ValueType<readonly { readonly name: string; readonly addresses: readonly string[] }[]> = {
  name: 'name: addresses',
  read: text => {
    const [, name, list = ''] = /^([^\s:,"]+)\s*:\s*(.*)$/s.exec(text) ?? [];
    if (name === undefined) return { wrong: 'is not of the form NAME: address address' };
    const reading = readList(list, addressWord, 'address');
    return 'wrong' in reading
      ? reading
      : { value: [{ name, addresses: reading.value.map(({ address }) => address) }] };
  },
};

const KINDS: readonly Kind[] = ['commit', 'digest', 'branch', 'tag', 'forced', 'deleted'];

export const kinds: ValueType<readonly Kind[]> = {
  name: 'kinds',
  read: text =>
    readWords(
      text,
      word => KINDS.find(kind => kind === word.toLowerCase()),
      `is none of ${KINDS.join(', ')}`,
    ),
};

/** `example.org`, `*.example.org`. */
export const domains: ValueType<readonly string[]> = {
  name: 'domains',
  read: text =>
    readWords(
      text,
      word => {
        const [, below = '', domain = ''] = /^(\*\.)?(.*)$/s.exec(word) ?? [];
        const ascii = asciiDomain(domain);
        return ascii && `${below}${ascii}`.toLowerCase();
      },
      'is no domain',
    ),
};

/** Patterns for addresses and names of persons. */
export const personPatterns: ValueType<readonly string[]> = {
  name: 'patterns',
  read: text => readWords(text, word => (globFault(word) ? undefined : word.toLowerCase()), 'is no pattern'),
};

/** Base names of the files that name people; how each is read is in people/. */
const PEOPLE_FILES = /^(?:CODEOWNERS|MAINTAINERS|\.asf\.yaml)$/;

/** Files of the repository, by their paths from its root. */
export const peopleFiles: ValueType<readonly string[]> = {
  name: 'paths',
  read: text =>
    readWords(
      text,
      word => (PEOPLE_FILES.test(word.replace(/^.*\//, '')) && !word.startsWith('/') ? word : undefined),
      'is no path of a file CODEOWNERS, MAINTAINERS or .asf.yaml from the root of the repository',
    ),
};

/** Where commits have the name of an old revision. */
export const revisionSources: ValueType<readonly string[]> = {
  name: 'trailers and notes',
  read: text =>
    readWords(
      text,
      word => {
        const isTrailer = /^[A-Za-z0-9-]+$/.test(trailerOf(word) ?? '');
        return isTrailer || /^refs\/notes\/./.test(noteRef(word)) ? word : undefined;
      },
      'is neither trailer:NAME nor notes:REF, such as notes:refs/notes/hg',
    ),
};

function noteRef(word: string): string {
  const ref = notesOf(word) ?? '';
  return isRefName(ref) ? ref : '';
}

/** Words with blanks, commas or line ends between them. @param wrong worded to follow one */
function readWords<T>(text: string, read: (word: string) => T | undefined, wrong: string): Reading<T[]> {
  return readAll(text.split(/[\s,]+/), read, wrong);
}

function readList<T>(text: string, read: (piece: string) => T | undefined, what: string): Reading<T[]> {
  const reading = readAll(text.split(text.includes('<') ? /[,\r\n]/ : /[\s,]/), read, `is not an ${what}`);
  return 'wrong' in reading || reading.value.length > 0 ? reading : { wrong: 'has no address in it' };
}

function readAll<T>(
  pieces: readonly string[],
  read: (piece: string) => T | undefined,
  wrong: string,
): Reading<T[]> {
  const value: T[] = [];
  for (const piece of pieces.map(one => one.trim()).filter(one => one !== '')) {
    const one = read(piece);
    if (one === undefined) return { wrong: `has "${excerpt(piece)}" in it, which ${wrong}` };
    value.push(one);
  }
  return { value };
}

function groupWord(piece: string): { group: string } | undefined {
  const [, name] = /^group:([^\s:,"]+)$/.exec(piece) ?? [];
  return name === undefined ? undefined : { group: name };
}

/** A trailer's name is that of a header field (git-interpret-trailers(1)). */
function personWord(piece: string): { person: string } | undefined {
  if (/^[A-Za-z0-9-]+$/.test(trailerOf(piece) ?? '')) return { person: piece };
  return /^(author|committer|pusher|tagger)$/.test(piece) ? { person: piece } : undefined;
}

function addressWord(piece: string): { address: string } | undefined {
  const mailbox = parseMailbox(piece);
  // `a@x.org <b@x.org>` is more likely a lost comma than a name: nobody must drop out of a list unseen.
  return mailbox === undefined || mailbox.name.includes('@') ? undefined : { address: mailbox.address };
}
