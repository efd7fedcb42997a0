import { join } from 'node:path';
import { kindsOfContent, kindsOfPush } from '../test/corpus/all.ts';
import { sha256Cases } from '../test/corpus/pushes.ts';
import { openScene } from '../test/corpus/scene.ts';
import { mailsOf } from '../test/fixtures/mails.ts';

/** A link of some mail, and the git directory of what it is about. */
export interface MailLink {
  readonly gitDir: string;
  readonly url: string;
}

/**
 * Plays every push of the corpus, each in a repository of its own below a folder, and gives all the links that its mails have, in text and HTML,
 * each once.
 * @param urlOf the address of a repository, by its name @param web of its program
 */
export async function corpusLinks(
  folder: string,
  web: string,
  urlOf: (name: string) => string,
): Promise<readonly MailLink[]> {
  const links = new Map<string, MailLink>();
  for (const [title, tell] of Object.entries({ ...kindsOfPush, ...kindsOfContent, ...sha256Cases })) {
    const name = `${title.split(':')[0]}/project.git`;
    const scene = openScene(join(folder, name), title in sha256Cases ? 'sha256' : 'sha1');
    tell(scene);
    const { updates, settings, extra } = scene.pushed();
    const ours = [`web=${web}`, `webUrl=${urlOf(name)}`, 'html=true'];
    const own = settings.filter(setting => !setting.startsWith('linkBase='));
    for (const { text, html = '' } of await mailsOf(scene, updates, [...own, ...ours], extra)) {
      const hrefs = [...html.matchAll(/ href="([^"]*)"/g)].map(([, href = '']) => unescaped(href));
      for (const url of [...(text.match(/https?:\S+(?<!\])/g) ?? []), ...hrefs])
        if (url.startsWith(urlOf(name))) links.set(url, { gitDir: scene.folder, url });
    }
  }
  return [...links.values()];
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
};

/** What escaped text stands for. */
export function unescaped(html: string): string {
  return html
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex, digits) =>
      String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)),
    )
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '');
}
