import { isAscii, parseMailbox, readAddress } from '../model/address.ts';
import type { ValueType } from './value-type.ts';

/** A sender, and who is to be reached in any case, must be known to every server. */
const FOREIGN = 'has letters before the @ that only some servers take: use an address in ASCII';

/** One bare address. */
export const address: ValueType<string> = {
  name: 'address',
  read: text => {
    const value = readAddress(text);
    if (value === undefined) return { wrong: 'is not one plain address' };
    return isAscii(value) ? { value } : { wrong: FOREIGN };
  },
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
    if (value === undefined) return { wrong: 'is neither an address nor of the form Name <address>' };
    return isAscii(parseMailbox(value)?.address ?? '') ? { value } : { wrong: FOREIGN };
  },
};
