import { baseOf, type Host } from './host.ts';

/** Gitea and Forgejo, which has kept the names (modules/repository/env.go). */
export const gitea: Host = {
  name: 'gitea',
  aliases: ['forgejo'],
  title: 'Gitea or Forgejo',
  variables: [
    ...['GITEA_PUSHER_NAME', 'GITEA_PUSHER_EMAIL', 'GITEA_REPO_NAME', 'GITEA_REPO_USER_NAME'],
    ...['GITEA_REPO_IS_WIKI', 'GITEA_ROOT_URL'],
  ],
  isKnown: env => Boolean(env.GITEA_PUSHER_NAME || env.GITEA_REPO_NAME),
  keeps: (_, has) => has('hooks/post-receive.d/gitea'),
  // No address where its owner keeps it private.
  pusher: ({ GITEA_PUSHER_NAME: name, GITEA_PUSHER_EMAIL: email }) => ({
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
  }),
  // A wiki is `project.wiki`.
  repository: ({ GITEA_REPO_USER_NAME: owner, GITEA_REPO_NAME: name }) =>
    name && owner ? `${owner}/${name}` : name,
  // Pages of a wiki have other addresses.
  web: env =>
    env.GITEA_REPO_IS_WIKI === 'true' ? undefined : { style: 'gitea', ...baseOf(env.GITEA_ROOT_URL) },
  // AGit: a push to refs/for/main moves refs/pull/7/head.
  ownRefs: ['refs/pull/*', 'refs/for/*'],
  unseen: [
    'Branches that are deleted or renamed on the web, tags that a release makes or that are deleted there, and pull mirrors run no hook.',
    'A pusher whose address is private has none in the mails.',
  ],
};
