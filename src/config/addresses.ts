import { isAddress, parseMailbox } from '../model/address.ts';
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
