import { isAddress, parseMailbox } from '../model/address.ts';
import { excerpt } from './config-fault.ts';
import type { ValueType } from './value-type.ts';

/** One bare address. */
export const address: ValueType<string> = {
  name: 'address',
  read: value => (isAddress(value) ? { value } : { wrong: 'is not one plain address' }),
};

/**
 * An address, or a name and an address. Kept as text, in a form that `parseMailbox` takes: git removes the quotes of
 * `from = "Commits; all" <a@example.org>`, without which that name is none (RFC 5322, 3.2.5), so they are put back.
 */
export const mailbox: ValueType<string> = {
  name: 'mailbox',
  read: text => {
    // With an @ before the bracket it is two mailboxes, of which none may vanish into the other's name.
    const quoted = text.replace(/^([^"\\<>@]+)</, (_, name: string) => `"${name.trim()}" <`);
    const value = [text, quoted].find(form => parseMailbox(form) !== undefined);
    return value === undefined
      ? { wrong: 'is neither an address nor of the form Name <address>' }
      : { value };
  },
};

/**
 * Any number of addresses, with commas, blanks or line ends between them. With a display name, which only commas and
 * line ends can part from the next one, the address alone is kept.
 */
export const addresses: ValueType<readonly string[]> = {
  name: 'addresses',
  read: text => {
    const pieces = text.split(text.includes('<') ? /[,\r\n]/ : /[\s,]/).map(piece => piece.trim());
    const filled = pieces.filter(piece => piece !== '');
    const bad = filled.find(piece => bareAddress(piece) === undefined);
    if (bad !== undefined) return { wrong: `has "${excerpt(bad)}" in it, which is not an address` };
    if (filled.length === 0) return { wrong: 'has no address in it' };
    return { value: filled.flatMap(piece => bareAddress(piece) ?? []) };
  },
};

function bareAddress(piece: string): string | undefined {
  if (!piece.includes('<')) return isAddress(piece) ? piece : undefined;
  const mailbox = parseMailbox(piece);
  // `a@x.org <b@x.org>` is more likely a lost comma than a name: nobody must drop out of a list unseen.
  return mailbox === undefined || mailbox.name.includes('@') ? undefined : mailbox.address;
}

/** Each address once. Case counts before the @, not after it (RFC 5321, 2.4). */
export function distinct(list: readonly string[]): readonly string[] {
  const byMeaning = new Map(list.map(one => [one.replace(/@.*$/, domain => domain.toLowerCase()), one]));
  return [...byMeaning.values()];
}
