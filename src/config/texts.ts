import { isAbsolute, resolve } from 'node:path';
import { asciiDomain } from '../model/address.ts';
import { globFault, refMatches } from '../model/glob.ts';
import { isRefName } from '../model/push.ts';
import { excerpt } from './config-fault.ts';
import { type Reading, type ValueType, withSecret } from './value-type.ts';

/** One line of any text. */
export const text: ValueType<string> = {
  name: 'text',
  read: value =>
    /[\p{Cc}\u2028\u2029]/u.test(value)
      ? { wrong: 'has a line end or another control character in it' }
      : { value },
};

/** Any number of patterns for paths, with blanks or line ends between them. */
export const patterns = patternsThat(globFault);

/** The same for refs, which are known by their full names. */
export const refPatterns = patternsThat(pattern =>
  refMatches(pattern.replace(/\/.*/s, ''), 'refs')
    ? globFault(pattern)
    : 'starts no full name of a ref: write refs/heads/main for the branch main',
);

/** The full name of a ref. */
export const refName: ValueType<string> = {
  name: 'ref',
  read: value =>
    isRefName(value) ? { value } : { wrong: 'is no full name of a ref, such as refs/heads/main' },
};

/**
 * An extended regular expression, by regcomp(3). git reads it; what is none is told here, and what means something elsewhere alone. JavaScript
 * finds brackets and repetitions that are wrong.
 */
export const regexp: ValueType<string> = {
  name: 'regular expression',
  read: value => {
    const line = text.read(value, undefined);
    if ('wrong' in line) return line;
    try {
      new RegExp(value);
    } catch {
      return { wrong: 'is no regular expression' };
    }
    const foreign = foreignPart(value);
    return foreign === undefined
      ? line
      : { wrong: `has ${excerpt(foreign)} in it, which an extended regular expression cannot have` };
  },
};

/** An escape, a set of characters, a group or alternative with how it starts, or a repetition. */
const REGEXP_PART = /\\.|\[\^?\]?(?:\[:\w*:\]|[^\]])*\]|[(|^]?\{[^}]*\}?|\(\??/gs;
const POSIX_CLASS =
  /\[:(?!(?:alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit):\])\w*:\]/;
/** The most that POSIX promises (RE_DUP_MAX). */
const MOST_REPEATED = 255;

function foreignPart(value: string): string | undefined {
  const parts = [...value.matchAll(REGEXP_PART)].map(([part]) => part);
  const groups = parts.filter(part => part.endsWith('(')).length;
  return parts.find((part, at) => {
    if (part.startsWith('\\')) return isForeignEscape(part.slice(1), groups);
    if (part.startsWith('[')) return POSIX_CLASS.test(part);
    if (part === '(?') return true;
    if (part === '(') return false;
    const counts = /^\{(\d*)(?:,(\d*))?\}$/.exec(part)?.slice(1);
    const isFirst = at === 0 && value.startsWith(part);
    return isFirst || !counts?.some(Boolean) || counts.some(count => Number(count ?? 0) > MOST_REPEATED);
  });
}

/** GNU's, and those of groups that are there. */
function isForeignEscape(escaped: string, groups: number): boolean {
  return /\d/.test(escaped)
    ? Number(escaped) > groups || escaped === '0'
    : /[ac-rt-vx-zAC-RT-VX-Z]/.test(escaped);
}

/** What git takes for a truth value (git-config(1)); a key without "=" is true. */
export const truth: ValueType<boolean> = {
  name: 'boolean',
  valueless: 'true',
  read: value => {
    if (/^(true|yes|on|1)$/i.test(value)) return { value: true };
    return /^(false|no|off|0)$/i.test(value) ? { value: false } : { wrong: 'is neither true nor false' };
  },
};

/** A shell command. People do write a password into one, so it is shown nowhere. */
export const command: ValueType<string> = { ...text, name: 'command', secret: true };

/**
 * An absolute path; `~/` is the home directory (git-config(1), "pathname"). A relative path is refused: the hook, the
 * worker and a person each stand in another directory, and a system-wide setting has none to be relative to.
 */
export const path: ValueType<string> = { name: 'path', read: readPath };

/** The same for a setting that names several: a value each, since a path may have blanks in it. */
export const paths: ValueType<readonly string[]> = {
  name: 'paths',
  read: (value, home) => {
    const reading = readPath(value, home);
    return 'wrong' in reading ? reading : { value: [reading.value] };
  },
};

/** A path that people mistake for the secret itself: what is no path is not repeated. */
export const secretFile: ValueType<string> = {
  name: 'path',
  read: (value, home) => withSecret(readPath(value, home), true),
};

/** An http(s) address to which `/commit/<id>` and the like can be appended: given back without slashes at its end. */
export const url: ValueType<string> = {
  name: 'url',
  // Any @ may be the end of a password, wherever it stands.
  read: value => withSecret(readUrl(value), value.includes('@')),
};

/** A List-Id (RFC 2919, section 2) without its angle brackets, `<label>.<namespace>`, or `none`. */
export const listId: ValueType<string> = { name: 'list id', read: readListId };

/** The name of a domain, or of something in one: labels of letters, digits and hyphens (RFC 1035 2.3.1). */
export const domain: ValueType<string> = {
  name: 'domain',
  read: text => {
    const value = asciiDomain(text);
    return value === undefined ? { wrong: 'is not the name of a domain' } : { value: value.toLowerCase() };
  },
};

function patternsThat(wrongWith: (pattern: string) => string | undefined): ValueType<readonly string[]> {
  return {
    name: 'patterns',
    read: text => {
      const value = text.split(/\s+/).filter(pattern => pattern !== '');
      const bad = value.find(pattern => wrongWith(pattern));
      return bad === undefined
        ? { value }
        : { wrong: `has "${excerpt(bad)}" in it, which ${wrongWith(bad)}` };
    },
  };
}

function readPath(value: string, home: string | undefined): Reading<string> {
  const line = text.read(value, home);
  if ('wrong' in line) return line;
  if (isAbsolute(value)) return { value: resolve(value) };
  if (value !== '~' && !value.startsWith('~/'))
    return { wrong: 'is not an absolute path, nor one that starts with ~/' };
  if (home === undefined || !isAbsolute(home)) {
    return { wrong: 'starts with ~/, but there is no home directory (HOME is not set)' };
  }
  return { value: resolve(home, value.slice(2)) };
}

function readUrl(value: string): Reading<string> {
  if (/^[^/]*\/\/[^/]*@/.test(value)) return { wrong: 'has a user name or password in it' };
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(value) || !URL.canParse(value))
    return { wrong: 'is not an http or https URL' };
  if (/[?#]/.test(value)) return { wrong: 'has a ? or # in it, and nothing can be appended to that' };
  return { value: value.replace(/\/+$/, '') };
}

function readListId(value: string): Reading<string> {
  if (value.toLowerCase() === 'none') return { value: 'none' };
  if (value.includes('@')) return { wrong: 'is an address; a list id is a name such as commits.example.org' };
  if (/[<>]/.test(value)) return { wrong: 'has angle brackets; leave them out' };
  const words = value.split('.');
  const good = words.length > 1 && words.every(word => /^[\w!#$%&'*+/=?^`{|}~-]+$/.test(word));
  return good && value.length <= 255 ? { value } : { wrong: 'is not of the form name.domain' };
}
