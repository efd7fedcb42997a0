/** What a hook has recorded of its environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A program around git that runs our hook (gitolite, GitLab, …), or git alone: what it says in the environment of a hook, and what it
 * keeps to itself. All functions are pure. Values may have any character in them: mails make them visible.
 */
export interface Host {
  /** As `refpost install --host` takes it. */
  readonly name: string;
  /** Further names for the same. */
  readonly aliases?: readonly string[];
  /** As people write it. */
  readonly title: string;
  /** Variables that its hooks record; never one that may hold a secret, such as HTTP_*. */
  readonly variables: readonly string[];
  /** Whether this host has run the hook. */
  readonly isKnown: (env: Environment) => boolean;
  /** Whether a repository is one of its. @param gitDir absolute @param has whether the git directory has such a file, by its path there */
  readonly keeps?: (gitDir: string, has: (path: string) => boolean) => boolean;
  readonly pusher: (env: Environment) => Pusher;
  /** The repository's full name, such as `team/project`; undefined where the directory's name has to do. */
  readonly repository?: (env: Environment) => string | undefined;
  /** Its pages, where it tells of them. */
  readonly web?: (env: Environment) => Web | undefined;
  /** Why a push is announced to nobody, though its refs have moved: a mirror's copy. */
  readonly passedOver?: (env: Environment) => string | undefined;
  /** Refs that it writes for itself, as patterns of refpost.refs. They are not announced by default, since only branches and tags are. */
  readonly ownRefs: readonly string[];
  /** What its hook does not see, a sentence each. What moved unseen is announced with the next push to that ref. */
  readonly unseen: readonly string[];
}

/** Who pushed. Absent where the host says nothing. */
export interface Pusher {
  readonly name?: string;
  readonly email?: string;
  /** Further names by which the host knows them, for refpost.pushers. */
  readonly aliases?: readonly string[];
  /** True where a signed push says so, whose certificate git has verified. */
  readonly signed?: true;
}

/** Web pages of a host. */
export interface Web {
  /** A preset of refpost.web. */
  readonly style: 'gitlab' | 'gitea' | 'gerrit' | 'bitbucket-dc';
  /** Where they start, without a slash at the end; absent where the host does not say it. */
  readonly base?: string;
}

/** What a host said about a push. */
export interface Said {
  readonly host: Host;
  readonly pusher: Pusher;
  readonly repository?: string;
  readonly web?: Web;
  readonly passedOver?: string;
}

/** A `Name <address>`, or one of the two; the name is empty where there is only an address. */
export function mailboxOf(text: string | undefined): { readonly name: string; readonly email?: string } {
  const [, name = '', email] = /^(.*?)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(text ?? '') ?? [];
  if (email !== undefined) return { name, email };
  return isAddress(text) ? { name: '', email: text } : { name: text ?? '' };
}

export function isAddress(text: string | undefined): text is string {
  return /^[^<>()\s@]+@[^<>()\s@]+\.[^<>()\s@]+$/.test(text ?? '');
}

/** A base of links as a host gives it: http or https, without the slash at its end. */
export function baseOf(url: string | undefined): { readonly base?: string } {
  return url && /^https?:\/\/[^\s\p{Cc}<>"]+$/u.test(url) ? { base: url.replace(/\/+$/, '') } : {};
}
