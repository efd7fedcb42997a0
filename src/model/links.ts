/** Programs and services that show repositories in a browser, of which addresses of commits and files are known. */
export const WEB_STYLES = [
  ...(['github', 'gitlab', 'gitea', 'forgejo', 'bitbucket', 'bitbucket-dc', 'cgit', 'gitweb'] as const),
  ...(['gitiles', 'sourcehut', 'gerrit', 'azure', 'soft-serve'] as const),
] as const;

export type WebStyle = (typeof WEB_STYLES)[number];

/** Settings that say where the pages of a repository are; undefined is not set. */
export interface LinkSettings {
  /** `pattern`: by the addresses below alone; `off`: no links. */
  readonly web: WebStyle | 'pattern' | 'off' | undefined;
  /** Address of the repository's pages, or of their server; the word `repository` may be in it. */
  readonly webUrl: string | undefined;
  /** Without a slash at its end. */
  readonly linkBase: string | undefined;
  /** Addresses with words, as those of `LinkPatterns`. */
  readonly commitUrl: string | undefined;
  readonly treeUrl: string | undefined;
  readonly fileUrl: string | undefined;
  readonly compareUrl: string | undefined;
  readonly tagUrl: string | undefined;
}

/**
 * Addresses with words in braces (model/words.ts); absent where there is no such page. `{url}` is the address of the repository, `{repository}` its
 * name, `{id}` a commit's; in `file` `{path}` and `{line}`, in `compare` `{old}`, `{new}` and `{dots}`, in `tag` `{tag}`.
 */
export interface LinkPatterns {
  readonly project?: string;
  readonly commit?: string;
  readonly tree?: string;
  /** What a commit changed, where its own page does not show that. */
  readonly diff?: string;
  readonly file?: string;
  readonly compare?: string;
  readonly tag?: string;
  /** Of a tag that is no object of its own, where that differs. */
  readonly lightTag?: string;
}

/** Where the pages of a repository are. */
export interface Links {
  readonly patterns: LinkPatterns;
  /** Without a slash at its end. */
  readonly url: string;
  /** As its host names it. */
  readonly repository: string;
  /** What says so: settings, such as `refpost.webUrl`, or the host. */
  readonly by: string;
}

/** Bytes, each a character, percent-encoded but for slashes and what never means anything in an address (RFC 3986 2.3). */
export function percentEncoded(bytes: string, reserved = /[^A-Za-z0-9\-._~/]/g): string {
  return bytes.replace(
    reserved,
    byte => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The bytes of a text, each a character. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
