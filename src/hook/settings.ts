import { isAbsolute, join } from 'node:path';
import { fault } from '../errors.ts';

/** A value of a setting, as `git config --list` gives them: the one that counts comes last. */
export interface ListedSetting {
  /** Section and name in lower case. */
  readonly key: string;
  readonly value: string | undefined;
}

/** What a hook has to know. Other settings, and faults in them, are the worker's business. */
export interface HookSettings {
  /** Absolute path of the spool. */
  readonly spool: string;
  /** A service is on its way anyway: the hook need not start a worker. */
  readonly service: boolean;
  /** Shell words that start refpost. */
  readonly command: string | undefined;
  /** core.sharedRepository as it stands there. */
  readonly shared: string;
}

/**
 * Reads what a hook needs from all settings of a repository.
 * @param repository absolute path of the git directory
 * @throws an OperatorError for a relative spool: the hook, the worker and a person each stand in another directory
 */
export function hookSettings(
  settings: readonly ListedSetting[],
  repository: string,
  home: string | undefined,
): HookSettings {
  const spool = atHome(lastOf(settings, 'refpost.spool') ?? join(repository, 'refpost'), home);
  if (!isAbsolute(spool)) throw fault.relativeSpool(spool);
  return {
    spool,
    service: lastOf(settings, 'refpost.worker') === 'service',
    command: lastOf(settings, 'refpost.command'),
    shared: lastOf(settings, 'core.sharedrepository') ?? '',
  };
}

/** The value that counts; undefined where there is none or an empty one. */
function lastOf(settings: readonly ListedSetting[], key: string): string | undefined {
  return settings.findLast(setting => setting.key === key)?.value || undefined;
}

/** `~/` as in git-config(1), "pathname". */
function atHome(path: string, home: string | undefined): string {
  return path.startsWith('~/') && home ? join(home, path.slice(2)) : path;
}
