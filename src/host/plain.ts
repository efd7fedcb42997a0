import type { Environment, Host } from './host.ts';

/** Accounts through which many people push, or a service does: none of them is a person's name. */
const SHARED =
  /^(git|git(olite3?|osis|ea|lab)|forgejo|gogs|gerrit2?|(atl)?bitbucket|soft-serve|www(-data)?|apache2?|nginx|httpd?|lighttpd|caddy|nobody|root)$/;

const named = (account: string | undefined) => (account && !SHARED.test(account) ? { name: account } : {});

const unseen: readonly string[] = [
  'Refs that are moved on the server, by git update-ref, git branch or git fetch (a pull mirror), run no hook.',
];

/** git http-backend (CGI variables, RFC 3875). Its GIT_COMMITTER_EMAIL (`ada@http.192.0.2.7`) is invented and is not read. */
export const http: Host = {
  name: 'http',
  title: 'git http-backend',
  variables: ['REMOTE_USER', 'REQUEST_METHOD'],
  isKnown: env => Boolean(env.REQUEST_METHOD),
  pusher: env => named(env.REMOTE_USER),
  ownRefs: [],
  unseen,
};

/** git daemon: everybody may push, and nobody has a name; USER is who runs it. */
export const daemon: Host = {
  name: 'git-daemon',
  title: 'git daemon',
  variables: ['REMOTE_ADDR'],
  isKnown: env => Boolean(env.REMOTE_ADDR) && !env.REMOTE_USER,
  pusher: () => ({}),
  ownRefs: [],
  unseen: [...unseen, 'git daemon knows nobody: who pushed is not in the mails.'],
};

/** ssh, or a path. REMOTE_USER is from authorized_keys (`environment=`) or a forced command, where many share an account. */
export const ssh: Host = {
  name: 'ssh',
  title: 'git over ssh',
  variables: ['USER', 'LOGNAME', 'REMOTE_USER'],
  isKnown: () => true,
  pusher: (env: Environment) => named(env.REMOTE_USER || env.USER || env.LOGNAME),
  ownRefs: [],
  unseen,
};
