import { type Host, isAddress } from './host.ts';

/** gitolite 3 (lib/Gitolite/Rc.pm, Triggers/Mirroring.pm). gitweb set-ups of it have GL_USER alone. */
export const gitolite: Host = {
  name: 'gitolite',
  title: 'gitolite',
  variables: ['GL_USER', 'GL_REPO', 'GL_BYPASS_ACCESS_CHECKS'],
  isKnown: env => Boolean(env.GL_USER || env.GL_REPO),
  keeps: (_, has) => has('gl-conf') || has('gl-creator'),
  pusher: ({ GL_USER: user }) => (user ? { name: user, ...(isAddress(user) ? { email: user } : {}) } : {}),
  repository: env => env.GL_REPO,
  // A master passes pushes on to its copies as server-<its name>; it has mailed them. Somebody whose name starts so has their access checked.
  passedOver: ({ GL_USER: user, GL_BYPASS_ACCESS_CHECKS: bypass }) =>
    user?.startsWith('server-') && bypass ? `a mirror's copy, pushed by ${user}` : undefined,
  ownRefs: [],
  unseen: [
    'Refs that gitolite commands move on the server run no hook.',
    'Copies of a mirror announce nothing: only the master mails.',
  ],
};
