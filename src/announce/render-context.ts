import { basename, dirname, join } from 'node:path';
import { isAddress } from '../model/address.ts';
import type { World } from '../model/world.ts';
import { loadTemplates, type RenderContext } from '../render/templates.ts';
import type { Workplace } from '../repository/workplace.ts';

/** What rendering knows of a repository and this host. Apart from the workplace, since most commands render nothing. */
export function renderContext(world: World, { git, config }: Workplace): RenderContext {
  const builtIn = join(world.home, 'templates', 'apache');
  return {
    config,
    repositoryName: nameOf(git.gitDir, config.repoName),
    ...senderHost(world),
    templates: loadTemplates(config.templates === undefined ? [builtIn] : [config.templates, builtIn]),
  };
}

/** Of mails that `refpost.from` says nothing about: this host, and the address of this user there. */
export function senderHost(world: World): Pick<RenderContext, 'host' | 'hostAddress'> {
  const host = isAddress(`git@${world.host}`) ? world.host : 'localhost';
  const hostAddress = `${world.user}@${host}`;
  return { host, hostAddress: isAddress(hostAddress) ? hostAddress : `git@${host}` };
}

/** `{name}` and `{parent}` in refpost.repoName are its folder and the one above: one setting tells all repositories of a host apart. */
function nameOf(gitDir: string, repoName = '{name}'): string {
  // Of a repository with a work tree, that one's name.
  const folder = basename(gitDir) === '.git' ? dirname(gitDir) : gitDir;
  const [name, parent] = [basename(folder).replace(/\.git$/, ''), basename(dirname(folder))];
  return repoName.replace(/\{(name|parent)\}/g, word => (word === '{name}' ? name : parent));
}
