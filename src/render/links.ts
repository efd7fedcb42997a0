import type { Commit } from '../model/commit.ts';

/** Widths of object names in a mail, the same in repositories of every size: people filter and grep by them. */

/** In the preamble and in lists. */
export function id9(id: string): string {
  return id.slice(0, 9);
}

/** In links. */
export function id8(id: string): string {
  return id.slice(0, 8);
}

/** In `Parents:` and on a diff's index line. */
export function id7(id: string): string {
  return id.slice(0, 7);
}

/** Where a browser shows a commit. */
export interface Links {
  readonly project: string;
  readonly commit: string;
  readonly tree: string;
  readonly diff: string;
}

export function commitLinks(base: string, commit: Commit): Links {
  const id = id8(commit.id);
  return {
    project: `${base}/repo`,
    commit: `${base}/commit/${id}`,
    tree: `${base}/tree/${id}`,
    diff: `${base}/diff/${id}`,
  };
}

/** The link to one file of a commit. Bytes of the path that a URL cannot hold are percent-encoded (RFC 3986). */
export function blobLink(base: string, commit: Commit, path: Buffer): string {
  const encoded = path
    .toString('latin1')
    .replace(
      /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/g,
      byte => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
  return `${base}/blob/${id8(commit.id)}/${encoded}`;
}
