import { basename, dirname, join } from 'node:path';
import { asciiDomain } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { remembered } from '../model/remembered.ts';
import { filledIn } from '../model/words.ts';
import type { World } from '../model/world.ts';
import { loadTemplates, type RenderContext } from '../render/templates.ts';
import type { Workplace } from '../repository/workplace.ts';

/** What rendering knows of a repository and this host, for each audience. Apart from the workplace, since most commands render nothing. */
export function renderContexts(
  world: World,
  { git, audiences }: Pick<Workplace, 'git' | 'audiences'>,
): Promise<RenderContext[]> {
  const templatesOf = remembered(audiences.length, loadTemplates, folders => folders.join('\0'));
  return Promise.all(
    audiences.map(async ({ name, config }) => ({
      audience: name,
      config,
      repositoryName: nameOf(git.gitDir, config.repoName),
      host: mailHost(world),
      templates: await templatesOf(foldersOf(config, world)),
    })),
  );
}

/** The same for the plain section, whose settings are those of mails that tell of no push. */
export async function renderContext(
  world: World,
  { git, config }: Pick<Workplace, 'git' | 'config'>,
): Promise<RenderContext> {
  const [context] = await renderContexts(world, { git, audiences: [{ name: '', config }] });
  return context as RenderContext;
}

/** Where templates are: an administrator's own come before those of the style, and of these each has only what differs from the first style. */
function foldersOf({ templates: own, style }: Config, { home }: World): readonly string[] {
  const builtIn = [...new Set([style, 'apache'])].map(name => join(home, 'templates', name));
  return own === undefined ? builtIn : [own, ...builtIn];
}

/** The name of this host in Message-IDs and in the address of the sender. */
export function mailHost({ host }: World): string {
  return asciiDomain(host) ?? 'localhost';
}

/** `{name}` and `{parent}` in refpost.repoName are its folder and the one above: one setting tells all repositories of a host apart. */
export function nameOf(gitDir: string, repoName = '{name}'): string {
  // Of a repository with a work tree, that one's name.
  const folder = basename(gitDir) === '.git' ? dirname(gitDir) : gitDir;
  // A sender of a fleet has none.
  const [name, parent] = [basename(folder).replace(/\.git$/, '') || 'fleet', basename(dirname(folder))];
  const words: Readonly<Record<string, string>> = { name, parent };
  return filledIn(repoName, word => words[word]);
}
