import { isUtf8 } from 'node:buffer';
import type { FileDiff } from '../model/commit.ts';
import { bytesOf, type LinkPatterns, type Links, percentEncoded } from '../model/links.ts';
import { inNamespace, isForced, type RefChange } from '../model/push.ts';
import { filledIn } from '../model/words.ts';

type Page = keyof LinkPatterns;

/** Where a browser shows a commit; null where it is not known. */
export function commitLink(links: Links | undefined, id: string, page: Page = 'commit'): string | null {
  return address(links, page, { id });
}

/**
 * Where a browser shows a file of a commit, or of its parent where the commit deletes it; null where nothing is shown: a submodule, and a
 * name that is not UTF-8, for which rspamd gives five points.
 * @param line of the new version, or of the old one where it is deleted; 0 for none
 */
export function fileLink(
  links: Links | undefined,
  commit: { readonly id: string; readonly parents: readonly string[] },
  file: Pick<FileDiff, 'path' | 'text'>,
  line = 0,
): string | null {
  const { isDeleted, isSubmodule } = headOf(file);
  const id = isDeleted ? commit.parents[0] : commit.id;
  if (isSubmodule || id === undefined || !isUtf8(file.path)) return null;
  return address(links, 'file', { id, path: file.path.toString('latin1'), line });
}

/** Where a browser compares the old value of a ref with the new one; null where there are not both. */
export function compareLink(links: Links | undefined, change: RefChange): string | null {
  const { kind, move, old, new: fresh } = change;
  if (kind === 'tag' || move === 'created' || move === 'deleted') return null;
  return address(links, 'compare', { old, new: fresh, dots: isForced(change) ? '..' : '...' });
}

/** Where a browser shows a tag; null for anything else, and where it is in a namespace, since no program looks for it there. */
export function tagLink(links: Links | undefined, { ref, kind, move, annotated }: RefChange): string | null {
  if (kind !== 'tag' || move === 'deleted' || inNamespace(ref).namespace !== '') return null;
  const tag = bytesOf(ref.replace('refs/tags/', ''));
  const page = !annotated && links?.patterns.lightTag ? 'lightTag' : 'tag';
  return address(links, page, { tag });
}

/** Where a browser shows what a push did to a ref: the comparison, the tag, the first commit of a new branch. */
export function refLink(links: Links | undefined, change: RefChange): string | null {
  const isNew = change.kind === 'branch' && change.move === 'created';
  return isNew ? commitLink(links, change.new) : (compareLink(links, change) ?? tagLink(links, change));
}

type Values = Readonly<Record<string, string | number>>;

function address(links: Links | undefined, page: Page, values: Values): string | null {
  const pattern = links?.patterns[page];
  if (!links || pattern === undefined) return null;
  const { id = '', line = 0, path = '', tag = '' } = values;
  const words: Values = {
    ...values,
    url: links.url,
    repository: percentEncoded(bytesOf(links.repository)),
    // Where further words of a query follow.
    join: links.url.includes('?') ? ';' : '?',
    server: links.url.replace(/\/plugins\/gitiles\/.*/, ''),
    shortId: String(id).slice(0, 9),
    cutId: String(id).slice(0, 8),
    nextLine: Number(line) + 1,
    path: percentEncoded(String(path)),
    segments: percentEncoded(String(path), SEGMENTS),
    tag: percentEncoded(String(tag)),
  };
  return filledIn(line === 0 ? pattern.replace(AT_LINE, '') : pattern, word => words[word]?.toString());
}

/** From where an address says which line. */
const AT_LINE = /[#&;?][^#&;?]*\{line\}.*$/s;

/** What a path may have in it (RFC 3986 3.3), each byte a character. */
const SEGMENTS = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/g;

/** What git's lines above the first hunk say of a file. */
function headOf({ text }: Pick<FileDiff, 'text'>) {
  const end = text.indexOf('\n@@');
  const head = text.toString('latin1', 0, end < 0 ? MOST_HEAD : Math.min(end, MOST_HEAD));
  return {
    isDeleted: /^deleted file mode /m.test(head),
    isSubmodule: /^(?:(?:new|deleted) file mode|index \S+) 160000$/m.test(head),
  };
}

/** Names have 4096 bytes at the most on any disk, and stand there up to six times. */
const MOST_HEAD = 65_536;
