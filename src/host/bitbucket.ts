import { baseOf, type Environment, type Host } from './host.ts';

/** Bitbucket Data Center: hook scripts (BB_*), and the app External Hooks before 6.2.0 (STASH_*). */
export const bitbucket: Host = {
  name: 'bitbucket',
  aliases: ['bitbucket-dc', 'stash'],
  title: 'Bitbucket Data Center',
  variables: [
    ...[
      'BB_PROJECT_KEY',
      'BB_REPO_SLUG',
      'BB_BASE_URL',
      'BB_USER_NAME',
      'BB_USER_DISPLAY_NAME',
      'BB_USER_EMAIL',
    ],
    ...['STASH_PROJECT_KEY', 'STASH_REPO_NAME', 'STASH_USER_NAME', 'STASH_USER_EMAIL'],
  ],
  isKnown: env => Boolean(env.BB_REPO_SLUG || env.BB_USER_NAME || env.STASH_REPO_NAME || env.STASH_USER_NAME),
  pusher: env => {
    const [name, email] = [
      env.BB_USER_NAME || env.STASH_USER_NAME,
      env.BB_USER_EMAIL || env.STASH_USER_EMAIL,
    ];
    const display = env.BB_USER_DISPLAY_NAME;
    return {
      ...(name ? { name } : {}),
      ...(email ? { email } : {}),
      ...(display && display !== name ? { aliases: [display] } : {}),
    };
  },
  repository: (env: Environment) => {
    const [project, slug] = [
      env.BB_PROJECT_KEY || env.STASH_PROJECT_KEY,
      env.BB_REPO_SLUG || env.STASH_REPO_NAME,
    ];
    return project && slug ? `${project}/${slug}` : slug;
  },
  web: env => ({ style: 'bitbucket-dc', ...baseOf(env.BB_BASE_URL) }),
  ownRefs: ['refs/pull-requests/*'],
  unseen: ['Where hook scripts are off (feature.hook.scripts, the default since 8.18), none is run.'],
};

/** Bitbucket asks hooks what they would say of a merge that nobody has made. */
export function isDryRun(env: Environment): boolean {
  return env.BB_IS_DRY_RUN === 'true';
}
