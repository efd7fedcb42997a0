import {
  bytesOf,
  type LinkPatterns,
  type LinkSettings,
  type Links,
  percentEncoded,
  type WebStyle,
} from '../model/links.ts';
import { filledIn } from '../model/words.ts';
import { styleOf, webPresets } from './web-presets.ts';

/** What linkBase alone means: names of commits have 8 digits. */
const LINK_BASE: LinkPatterns = {
  project: '{url}/repo',
  commit: '{url}/commit/{cutId}',
  tree: '{url}/tree/{cutId}',
  diff: '{url}/diff/{cutId}',
  file: '{url}/blob/{cutId}/{segments}',
};

/** Settings of addresses of which each is in the place of that of a preset. */
const PATTERNS = {
  commit: 'commitUrl',
  tree: 'treeUrl',
  file: 'fileUrl',
  compare: 'compareUrl',
  tag: 'tagUrl',
} as const;

/** What a host says of its pages. */
interface Told {
  readonly style: WebStyle;
  /** Where they start, without a slash at its end. */
  readonly base?: string;
}

/**
 * Where the pages of a repository are: by a pattern of its own, else by linkBase, else as the program does that the settings name, that is known
 * by the address, or that the host is. Pure. undefined where nothing says so.
 */
export function linksOf(config: LinkSettings, repository: string, told?: Told): Links | undefined {
  if (config.web === 'off') return undefined;
  const { linkBase } = config;
  const place = linkBase
    ? { patterns: LINK_BASE, url: linkBase, by: 'refpost.linkBase' }
    : placeOf(config, repository, told);
  const own = Object.entries(PATTERNS).flatMap(([page, key]) => {
    const pattern = config[key];
    return pattern === undefined || (!place && pattern.includes('{url}')) ? [] : [[page, pattern] as const];
  });
  if (!place && own.length === 0) return undefined;
  const patterns: LinkPatterns = { ...place?.patterns, ...Object.fromEntries(own) };
  if (Object.keys(patterns).length === 0) return undefined;
  const by = config.commitUrl === undefined ? place?.by : 'refpost.commitUrl';
  return { patterns, url: place?.url ?? '', repository, by: by ?? 'refpost.web' };
}

function placeOf({ web, webUrl }: LinkSettings, repository: string, told: Told | undefined) {
  const name = percentEncoded(bytesOf(repository));
  const written = webUrl && filledIn(webUrl, word => (word === 'repository' ? name : undefined));
  if (web === 'pattern' || web === 'off')
    return written ? { patterns: {}, url: written, by: 'refpost.webUrl' } : undefined;
  const known = written === undefined ? undefined : styleOf(written);
  const style = web ?? known ?? told?.style;
  const base = written ?? (told && isSame(style, told.style) ? told.base : undefined);
  if (style === undefined || base === undefined) return undefined;
  const {
    knownBy,
    address = url => url,
    server = /^[^/]*\/\/[^/?]*$/,
    under = each => each,
    ...patterns
  } = webPresets[style];
  const cut = slashless(address(slashless(base)));
  const url = written === undefined || server.test(cut) ? `${cut}/${under(name)}` : cut;
  return { patterns, url, by: web ? 'refpost.web' : known ? 'refpost.webUrl' : 'the host' };
}

function slashless(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Forgejo has kept what Gitea has. */
function isSame(style: WebStyle | undefined, told: WebStyle): boolean {
  return style === told || (style === 'forgejo' && told === 'gitea');
}

/** Why there are no links although settings ask for them; undefined where they do not. */
export function unlinked({ web, webUrl }: LinkSettings): string | undefined {
  if (web === 'off' || (web === undefined && webUrl === undefined)) return undefined;
  if (web === 'soft-serve') return 'soft-serve shows no commits in a browser';
  if (web === undefined) return 'refpost.webUrl is no address by which a program is known: set refpost.web';
  if (web === 'pattern') return 'refpost.web is pattern, and there is none such as refpost.commitUrl';
  return 'refpost.web says which program shows the repository, and nothing says where: set refpost.webUrl';
}
