import type { Environment, Host } from './host.ts';

/** GitLab, self-managed: Gitaly gives hooks few variables (internal/gitaly/hook/custom.go). */
export const gitlab: Host = {
  name: 'gitlab',
  title: 'GitLab',
  variables: ['GL_ID', 'GL_USERNAME', 'GL_PROJECT_PATH', 'GL_REPOSITORY', 'GL_PROTOCOL'],
  // Before version 13 without a path.
  isKnown: env => Boolean(env.GL_PROJECT_PATH || env.GL_USERNAME || env.GL_ID),
  keeps: gitDir => /\/@(hashed|cluster)\//.test(gitDir),
  // A deploy key (GL_ID is key-4) has no name.
  pusher: ({ GL_USERNAME: name }) => (name ? { name } : {}),
  repository: repositoryName,
  web: env =>
    /^(wiki|design|group|snippet)/.test(env.GL_REPOSITORY ?? '') ? undefined : { style: 'gitlab' },
  ownRefs: ['refs/merge-requests/*', 'refs/keep-around/*', 'refs/environments/*', 'refs/pipelines/*'],
  unseen: [
    'Each ref that is moved on the web (merge button, editor, API) is a push of its own.',
    'Where GitLab cannot reach its own API after a push, it runs no hook.',
    'Signed pushes and addresses of pushers are not shown to hooks.',
  ],
};

/** GL_REPOSITORY is `project-12`, `wiki-12`, `group-7-wiki` or `design-12`; wikis and designs must not pass for their project. */
function repositoryName({ GL_PROJECT_PATH: path, GL_REPOSITORY: id = '' }: Environment): string | undefined {
  const [kind = ''] = /^design(?=-\d)|^wiki(?=-\d)|(?<=^group-\d+-)wiki$/.exec(id) ?? [];
  return path && kind && !path.endsWith(`.${kind}`) ? `${path}.${kind}` : path;
}
