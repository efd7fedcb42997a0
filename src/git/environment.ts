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
