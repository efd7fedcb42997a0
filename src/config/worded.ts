import { parseMailbox } from '../model/address.ts';
import { type Field, isFieldName, isReserved, OMITTABLE } from '../model/header-fields.ts';
import { MAIL_WORDS, wordsIn } from '../model/words.ts';
import { mailbox } from './addresses.ts';
import { excerpt } from './config-fault.ts';
import { nearest } from './nearest.ts';
import { text } from './texts.ts';
import type { Reading, ValueType } from './value-type.ts';

/** One line with words of the mail in braces. */
export const subject: ValueType<string> = {
  name: 'text with words',
  read: value => worded(text.read(value, undefined)),
};

/** Some lines with words, for the end of each mail. */
export const footer: ValueType<string> = {
  name: 'lines with words',
  read: value => {
    if (value.length > LONGEST) return { wrong: `is longer than ${LONGEST} characters` };
    if (/^(diff -|--- |\+\+\+ |@@ -|Index: )/m.test(value))
      return { wrong: 'has a line in it that git am takes for a patch' };
    const line = text.read(value.replace(/\r?\n/g, ' '), undefined);
    return worded('wrong' in line ? line : { value: value.replaceAll('\r\n', '\n') });
  },
};

/** An address, or a name with words and an address; what the setting holds is as `mailbox` has it. */
export const sender: ValueType<string> = {
  name: 'mailbox with words',
  read: value => {
    const reading = mailbox.read(value, undefined);
    const address =
      'wrong' in reading ? (/[^<]*$/.exec(value)?.[0] ?? '') : parseMailbox(reading.value)?.address;
    if (wordsIn(address ?? '').length > 0)
      return {
        wrong:
          'has a word in its address: only the name may have words; for authors see refpost.fromAuthorDomains',
      };
    return worded(reading);
  },
};

const ANSWERED = ['author', 'committer', 'pusher', 'list', 'none'];

/** Who gets the answers: a word, or an address. */
export const answered: ValueType<string> = {
  name: `${ANSWERED.join(' | ')} | mailbox`,
  read: value => {
    if (ANSWERED.includes(value.toLowerCase())) return { value: value.toLowerCase() };
    const reading = mailbox.read(value, undefined);
    return 'wrong' in reading ? { wrong: `${reading.wrong}, nor one of ${ANSWERED.join(', ')}` } : reading;
  },
};

/** `Name: value`, with words in the value. */
export const header: ValueType<readonly Field[]> = {
  name: 'Name: value',
  read: line => {
    const [, name = '', value = ''] = /^([^:]*):\s*(.*)$/s.exec(line) ?? [];
    if (!isFieldName(name)) return { wrong: 'is not of the form Name: value' };
    const setting = SET_BY[name.toLowerCase()];
    if (setting) return { wrong: `is a header that refpost.${setting} sets` };
    if (isReserved(name)) return { wrong: `is a header that nobody but refpost and mail servers may write` };
    if (value === '')
      return { wrong: 'has no value after the colon; refpost.omitHeader leaves a header out' };
    if (value.length > LONGEST) return { wrong: `is longer than ${LONGEST} characters` };
    const reading = worded(text.read(value, undefined));
    return 'wrong' in reading ? reading : { value: [[name, reading.value]] };
  },
};

/** Names of headers of ours, but for those that every mail needs: for its threads, its text and the rules of mail. */
export const headerNames: ValueType<readonly (typeof OMITTABLE)[number][]> = {
  name: 'header names',
  read: line => {
    const value: (typeof OMITTABLE)[number][] = [];
    for (const word of line.split(/[\s,]+/).filter(word => word !== '')) {
      const found = OMITTABLE.find(name => name.toLowerCase() === word.toLowerCase());
      if (found) value.push(found);
      else if (NEEDED.test(word)) return { wrong: `has ${word} in it, which every mail needs` };
      else
        return { wrong: `has "${excerpt(word)}" in it, which is no header of ours${meant(word, OMITTABLE)}` };
    }
    return { value };
  },
};

/** Characters of a text, at the most. */
export const LONGEST = 900;

const SET_BY: Readonly<Record<string, string>> = {
  from: 'from',
  to: 'to',
  cc: 'cc',
  bcc: 'bcc',
  'reply-to': 'replyTo',
  subject: 'subject',
  'list-id': 'listId',
  'list-post': 'listPost',
  'list-archive': 'listArchive',
  'list-unsubscribe': 'listUnsubscribe',
  'list-unsubscribe-post': 'listUnsubscribe',
  'archived-at': 'archivedAt',
  'thread-index': 'threadIndex',
  'thread-topic': 'threadIndex',
};

const NEEDED = /^(from|date|message-id|in-reply-to|references|mime-version|content-.*)$/i;

/** What people write for a word. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  repository: ['repo', 'project'],
  id: ['commit', 'sha', 'hash', 'rev'],
  shortId: ['abbrev', 'shorthash'],
  ref: ['refname'],
  'author.name': ['author', 'name'],
  'author.email': ['email'],
  'committer.name': ['committer'],
  'pusher.name': ['pusher'],
  subject: ['title'],
};

/** A text of which every word is one of a mail's, or of these. */
export function worded(reading: Reading<string>, known: readonly string[] = MAIL_WORDS): Reading<string> {
  if ('wrong' in reading) return reading;
  const unknown = wordsIn(reading.value).find(word => !known.includes(word));
  if (unknown === undefined) return reading;
  const near = nearest(
    unknown.toLowerCase(),
    known.map(word => [word, ...(ALSO[word] ?? [])] as const),
  );
  const advice = near === undefined ? `: the words are ${known.join(', ')}` : `; did you mean {${near}}?`;
  return { wrong: `has {${excerpt(unknown)}} in it, which stands for nothing${advice}` };
}

function meant(word: string, names: readonly string[]): string {
  const near = nearest(
    word.toLowerCase(),
    names.map(name => [name] as const),
  );
  return near === undefined ? '' : `; did you mean ${near}?`;
}
