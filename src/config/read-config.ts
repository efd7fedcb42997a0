import type { Override } from '../model/push.ts';
import type { ConfigFault } from './config-fault.ts';
import { type Entry, overrideEntries } from './listing.ts';
import { type EffectiveSetting, resolveSetting } from './resolve-setting.ts';
import { type Setting, type SettingKey, settings, toConfig, type Values } from './settings.ts';

/**
 * Reads and checks all settings.
 * @param listed all that git lists, the strongest last
 * @param overrides the `-c` of this run. A key given here replaces all that git config has for it, lists too:
 *   `-c refpost.to=me@example.org` must reach nobody else
 * @param home what `~/` stands for
 * @returns `faults`: everything that is wrong with them at once. `config`: what is left without that
 */
export function readConfig(
  listed: readonly Entry[],
  overrides: readonly Override[],
  home: string | undefined,
) {
  const given = overrideEntries(overrides);
  const keys = new Set(given.map(({ key }) => key));
  const entries = [...listed.filter(({ key }) => key.startsWith('refpost.') && !keys.has(key)), ...given];
  const resolved = Object.entries<Setting>(settings).map(([name, setting]) => ({
    name,
    ...resolveSetting(`refpost.${name}`, setting, entries, home),
  }));
  const faults: ConfigFault[] = [...unknownKeys(entries), ...resolved.flatMap(one => one.faults)];
  const effective = resolved.flatMap(one => one.effective);
  // Sound, because each value was read by the type that the table names for it.
  const values = Object.fromEntries(resolved.map(({ name, value }) => [name, value])) as Values;
  if (faults.length === 0) faults.push(...contradictions(values, effective));
  return { config: toConfig(values), effective, faults };
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

/** What to say about keys that are no settings. Their values are never shown: one may be a password under a wrong name. */
export function unknownKeys(entries: readonly Entry[]): readonly ConfigFault[] {
  const known = new Set(Object.keys(settings).map(name => `refpost.${name}`.toLowerCase()));
  return entries.filter(entry => !known.has(entry.key)).map(unknownKey);
}

function unknownKey({ key, origin }: Entry): ConfigFault {
  // `refpost.reply-to` and `[refpost "smtp"] user` mean replyTo and smtpUser.
  const name = key.toLowerCase().replace(/^refpost\.|[^\p{L}\p{N}]/gu, '');
  if (/pass(?!wordfile|wordcommand)|pwd|secret|token/.test(name)) return { key, origin, ...password };
  const near = nearest(name);
  const isFull = key.startsWith('refpost.');
  const wrong = isFull ? 'is not a setting' : 'is not the full key of a setting';
  const other = isFull ? 'see README.md or man refpost for all settings' : 'it starts with refpost.';
  return { key, origin, wrong, advice: near === undefined ? other : `did you mean refpost.${near}?` };
}

const password = {
  wrong: 'is not used: do not put a password into git config',
  advice:
    'set refpost.smtpPasswordFile, refpost.smtpPasswordCommand or the environment variable REFPOST_SMTP_PASSWORD',
};

/** The setting whose name, here or in other mailers, needs the fewest changes to become the one given. */
function nearest(name: string): string | undefined {
  const near = Object.entries<Setting>(settings)
    .flatMap(([key, { alsoCalled = [] }]) => [key.toLowerCase(), ...alsoCalled].map(word => ({ key, word })))
    .filter(({ word }) => Math.abs(word.length - name.length) <= 4)
    .map(({ key, word }) => ({ key, word, distance: changes(name, word) }))
    // A third of the letters may be wrong; more, and the guess confuses.
    .filter(({ word, distance }) => distance <= Math.min(4, Math.ceil(word.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.key;
}

/** Letters to insert, drop or replace on the way from one text to the other (Levenshtein's distance). */
function changes(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
