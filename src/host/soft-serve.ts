import type { Host } from './host.ts';

/** soft-serve (pkg/hooks, cmd/soft/hook). It has no web pages. */
export const softServe: Host = {
  name: 'soft-serve',
  title: 'Soft Serve',
  variables: ['SOFT_SERVE_REPO_NAME', 'SOFT_SERVE_USERNAME'],
  isKnown: env => Boolean(env.SOFT_SERVE_REPO_NAME),
  keeps: (_, has) => has('hooks/post-receive.d/soft-serve'),
  // Absent for a key that no user has, and by git://.
  pusher: ({ SOFT_SERVE_USERNAME: name }) => (name ? { name } : {}),
  repository: env => env.SOFT_SERVE_REPO_NAME,
  ownRefs: [],
  unseen: ['A pull mirror runs no hook.', 'Addresses of users are not shown to hooks.'],
};
