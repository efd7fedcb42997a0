import { run } from '../test/fixtures/processes.ts';
import { gitEnvironment } from '../test/fixtures/repository.ts';
import { type MailLink, unescaped } from './corpus-links.ts';

/** What an address of a program means, as its own documentation has it. */
export type Meaning = {
  /** What its pages about something wrong have in them, whatever the status. */ readonly wrong: RegExp;
} & (
  | { readonly kind: 'project' }
  | { readonly kind: 'commit' | 'tree' | 'diff'; readonly id: string }
  | { readonly kind: 'compare'; readonly old: string; readonly id: string }
  | { readonly kind: 'tag'; readonly tag: string }
  | {
      readonly kind: 'file';
      readonly id: string;
      readonly path: string;
      readonly line: number;
      readonly anchor: string;
    }
);

export type Reader = (url: string) => Meaning;

/** Follows a link, and compares the page with what git has there. Says what is wrong. */
export async function faultOf({ gitDir, url }: MailLink, meaning: Meaning): Promise<string | undefined> {
  const response = await fetch(url);
  const html = await response.text();
  if (response.status !== 200) return `status ${response.status}`;
  // A file of which the program thinks that it is no text.
  if (meaning.kind === 'file' && !/html/.test(response.headers.get('content-type') ?? '')) return undefined;
  const page = unescaped(html.replace(/<[^>]*>/g, ''));
  if (meaning.wrong.test(html)) return `it says: ${page.replace(/\s+/g, ' ').slice(0, 300)}`;
  const git = async (...words: readonly string[]) => {
    const { stdout } = await run(['git', '--git-dir', gitDir, ...words], { env: gitEnvironment() });
    return stdout;
  };
  const missing = (await expected(git, meaning, page))
    .map(longestPlain)
    .find(text => !spaceless(page).includes(spaceless(text)));
  if (missing !== undefined) return `a page without ${JSON.stringify(missing)}`;
  if (meaning.kind === 'file' && meaning.line > 0 && !/bin-blob/.test(html) && !html.includes(meaning.anchor))
    return `no ${meaning.anchor}`;
  return undefined;
}

/** The longest piece without control characters, for which each program has a form of its own. */
function longestPlain(text: string): string {
  const pieces = text.split(/\p{Cc}+/u);
  return pieces.reduce((one, each) => (each.length > one.length ? each : one), '');
}

/** Programs show blanks and what is not ASCII as they like. */
function spaceless(text: string): string {
  return text.replace(/[^!-~]/g, '');
}

/** Texts that a page of this meaning has. */
async function expected(
  git: (...words: readonly string[]) => Promise<string>,
  meaning: Meaning,
  page: string,
): Promise<readonly string[]> {
  switch (meaning.kind) {
    case 'project':
      return [];
    case 'commit':
      return [meaning.id];
    case 'tree':
      return plain(await git('ls-tree', '--name-only', '-z', meaning.id));
    case 'diff':
      return plain(
        await git('diff-tree', '--root', '--no-commit-id', '--name-only', '-z', '-c', meaning.id),
      ).slice(0, 20);
    case 'compare':
      return plain(await git('diff-tree', '-r', '--name-only', '-z', meaning.old, meaning.id)).slice(0, 20);
    case 'tag': {
      // Of one that is no object of its own some show the commit that it names.
      const commit = await git('rev-parse', '--verify', '--quiet', `refs/tags/${meaning.tag}^{commit}`);
      return commit === '' || page.includes(commit.trim()) ? [] : [meaning.tag];
    }
    case 'file': {
      const { id, path, line } = meaning;
      const text = await git('cat-file', 'blob', `${id}:${path}`);
      return line === 0 ? [path.split('/').at(-1) ?? ''] : [text.split('\n')[line - 1]?.slice(0, 80) ?? ''];
    }
  }
}

/** Names that every program shows as they are. */
function plain(names: string): string[] {
  return names.split('\0').filter(name => /^[\w./ -]+$/.test(name) && name.trim() !== '');
}
