export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What git sees of the environment. Where users and administrators may configure git (HOME, system and global files, GIT_CONFIG_COUNT) the
 * way stays open; what a hook inherits from the push at hand (GIT_DIR=., GIT_QUARANTINE_PATH, GIT_INDEX_FILE, traces) is left out.
 */
export function gitEnvironment(env: Environment, gitDir: string) {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && KEPT.test(name)) kept[name] = value;
  }
  return {
    ...kept,
    LC_ALL: 'C',
    GIT_DIR: gitDir,
    // A partial clone would otherwise fetch what is missing, over the network, in the middle of a mail. Older versions
    // of git know only the second one: no protocol has that name.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    // A mail shows what every clone gets: no replacement (git-replace(1)), no graft (gitrepository-layout(5)). The name is that of
    // no file, of which git says nothing.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: '/dev/null/none',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    ...ALLOCATION,
  };
}

/** What a git that talks to a server may see besides: the way there, and how people have given it keys and passwords. */
const NETWORK =
  /^(SSH_AUTH_SOCK|GIT_ASKPASS|GIT_SSL_\w+|SSL_CERT_(FILE|DIR)|XDG_(RUNTIME_DIR|CACHE_HOME)|DBUS_SESSION_BUS_ADDRESS|(https?|all|no)_proxy|HTTPS_PROXY|ALL_PROXY|NO_PROXY)$/;

/**
 * The environment of a git that fetches. Nothing in it waits for a person, and no protocol runs a program that an address names.
 * @param ssh core.sshCommand (git-config(1)), where it is set
 */
export function networkEnvironment(env: Environment, gitDir: string, ssh = 'ssh') {
  const {
    GIT_GRAFT_FILE: _grafts,
    GIT_NO_REPLACE_OBJECTS: _replacements,
    ...own
  } = gitEnvironment(env, gitDir);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && NETWORK.test(name)) kept[name] = value;
  }
  const command = env.GIT_SSH_COMMAND ?? ssh;
  // Programs that only look like ssh know no such options.
  const isSsh = /^(?:\S*\/)?ssh(?:\s|$)/.test(command);
  return {
    ...own,
    ...kept,
    GIT_ALLOW_PROTOCOL: PROTOCOLS.join(':'),
    GIT_SSH_COMMAND: isSsh ? `${command} -o BatchMode=yes -o ConnectTimeout=30` : command,
  };
}

/** By which addresses may be reached. */
export const PROTOCOLS: readonly string[] = ['https', 'http', 'ssh', 'git', 'file'];

/**
 * Between two files of a diff git frees as much memory as it wants again for the next one. If the C library gives it back to the
 * kernel each time, as glibc does from 128 KB on (mallopt(3)), a quarter of the time goes there (bench, set `mails`). Others do not know these.
 */
const ALLOCATION = {
  MALLOC_MMAP_THRESHOLD_: `${32 << 20}`,
  MALLOC_TRIM_THRESHOLD_: `${64 << 20}`,
};

const KEPT =
  /^(PATH|HOME|GNUPGHOME|USER|LOGNAME|TMPDIR|XDG_CONFIG_HOME|GIT_CONFIG_(NOSYSTEM|SYSTEM|GLOBAL|COUNT|KEY_\d+|VALUE_\d+|PARAMETERS)|GIT_EXEC_PATH|GIT_CEILING_DIRECTORIES)$/;
