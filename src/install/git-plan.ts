import { join } from 'node:path';
import type { Entry } from '../config/listing.ts';
import type { Git } from '../git/git.ts';
import { shellWords } from '../hook/worker.ts';
import type { Wish } from './changes.ts';
import type { AddedSetting } from './config-file.ts';
import type { HostPlan, PlanCall } from './host-plan.ts';

/** Plain git by ssh, http or a path: git's own settings lead to the hook. */
export async function planGit(call: PlanCall): Promise<HostPlan> {
  const file = await configFile(call);
  const version = await gitVersion(call.git);
  const others = `git ${version} is asked here: where another git serves pushes, install with that one on the PATH`;
  if (atLeast(version, '2.54')) {
    const settings = [...call.settings, ...configHook(call.script)];
    return {
      wishes: [{ kind: 'settings', path: file, settings }],
      roots: call.roots,
      byHand: [`${others}, if it is older than 2.54 (it knows no hooks in settings, and passes over them)`],
    };
  }
  return {
    wishes: await hooksPathWishes(call, file),
    roots: call.roots,
    byHand: [
      'a repository that sets core.hooksPath itself is not reached: refpost doctor --all shows it',
      'hooks named push-to-checkout are not run any more: git does other things where there is one',
    ],
  };
}

/** `git version 2.39.5 (Apple Git-154)`: the number alone. */
export async function gitVersion(git: Pick<Git, 'ask'>): Promise<string> {
  return /\d+(\.\d+)*/.exec(await git.ask(['version']))?.[0] ?? '0';
}

export function atLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** The git config file for all repositories: the one that is named, else root's is the system's, and others have their own (git-config(1), FILES). */
export async function configFile({ configFile: named, env, git }: PlanCall): Promise<string> {
  if (named !== undefined) return named;
  if (process.geteuid?.() !== 0) return env.GIT_CONFIG_GLOBAL || join(env.HOME || '/', '.gitconfig');
  if (env.GIT_CONFIG_SYSTEM) return env.GIT_CONFIG_SYSTEM;
  // git 2.41 and later say where theirs is; of an older one the first setting in it does.
  const said = await git.ask(['var', 'GIT_CONFIG_SYSTEM']).catch(() => '');
  const origins = await git.ask(['config', '--system', '--list', '--show-origin', '-z']).catch(() => '');
  return said.split('\n')[0] || /^file:([^\0]+)/.exec(origins)?.[1] || '/etc/gitconfig';
}

/**
 * A hook in settings (git-config(1), hook.*; git 2.54 and later). A program that is missing must stop neither a push nor the hooks after this one:
 * so it is run by a shell, which passes over it with a word. An event without a command has git refuse every push, commit and fetch: both come and go in
 * one rename of the file, the command first.
 */
export function configHook(script: string): readonly AddedSetting[] {
  const path = shellWords([script]);
  const gone = `refpost: this push is not recorded (${path} is gone: run "refpost install" again, or remove hook.refpost from git config)`;
  return [
    {
      key: 'hook.refpost.command',
      value: `if test -x ${path}; then exec ${path}; else echo ${shellWords([gone])} >&2; fi`,
    },
    { key: 'hook.refpost.event', value: 'post-receive' },
  ];
}

/** A hook in settings. */
interface ConfiguredHook {
  readonly name: string;
  readonly events: readonly string[];
  readonly command?: Entry | undefined;
}

/** The hooks in settings that are not switched off, as git 2.54 reads them: an empty event takes away those before it. @param entries the strongest last */
function configuredHooks(entries: readonly Entry[]): readonly ConfiguredHook[] {
  const last = (key: string) => entries.findLast(entry => entry.key === key);
  const names = entries.flatMap(({ key }) => /^hook\.(.*)\.event$/s.exec(key)?.[1] ?? []);
  const isOn = (name: string) => !/^(false|no|off|0)$/i.test(last(`hook.${name}.enabled`)?.value ?? '');
  return [...new Set(names)].filter(isOn).map(name => {
    const all = entries.filter(({ key }) => key === `hook.${name}.event`).map(({ value = '' }) => value);
    const events = all.slice(all.lastIndexOf('') + 1);
    return { name, events, command: last(`hook.${name}.command`) };
  });
}

/** The command in settings that runs refpost after a push; undefined where there is none. */
export function ownCommandIn(entries: readonly Entry[]): Entry | undefined {
  const commands = configuredHooks(entries)
    .filter(({ events }) => events.includes('post-receive'))
    .map(({ command }) => command);
  return commands.find(entry => /\/bin\/post-receive\b|\brefpost\S*["']?\s+hook\b/.test(entry?.value ?? ''));
}

/** The name of a hook in settings with an event and without a command: git refuses every push for it, and commits and fetches too. */
export function halfHookIn(entries: readonly Entry[]): string | undefined {
  return configuredHooks(entries).find(({ events, command }) => events.length > 0 && command === undefined)
    ?.name;
}

/** Hooks that git looks for (githooks(5)), but for those that change what git does by being there, and ours. */
const PASSED_ON =
  'applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit pre-rebase post-checkout post-merge pre-push pre-receive update proc-receive post-update reference-transaction pre-auto-gc post-rewrite sendemail-validate post-index-change'.split(
    ' ',
  );

/** core.hooksPath takes the place of all hooks of all repositories: each is passed on to the repository's own. */
const PASS_ON = `#!/bin/sh
# refpost: passes on to the hook of this name in the repository. Written by "refpost install --host git".
name=\${0##*/} folder=\${GIT_DIR:-$(git rev-parse --git-common-dir)}
[ ! -f "$folder/commondir" ] || folder=$folder/$(cat "$folder/commondir")
hook=$folder/hooks/\${name%.before-refpost}
[ ! -x "$hook" ] || exec "$hook" "$@"
`;

/** For git before 2.54: a folder of hooks for all, and the setting that names it last. Where there is one already, our hook goes there. */
async function hooksPathWishes(
  { git, script, settings, state }: PlanCall,
  file: string,
): Promise<readonly Wish[]> {
  const own = join(state, 'hooks');
  const set = (
    await git.ask(['config', '--file', file, '--get', 'core.hooksPath']).catch(() => '')
  ).trimEnd();
  const wish: Wish = { kind: 'settings', path: file, settings };
  if (set !== '' && set !== own)
    return [wish, { kind: 'hook', path: join(set, 'post-receive'), use: { script } }];
  const passedOn = [...PASSED_ON, 'post-receive.before-refpost'];
  return [
    ...passedOn.map((name): Wish => ({ kind: 'file', path: join(own, name), text: PASS_ON })),
    { kind: 'hook', path: join(own, 'post-receive'), use: { script, yieldsTo: 'hooks/post-receive' } },
    { ...wish, settings: [...settings, { key: 'core.hooksPath', value: own }] },
  ];
}
