import { mailboxOf, type Pusher } from './host.ts';

/**
 * Who an account is, by a file that an administrator names. It has lines of git-multimail's two kinds: `ada Ada Lovelace <ada@example.org>`
 * each by itself (also `ada = Ada …`, as git-svn's authors files have it), or as comments of gitolite.conf between
 * `# BEGIN USER EMAILS` and `# END USER EMAILS`; where there is such a block, it alone counts. The first line of an account holds.
 * A pusher whom the host gives an address, or who is not in the file, stays as they are.
 */
export function withAddress(pusher: Pusher, file: string): Pusher {
  const { name: account, email: known, aliases = [] } = pusher;
  if (account === undefined || known !== undefined) return pusher;
  const [, block] = /^[ \t]*# BEGIN USER EMAILS\r?\n(.*?)^[ \t]*# END USER EMAILS/ms.exec(file) ?? [];
  for (const line of (block ?? file).split(/\r?\n/)) {
    const words = block === undefined ? line : line.replace(/^[ \t]*#/, '');
    const [, who, rest] = /^[ \t]*([^\s=#]+)(?:[ \t]*=[ \t]*|[ \t]+)(.+?)[ \t]*$/.exec(words) ?? [];
    if (who !== account) continue;
    const { name, email } = mailboxOf(rest);
    if (email === undefined) return pusher;
    return name ? { ...pusher, name, email, aliases: [account, ...aliases] } : { ...pusher, email };
  }
  return pusher;
}
