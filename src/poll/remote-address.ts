import { PROTOCOLS } from '../git/environment.ts';
import { withoutPasswords } from '../git/network.ts';

/** The address of a repository on another server. */
export interface RemoteAddress {
  /** As git is told. */
  readonly url: string;
  /** As people are shown it: without what may be a password. */
  readonly shown: string;
  /** `git.example.org/team/project`: what all addresses of one repository have in common, whatever the protocol. */
  readonly key: string;
  /** Its full name there: `team/project`. */
  readonly name: string;
  /** Where its pages should be, if the server has any. */
  readonly web: string | undefined;
  /** Where its mirror is, below the folder of mirrors; undefined where no folder can be called so. */
  readonly folder: string | undefined;
}

/** `user@host:path`, as scp(1) has it; the part before the colon has no slash (git-clone(1), "GIT URLS"). */
const SCP = /^(?:[\w.+-]+@)?([\w.-]+|\[[\da-f:]+\]):(?!:|\/\/)(.+)$/i;
const URL_FORM = /^([a-z][a-z\d+.-]*):\/\/(?:([^/@]*)@)?([^/]*)(\/.*)$/i;

/** True for what is an address and no folder. */
export function isAddress(text: string): boolean {
  return /^[^/]*:/.test(text);
}

/**
 * Takes an address apart. What is no address that git only connects to is refused, with the end of a sentence: words that git would take
 * for an option, and transports that run a program (`ext::`, gitremote-helpers(7)).
 */
export function readAddress(text: string): RemoteAddress | { readonly wrong: string } {
  if (text.startsWith('-')) return { wrong: 'starts like an option' };
  if (/[\p{C}\s]/u.test(text)) return { wrong: 'has a blank or a control character in it' };
  if (/^[^/:]+::/.test(text)) return { wrong: 'names a program to run, and no server' };
  const [, scheme = 'ssh', user = '', host = '', path = ''] = URL_FORM.exec(text) ?? fromScp(text);
  const known = PROTOCOLS.join(', ');
  if (path === '') return { wrong: `is not the address of a repository (${known})` };
  if (!PROTOCOLS.includes(scheme.toLowerCase())) return { wrong: `has another protocol than ${known}` };
  if (/^-/.test(host) || /^-/.test(user) || /^\/*-/.test(path))
    return { wrong: 'has a name in it that starts like an option' };
  if (user.includes(':')) return { wrong: 'has a password in it' };
  const isFile = scheme === 'file';
  const server = isFile ? 'file' : host.toLowerCase().replace(/:\d+$/, '');
  const name = path
    .split('/')
    .filter(Boolean)
    .join('/')
    .replace(/\.git$/, '');
  const whole = `${server}/${name}`;
  const isPlain = whole.split('/').every(segment => /^(?![.-])[\w.~+-]+$/.test(segment));
  const web = /^https?$/i.test(scheme)
    ? `${scheme}://${host}/${name}`
    : isFile
      ? undefined
      : `https://${whole}`;
  const folder = isPlain ? `${whole}.git` : undefined;
  return { url: text, shown: withoutPasswords(text), key: whole.toLowerCase(), name, web, folder };
}

function fromScp(text: string): readonly (string | undefined)[] {
  const [, host, path] = SCP.exec(text) ?? [];
  return host === undefined || path === undefined ? [] : [text, 'ssh', '', host, `/${path}`];
}

/** The keys of those texts that are addresses, with or without a password. */
export function keysOf(texts: readonly string[]): string[] {
  const read = texts.map(text => readAddress(withoutPasswords(text)));
  return read.flatMap(address => ('key' in address ? [address.key] : []));
}
