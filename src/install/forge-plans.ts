import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fault } from '../errors.ts';
import type { Wish } from './changes.ts';
import { atLeast, configFile, configHook, gitVersion } from './git-plan.ts';
import type { HostPlan, PlanCall } from './host-plan.ts';
import { repositoriesBelow } from './repositories-below.ts';

/** GitLab, self-managed: Gitaly runs what is in post-receive.d of its custom_hooks_dir, for all repositories of this node. */
export async function planGitlab(call: PlanCall): Promise<HostPlan> {
  const usual = '/var/opt/gitlab/gitaly/custom_hooks';
  const [folder] = call.roots.length > 0 || !existsSync(usual) ? call.roots : [usual];
  if (folder === undefined)
    throw fault.hostNeedsRoot(call.host, "the folder that gitaly's custom_hooks_dir names", usual);
  const file = await configFile(call);
  // Gitaly's git is GitLab's own, with another system file than the distribution's.
  const use = { script: call.script, yieldsTo: 'custom_hooks/post-receive.d/refpost', system: file };
  const path = join(folder, 'post-receive.d', 'refpost');
  const storage = '/var/opt/gitlab/git-data/repositories';
  return {
    wishes: [
      { kind: 'settings', path: file, settings: call.settings },
      { kind: 'hook', path, use, isAlone: true },
    ],
    roots: [...call.roots.slice(1), ...(existsSync(storage) ? [storage] : [])],
    byHand: [
      `let Gitaly know the folder: gitaly['configuration'] = { hooks: { custom_hooks_dir: '${folder}' } } in gitlab.rb, then gitlab-ctl reconfigure`,
      'do the same on every Gitaly node: GitLab does not copy hooks',
      'run the worker as a service, since Gitaly ends what its hooks have left running when it stops: docs/hosts.md, GitLab',
    ],
  };
}

/** Gitea and Forgejo write hooks/post-receive anew; it runs what is in post-receive.d, which they leave alone (gitrepo/hooks.go). */
export async function planGitea(call: PlanCall, title: string): Promise<HostPlan> {
  if (call.configFile === undefined && process.geteuid?.() !== 0)
    throw fault.hostNeedsConfig(call.host, `.gitconfig in the HOME_PATH of ${title}'s app.ini, section git`);
  const file = await configFile(call);
  const version = await gitVersion(call.git);
  const isConfigured = atLeast(version, '2.54');
  if (!isConfigured && call.roots.length === 0)
    throw fault.hostNeedsRoot(
      call.host,
      'the folder of its repositories (ROOT in app.ini)',
      '/var/lib/gitea/repositories',
    );
  const settings = [...call.settings, ...(isConfigured ? configHook(call.script) : [])];
  const wishes: Wish[] = [{ kind: 'settings', path: file, settings }];
  const use = { script: call.script };
  if (!isConfigured)
    for (const hooks of await giteaHooks(call.roots))
      wishes.push({ kind: 'hook', path: join(hooks, 'post-receive.d', 'refpost'), use, isAlone: true });
  return {
    wishes,
    roots: call.roots,
    byHand: [
      isConfigured
        ? `${title} must run git 2.54 or newer (its page Site Administration shows which): an older one passes over hooks in settings`
        : 'for repositories that are made from now on, run this again, as from cron: it adds what is missing',
      `where ${title} is in a container, the hook there writes only the record, and the worker runs outside: docs/hosts.md, Containers`,
    ],
  };
}

async function giteaHooks(roots: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const root of roots)
    for await (const repository of repositoriesBelow(root)) found.push(join(repository, 'hooks'));
  return found;
}

/** Gerrit: its plugin `hooks` runs ref-updated of the site, with options in place of git's lines, for each ref. */
export async function planGerrit(call: PlanCall): Promise<HostPlan> {
  const [site = call.env.GERRIT_SITE] = call.roots;
  if (!site) throw fault.hostNeedsRoot(call.host, 'the folder of the site', '/var/gerrit');
  const path = join(site, 'hooks', 'ref-updated');
  return {
    wishes: [
      { kind: 'settings', path: await configFile(call), settings: call.settings },
      { kind: 'hook', path, use: { script: call.script } },
    ],
    roots: [join(site, 'git')],
    byHand: [
      'see whether the plugin hooks is there (gerrit plugin ls); where gerrit.config has hooks.path, hooks are in that folder instead',
      "set refpost.spool to a folder of Gerrit's user that is outside of the site, and run the worker as a service: docs/hosts.md, Gerrit",
    ],
  };
}

/** Bitbucket Data Center: the app External Hooks runs a program that an administrator names in each project or repository. */
export async function planBitbucket(call: PlanCall): Promise<HostPlan> {
  const [home = call.env.BITBUCKET_HOME] = call.roots;
  if (!home)
    throw fault.hostNeedsRoot(
      call.host,
      'the home folder (BITBUCKET_HOME)',
      '/var/atlassian/application-data/bitbucket',
    );
  const path = join(home, 'external-hooks', 'refpost');
  return {
    wishes: [
      { kind: 'settings', path: await configFile(call), settings: call.settings },
      { kind: 'hook', path, use: { script: call.script }, isAlone: true },
    ],
    roots: [join(home, 'shared', 'data', 'repositories')],
    byHand: [
      'set feature.hook.scripts=true in bitbucket.properties (off since 8.18), and start Bitbucket anew',
      'in the settings of each project or repository, Hooks, enable External Async Post Receive Hook, in safe mode, with the executable refpost',
    ],
  };
}

/** soft-serve runs hooks/post-receive of its data folder for every repository, after its own (hook.go). */
export async function planSoftServe(call: PlanCall): Promise<HostPlan> {
  const [data = call.env.SOFT_SERVE_DATA_PATH] = call.roots;
  if (!data)
    throw fault.hostNeedsRoot(call.host, 'the data folder (SOFT_SERVE_DATA_PATH)', '/var/lib/soft-serve');
  const use = { script: call.script, yieldsTo: 'hooks/post-receive.d/refpost' };
  return {
    wishes: [
      { kind: 'settings', path: await configFile(call), settings: call.settings },
      { kind: 'hook', path: join(data, 'hooks', 'post-receive'), use },
    ],
    roots: [join(data, 'repos')],
    byHand: [],
  };
}
