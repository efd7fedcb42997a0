import { type LinkPatterns, WEB_STYLES, type WebStyle } from '../model/links.ts';

/** A program that shows repositories, and what the address of a repository looks like there. */
interface WebPreset extends LinkPatterns {
  /** Addresses that are surely of it. */
  readonly knownBy?: RegExp;
  /** The address of a repository, of what people copy for it. */
  readonly address?: (url: string) => string;
  /** Addresses of the server alone; else those without a path. */
  readonly server?: RegExp;
  /** What follows the address of the server, where it is not just the name. */
  readonly under?: (repository: string) => string;
}

const without = (rest: RegExp) => (url: string) => url.replace(rest, '');

/** `~ada/tools` is a repository of a person. */
function underKey(name: string): string {
  const [, home, key, slug] = /^(~?)([^/]*)\/(.*)$/.exec(name) ?? [];
  return slug === undefined ? name : `${home ? 'users' : 'projects'}/${key}/repos/${slug}`;
}

const GITHUB: WebPreset = {
  knownBy: /^https?:\/\/(www\.)?github\.com\//i,
  address: without(/\.git$/),
  project: '{url}',
  commit: '{url}/commit/{id}',
  tree: '{url}/tree/{id}',
  diff: '{url}/commit/{id}.diff',
  file: '{url}/blob/{id}/{path}#L{line}',
  compare: '{url}/compare/{old}{dots}{new}',
  tag: '{url}/releases/tag/{tag}',
};

const GITEA: WebPreset = {
  ...GITHUB,
  knownBy: /^https?:\/\/gitea\./i,
  tree: '{url}/src/commit/{id}',
  file: '{url}/src/commit/{id}/{path}#L{line}',
  tag: '{url}/src/tag/{tag}',
};

const GITILES: WebPreset = {
  knownBy: /^https?:\/\/(?![^/]*-review\.)[^/]*\.googlesource\.com\//i,
  address: without(/(?:\/\+.*|\.git)$/s),
  project: '{url}/',
  commit: '{url}/+/{id}',
  tree: '{url}/+/{id}/',
  diff: '{url}/+/{id}%5E%21/',
  file: '{url}/+/{id}/{path}#{line}',
  compare: '{url}/+/{old}..{new}',
  tag: '{url}/+/refs/tags/{tag}',
};

/**
 * Where each shows commits, trees, files, comparisons and tags. docs/links.md says where that is written, and what was tried with which version.
 * Whoever compares a ref that was forced wants both ends compared: two dots, where three start from what they have in common.
 */
export const webPresets: Readonly<Record<WebStyle, WebPreset>> = {
  github: GITHUB,
  gitlab: {
    knownBy: /^https?:\/\/(gitlab\.|[^?]*\/-(\/|$))/i,
    address: without(/(?:\/-(?:\/.*)?|\.git)$/s),
    project: '{url}',
    commit: '{url}/-/commit/{id}',
    tree: '{url}/-/tree/{id}',
    diff: '{url}/-/commit/{id}.diff',
    file: '{url}/-/blob/{id}/{path}#L{line}',
    compare: '{url}/-/compare/{old}{dots}{new}',
    tag: '{url}/-/tags/{tag}',
  },
  gitea: GITEA,
  forgejo: { ...GITEA, knownBy: /^https?:\/\/(codeberg\.org\/|forgejo\.)/i },
  bitbucket: {
    knownBy: /^https?:\/\/bitbucket\.org\//i,
    address: without(/(?:\/src(?:\/.*)?|\.git)$/s),
    project: '{url}',
    commit: '{url}/commits/{id}',
    tree: '{url}/src/{id}/',
    file: '{url}/src/{id}/{path}#lines-{line}',
    compare: '{url}/branches/compare/{new}%0D{old}',
    tag: '{url}/src/{tag}',
  },
  'bitbucket-dc': {
    knownBy: /\/(projects|users)\/[^/]+\/repos\/[^/]+(\/browse)?$/,
    address: url =>
      url
        .replace(/\/browse$/, '')
        .replace(/\/scm\/([^/]+\/[^/]+?)(?:\.git)?$/, (_, name: string) => `/${underKey(name)}`),
    under: underKey,
    project: '{url}/browse',
    commit: '{url}/commits/{id}',
    tree: '{url}/browse?at={id}',
    file: '{url}/browse/{path}?at={id}#{line}',
    compare: '{url}/compare/commits?sourceBranch={new}&targetBranch={old}',
    tag: '{url}/browse?at=refs%2Ftags%2F{tag}',
  },
  cgit: {
    knownBy: /^https?:\/\/(git\.kernel\.org\/|cgit\.|[^?]*\/cgit(\.cgi)?\/)/i,
    project: '{url}/',
    commit: '{url}/commit/?id={id}',
    tree: '{url}/tree/?id={id}',
    diff: '{url}/diff/?id={id}',
    file: '{url}/tree/{path}?id={id}#n{line}',
    compare: '{url}/diff/?id={new}&id2={old}',
    tag: '{url}/tag/?h={tag}',
  },
  gitweb: {
    knownBy: /\?(.*[;&])?p=|\/gitweb(\.cgi)?\//,
    address: without(/(?<=[?;&]p=[^;&]*)[;&].*$/s),
    under: name => `?p=${name}.git`,
    project: '{url}{join}a=summary',
    commit: '{url}{join}a=commit;h={id}',
    tree: '{url}{join}a=tree;hb={id}',
    diff: '{url}{join}a=commitdiff;h={id}',
    file: '{url}{join}a=blob;f={path};hb={id}#l{line}',
    compare: '{url}{join}a=commitdiff;hp={old};h={new}',
    tag: '{url}{join}a=tag;h=refs/tags/{tag}',
    // It shows a tag object at a=tag alone, and finds out by itself what a=object is.
    lightTag: '{url}{join}a=object;h=refs/tags/{tag}',
  },
  gitiles: GITILES,
  sourcehut: {
    knownBy: /^https?:\/\/git\.sr\.ht\//i,
    project: '{url}',
    commit: '{url}/commit/{id}',
    tree: '{url}/tree/{id}',
    diff: '{url}/commit/{id}.patch',
    file: '{url}/tree/{id}/item/{path}#L{line}',
    tag: '{url}/refs/{tag}',
  },
  gerrit: {
    ...GITILES,
    knownBy: /\/plugins\/gitiles\/|\/admin\/repos\//,
    address: without(/(?:\/admin\/repos\/.*|\/\+.*|\.git)$/s),
    server: /^(?!.*\/plugins\/gitiles\/)/,
    under: name => `plugins/gitiles/${name}`,
    // The change that brought it.
    commit: '{server}/q/{id}',
  },
  azure: {
    knownBy: /\/_git\//,
    address: without(/\?.*$/s),
    project: '{url}',
    commit: '{url}/commit/{id}',
    tree: '{url}?version=GC{id}',
    file: '{url}?path=/{path}&version=GC{id}&line={line}&lineEnd={nextLine}&lineStartColumn=1&lineEndColumn=1',
    compare: '{url}/branchCompare?baseVersion=GC{old}&targetVersion=GC{new}',
    tag: '{url}?version=GT{tag}',
  },
  // It shows no repositories in a browser.
  'soft-serve': {},
};

/** The program that shows a repository at this address, where it can be one alone. */
export function styleOf(url: string): WebStyle | undefined {
  const [style, ...others] = WEB_STYLES.filter(each => webPresets[each].knownBy?.test(url));
  return others.length === 0 ? style : undefined;
}
