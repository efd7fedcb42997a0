import { mailboxOf, type Pusher } from './host.ts';

/** Who an account is. The name may be empty. */
export interface Account {
  readonly name: string;
  readonly email: string;
}

/**
 * Who accounts are, by a file that an administrator names. It has lines of git-multimail's two kinds: `ada Ada Lovelace <ada@example.org>`
 * each by itself (also `ada = Ada …`, as git-svn's authors files have it), or as comments of gitolite.conf between
 * `# BEGIN USER EMAILS` and `# END USER EMAILS`; where there is such a block, it alone counts. The first line of an account holds.
 */
export function accountsIn(file: string): ReadonlyMap<string, Account> {
  const accounts = new Map<string, Account>();
  const [, block] = /^[ \t]*# BEGIN USER EMAILS\r?\n(.*?)^[ \t]*# END USER EMAILS/ms.exec(file) ?? [];
  for (const line of (block ?? file).split(/\r?\n/)) {
    const words = block === undefined ? line : line.replace(/^[ \t]*#/, '');
    // An account before an equals sign may have blanks: `(no author) = Nobody <nobody@example.org>`.
    const [, named, plain, rest] =
      /^[ \t]*(?:([^=#<\s](?:[^=#<]*[^=#<\s])?)[ \t]*=|([^\s=#]+)[ \t])[ \t]*(.+?)[ \t]*$/.exec(words) ?? [];
    const who = named ?? plain;
    const { name, email } = mailboxOf(rest);
    if (who !== undefined && !accounts.has(who)) accounts.set(who, { name, email: email ?? '' });
  }
  return accounts;
}

/** A pusher whom the host gives an address, or who is not in the file, stays as they are. */
export function withAddress(pusher: Pusher, file: string): Pusher {
  const { name: account, email: known, aliases = [] } = pusher;
  if (account === undefined || known !== undefined) return pusher;
  const { name, email } = accountsIn(file).get(account) ?? { name: '', email: '' };
  if (email === '') return pusher;
  return name ? { ...pusher, name, email, aliases: [account, ...aliases] } : { ...pusher, email };
}

/** An ident whose address is none that people can write to, as converters have it: `ada <ada@5f0c31e4-…>`, `ada <ada>`, `ada <unknown>`, `ada <>`. */
export function knownIdent<T extends Account>(ident: T, accounts: ReadonlyMap<string, Account>): T {
  const [, account = '', domain = ''] = /^(.*?)(?:@([^@]*))?$/s.exec(ident.email) ?? [];
  if (accounts.size === 0 || domain.includes('.')) return ident;
  const known = accounts.get(account) ?? accounts.get(ident.name);
  return known && known.email !== ''
    ? { ...ident, name: known.name || ident.name, email: known.email }
    : ident;
}
