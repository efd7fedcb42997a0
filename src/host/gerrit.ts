import { type Host, mailboxOf, type Pusher } from './host.ts';

/** Each click in a review makes several of these; bin/post-receive does not record them. */
export const GERRIT_REFS = [
  ...['refs/changes/*', 'refs/users/*', 'refs/groups/*', 'refs/sequences/*', 'refs/starred-changes/*'],
  ...['refs/draft-comments/*', 'refs/cache-automerge/*', 'refs/notes/review', 'refs/meta/external-ids'],
];

/** Where Gerrit keeps accounts and rights: the same. */
export const GERRIT_PROJECTS = ['All-Users', 'All-Projects'];

/**
 * Gerrit: its plugin `hooks` runs ref-updated with options, not with git's lines (HookArgs.java). bin/post-receive makes
 * GERRIT_* variables and a line of them.
 */
export const gerrit: Host = {
  name: 'gerrit',
  title: 'Gerrit',
  variables: ['GERRIT_PROJECT', 'GERRIT_SUBMITTER', 'GERRIT_SUBMITTER_USERNAME'],
  isKnown: env => Boolean(env.GERRIT_PROJECT),
  pusher: ({ GERRIT_SUBMITTER: submitter, GERRIT_SUBMITTER_USERNAME: user }) => submitterOf(submitter, user),
  repository: env => env.GERRIT_PROJECT,
  web: () => ({ style: 'gerrit' }),
  ownRefs: GERRIT_REFS,
  unseen: [
    'Each ref of a push is a push of its own.',
    'What Gerrit had still to run when it was stopped is lost to hooks.',
  ],
};

/**
 * `"Ada L <ada@example.org>"` with the quotes, `"Ada L (1000012)"` where there is no address (Account.getNameEmail); older ones have the
 * address in parentheses too.
 */
function submitterOf(submitter: string | undefined, user: string | undefined): Pusher {
  const plain = submitter?.replace(/^"(.*)"$/s, '$1').replace(/\s*\(\d+\)$/, '');
  const { name, email } = mailboxOf(plain?.replace(/\(([^()\s]+@[^()\s]+)\)$/, '<$1>'));
  const known = name || user || email;
  return {
    ...(known ? { name: known } : {}),
    ...(email ? { email } : {}),
    ...(user && user !== known ? { aliases: [user] } : {}),
  };
}
