import type { Config } from '../model/config.ts';
import type { Override } from '../model/push.ts';
import type { ConfigFault } from './config-fault.ts';
import { type Entry, overrideEntries, parseListing } from './listing.ts';
import { type EffectiveSetting, resolveSetting } from './resolve-setting.ts';
import { type Setting, type SettingKey, settings, toConfig, type Values } from './settings.ts';
import { unknownKeys } from './unknown-key.ts';

/** The settings, or everything that is wrong with them at once; and then what is left of them without what is wrong. */
export type ConfigReading =
  | { readonly config: Config; readonly effective: readonly EffectiveSetting[] }
  | { readonly faults: readonly ConfigFault[]; readonly left: Config };

/**
 * Reads and checks all settings.
 * @param listing what `git config --list -z --show-origin --show-scope` printed
 * @param overrides the `-c` of this run. A key given here replaces all that git config has for it, lists too:
 *   `-c refpost.to=me@example.org` must reach nobody else
 * @param home what `~/` stands for
 */
export function readConfig(
  listing: string | Buffer,
  overrides: readonly Override[],
  home: string | undefined,
): ConfigReading {
  const entries = ownEntries(listing, overrides);
  const resolved = Object.entries<Setting>(settings).map(([name, setting]) => ({
    name,
    ...resolveSetting(`refpost.${name}`, setting, entries, home),
  }));
  const faults = [...unknownKeys(entries), ...resolved.flatMap(one => one.faults)];
  const effective = resolved.flatMap(one => one.effective);
  // Sound, because each value was read by the type that the table names for it.
  const values = Object.fromEntries(resolved.map(({ name, value }) => [name, value])) as Values;
  if (faults.length === 0) faults.push(...contradictions(values, effective));
  const config = toConfig(values);
  return faults.length > 0 ? { faults, left: config } : { config, effective };
}

function ownEntries(listing: string | Buffer, overrides: readonly Override[]): readonly Entry[] {
  const given = overrideEntries(overrides);
  const overridden = new Set(given.map(entry => entry.key));
  const listed = parseListing(listing).filter(entry => entry.key.startsWith('refpost.'));
  return [...listed.filter(entry => !overridden.has(entry.key)), ...given];
}

/** Settings of which each is right, but not beside the other. */
function contradictions(values: Values, effective: readonly EffectiveSetting[]): readonly ConfigFault[] {
  if (values.retryWait <= values.retryMaxWait) return [];
  const setting = (key: SettingKey) =>
    effective.find(one => one.key === `refpost.${key}`) as EffectiveSetting;
  const [longest, first] = [setting('retryMaxWait'), setting('retryWait')];
  // A default is nobody's mistake.
  const guilty = longest.origin.scope === 'default' ? first : longest;
  const wrong = `the first wait (${first.value}) is longer than the longest (${longest.value})`;
  return [{ ...guilty, wrong, advice: 'refpost.retryWait must not be more than refpost.retryMaxWait' }];
}
