import { isAddress, isAscii } from '../model/address.ts';
import { filledIn, MAIL_WORDS, wordsIn } from '../model/words.ts';
import { text } from './texts.ts';
import { type Reading, type ValueType, withSecret } from './value-type.ts';
import { LONGEST, worded } from './worded.ts';

/** URLs, and addresses for mailto:, with blanks or commas between them, and words in them. */
export const urls: ValueType<readonly string[]> = { name: 'urls with words', read: readUrls };

/** The same, or `no`: nobody may post to the list (RFC 2369 3.4). */
export const posting: ValueType<readonly string[]> = {
  name: 'urls with words | no',
  read: value => (/^no(ne)?$/i.test(value) ? { value: ['NO'] } : readUrls(value)),
};

/** Where an archive shows a mail: its Message-ID is in it, or the path of its page. */
export const archive: ValueType<string> = {
  name: 'url with words',
  read: value => {
    const reading = readUrls(value);
    if ('wrong' in reading) return reading;
    const [url = '', ...others] = reading.value;
    if (others.length > 0) return { wrong: 'is more than one URL' };
    if (!wordsIn(url).some(word => word === 'messageId' || word === 'page'))
      return { wrong: 'has no {messageId} or {page} in it, and would be the same for all mails' };
    return { value: url };
  },
};

/**
 * The address of a page, with words of its own. The first one has to be there; without `others` it is the address of a repository, given back
 * without what follows a `#`.
 */
export function pageUrl(first: string, ...others: readonly string[]): ValueType<string> {
  const needed = others.length === 0 ? [] : first === 'old' ? ['old', 'new'] : [first];
  return {
    name: 'url with words',
    read: value => {
      const known = worded(text.read(value, undefined), [first, ...others]);
      const whole = value.replace(/^\{url\}/, 'https://x');
      const reading =
        'wrong' in known || /^https?:/i.test(whole)
          ? readUrl(whole, [first, ...others])
          : { wrong: 'is not an http or https URL' };
      if ('wrong' in reading) return withSecret('wrong' in known ? known : reading, value.includes('@'));
      const words = wordsIn(value).map(word => (word === 'shortId' ? 'id' : word));
      const missing = needed.find(word => !words.includes(word));
      if (missing !== undefined)
        return { wrong: `has no {${missing}} in it, and would be the same for all pages` };
      return { value: others.length === 0 ? value.replace(/#.*$/s, '') : value };
    },
  };
}

function readUrls(line: string): Reading<string[]> {
  const value: string[] = [];
  for (const word of line.split(/[\s,]+/).filter(word => word !== '')) {
    const url = isAddress(word) && isAscii(word) ? `mailto:${word}` : word;
    // Any @ of a web address may be the end of a password, wherever it is.
    const reading = withSecret(readUrl(url), !url.startsWith('mailto:') && url.includes('@'));
    if ('wrong' in reading) return reading;
    value.push(reading.value);
  }
  return value.length === 0 ? { wrong: 'has no URL in it' } : { value };
}

function readUrl(url: string, words: readonly string[] = MAIL_WORDS): Reading<string> {
  const known = worded({ value: url }, words);
  if ('wrong' in known) return known;
  const filled = filledIn(url, () => 'x');
  if (
    !/^(https?:\/\/|mailto:.)[^<>"\\^`{|}]+$/i.test(filled) ||
    /[^\x21-\x7e]/.test(filled) ||
    !URL.canParse(filled)
  )
    return { wrong: 'has something in it that is neither an http, https or mailto URL nor an address' };
  if (/^https?:\/\/[^/?#]*@/i.test(filled)) return { wrong: 'has a user name or password in it' };
  return url.length > LONGEST ? { wrong: `has a URL of more than ${LONGEST} characters` } : { value: url };
}
