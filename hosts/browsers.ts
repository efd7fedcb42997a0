import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../test/fixtures/repository.ts';
import type { Trial } from '../test/fixtures/trials.ts';
import { serveCgi } from './cgi-server.ts';
import { corpusLinks, type MailLink } from './corpus-links.ts';
import { faultOf, type Reader } from './shown-page.ts';

const CGIT = '/usr/lib/cgit/cgit.cgi';
const GITWEB = '/usr/share/gitweb/gitweb.cgi';

/** Pages of a repository, by cgit. */
export const cgit: Trial = {
  programs: [CGIT],
  packages: ['cgit'],
  play: async t => {
    const folder = temporaryFolder(t);
    const config = join(folder, 'cgitrc');
    writeFileSync(
      config,
      `virtual-root=/cgi\nscan-path=${folder}\ncache-size=1000\ncache-root=${folder}/cache\n`,
    );
    const url = await serveCgi(t, CGIT, { CGIT_CONFIG: config });
    // Its git ends at a date that is too large for it.
    return followed(folder, 'cgit', name => `${url}/${name}`, readCgit, /dates-odd\/.*\/commit\//);
  },
};

/** The same by gitweb. */
export const gitweb: Trial = {
  programs: [GITWEB],
  packages: ['gitweb'],
  play: async t => {
    const folder = temporaryFolder(t);
    const config = join(folder, 'gitweb.conf');
    writeFileSync(config, `$projectroot = "${folder}";\n`);
    const url = await serveCgi(t, GITWEB, { GITWEB_CONFIG: config });
    // It reads the lines of a commit object by itself, and git takes a path that starts with a colon for a pattern.
    const unshown =
      /p=(author-endless|encoding-header-(hostile|misleads))\/.*a=commit|p=paths-with-dashes\/.*f=%3A/;
    return followed(folder, 'gitweb', name => `${url}?p=${name}`, readGitweb, unshown);
  },
};

/** Every link of every mail of the corpus leads to the page that it names. */
async function followed(
  folder: string,
  web: string,
  urlOf: (name: string) => string,
  read: Reader,
  unshown?: RegExp,
): Promise<string> {
  const links = (await corpusLinks(folder, web, urlOf)).filter(({ url }) => !unshown?.test(url));
  const nowhere = links.filter(({ url }) => read(url).kind !== 'project').map(lost);
  for (const kind of ['commit', 'tree', 'file', 'diff', 'compare', 'tag']) {
    const link = nowhere.find(({ url }) => read(url).kind === kind);
    if (!link || (await faultOf(link, read(link.url))) === undefined)
      throw new Error(`nobody would notice a wrong ${kind}: ${link?.url}`);
  }
  const faults: string[] = [];
  const left = [...links];
  const kinds = new Map<string, number>();
  const follow = async () => {
    for (let link = left.pop(); link !== undefined; link = left.pop()) {
      const { kind } = read(link.url);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      const fault = await faultOf(link, read(link.url));
      if (fault !== undefined) faults.push(`${link.url}: ${fault}`);
    }
  };
  await Promise.all([follow(), follow(), follow()]);
  const counts = [...kinds].sort().map(([kind, count]) => `${count} ${kind}`);
  const said = `${links.length} links of the corpus (${counts.join(', ')})`;
  if (faults.length > 0) throw new Error(`${faults.length} of ${said}:\n${faults.join('\n')}`);
  return `${said} show what they name`;
}

/** The same link with names of what nobody has. */
function lost({ gitDir, url }: MailLink): MailLink {
  const wrong = url
    .replace(/[0-9a-f]{40,64}/g, id => '1'.repeat(id.length))
    .replace(/(?<=\bh=)(refs\/tags\/)?(?!1)[^;&]*/, '$1nothing');
  return { gitDir, url: wrong };
}

/** `/cgi/x/project.git/tree/a/b?id=…#n12` */
const readCgit: Reader = url => {
  const { pathname, searchParams: words, hash } = new URL(url);
  const [, kind = '', path = ''] = /^\/cgi\/[^/]+\/project\.git\/(\w*)\/?(.*)$/s.exec(pathname) ?? [];
  const [id, old, tag] = [words.get('id') ?? '', words.get('id2'), words.get('h')];
  const line = Number(hash.replace('#n', ''));
  const wrong = /<div class='error'>|Bad (object|commit)|Invalid|not found/i;
  const anchor = `id='n${line}'`;
  if (kind === '') return { kind: 'project', wrong };
  if (tag !== null) return { kind: 'tag', tag, wrong };
  if (kind === 'diff')
    return old === null ? { kind: 'diff', id, wrong } : { kind: 'compare', old, id, wrong };
  if (kind === 'commit') return { kind, id, wrong };
  return path === ''
    ? { kind: 'tree', id, wrong }
    : { kind: 'file', id, path: decodeURIComponent(path), line, anchor, wrong };
};

/** `/cgi?p=x/project.git;a=blob;f=a/b;hb=…#l12` */
const readGitweb: Reader = url => {
  const { search, hash } = new URL(url);
  const words = new Map(
    search
      .slice(1)
      .split(';')
      .map(word => word.split('=') as [string, string]),
  );
  const word = (name: string) => decodeURIComponent(words.get(name) ?? '');
  const [action, id, old] = [word('a'), word('h') || word('hb'), word('hp')];
  const line = Number(hash.replace('#l', ''));
  const wrong = /<div class="page_body">\s*<br \/><br \/>\s*\d{3} - /;
  if (action === 'summary') return { kind: 'project', wrong };
  if (action === 'tag' || action === 'object')
    return { kind: 'tag', tag: id.replace('refs/tags/', ''), wrong };
  if (action === 'commitdiff')
    return old === '' ? { kind: 'diff', id, wrong } : { kind: 'compare', old, id, wrong };
  if (action === 'blob') return { kind: 'file', id, path: word('f'), line, anchor: `id="l${line}"`, wrong };
  return { kind: action as 'commit' | 'tree', id, wrong };
};
