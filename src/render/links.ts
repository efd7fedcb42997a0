import type { Commit } from '../model/commit.ts';

/** Widths of object names in a mail, the same in repositories of every size: people filter and grep by them. */
const shortened = (width: number) => (id: string) => id.slice(0, width);

/** In the preamble and in lists. */
export const id9 = shortened(9);
/** In links. */
export const id8 = shortened(8);
/** In `Parents:` and on a diff's index line. */
export const id7 = shortened(7);

/** Where a browser shows a commit. */
export function commitLinks(base: string, commit: Commit) {
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
