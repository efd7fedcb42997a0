/** What the host says about a push. Absent where it says nothing. */
export interface Pusher {
  readonly name?: string;
  readonly email?: string;
  /** The repository as the host names it, such as `mesos` or `apache/mesos`. */
  readonly repository?: string;
}

/** A host, known by variables that it alone sets for a hook (any of them), and which of them say what. */
interface Host {
  readonly knownBy: readonly string[];
  readonly name: string;
  readonly email?: string;
  /** More than one variable are parts of a path. */
  readonly repository?: readonly string[];
}

/** The first that matches. gitolite and GitLab share the prefix GL_. */
const hosts: readonly Host[] = [
  {
    // Gitea, Forgejo
    knownBy: ['GITEA_PUSHER_NAME', 'GITEA_REPO_NAME'],
    name: 'GITEA_PUSHER_NAME',
    email: 'GITEA_PUSHER_EMAIL',
    repository: ['GITEA_REPO_USER_NAME', 'GITEA_REPO_NAME'],
  },
  // GitLab; before version 13 without a path
  {
    knownBy: ['GL_PROJECT_PATH', 'GL_USERNAME', 'GL_ID'],
    name: 'GL_USERNAME',
    repository: ['GL_PROJECT_PATH'],
  },
  { knownBy: ['GL_USER', 'GL_REPO'], name: 'GL_USER', repository: ['GL_REPO'] }, // gitolite
  { knownBy: ['REMOTE_USER'], name: 'REMOTE_USER' }, // git http-backend behind a web server
  { knownBy: ['USER'], name: 'USER' }, // ssh, or a path
  { knownBy: ['LOGNAME'], name: 'LOGNAME' },
];

/** Accounts through which many people push, or a service does: none of them is a person's name. */
const SHARED = /^(git|git(olite3?|osis|ea|lab)|forgejo|gogs|www(-data)?|apache2?|nginx|httpd?|nobody|root)$/;

/** Who pushed to which repository, from the variables that the hook recorded. */
export function pusherOf(environment: Readonly<Record<string, string>>): Pusher {
  const said = (variable: string): string => environment[variable] ?? '';
  const host = hosts.find(({ knownBy }) => knownBy.some(said));
  if (host === undefined) return {};
  const name = SHARED.test(said(host.name)) ? '' : said(host.name);
  const email = host.email === undefined ? '' : said(host.email);
  const repository = (host.repository ?? []).map(said).filter(Boolean).join('/');
  return { ...(name && { name }), ...(email && { email }), ...(repository && { repository }) };
}
