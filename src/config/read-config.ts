import { type Audience, type Config, isHeard } from '../model/config.ts';
import type { Override } from '../model/push.ts';
import type { ConfigFault } from './config-fault.ts';
import { isAudienceName, partsOf, settingKey, unknownKeys } from './keys.ts';
import { type Entry, normalKey, overrideEntries } from './listing.ts';
import { misshapen } from './mail-shape.ts';
import { unpaired } from './pairs.ts';
import { presetOf } from './receivers.ts';
import { emptiedAudiences, misaddressed } from './recipients.ts';
import { type EffectiveSetting, resolveSetting } from './resolve-setting.ts';
import { type Setting, type SettingKey, settings, toConfig, type Values } from './settings.ts';

/**
 * Reads and checks all settings.
 * @param listed all that git lists, the strongest last
 * @param overrides the `-c` of this run. A key given here replaces all that git config has for it, lists too:
 *   `-c refpost.to=me@example.org` must reach nobody else
 * @param home what `~/` stands for
 * @returns `faults`: everything that is wrong with them at once. `config`: what is left of the plain section without that, `sections` the
 *   same for each section, in the order in which they first are in git config, and `audiences` those of them that have recipients
 */
export function readConfig(
  listed: readonly Entry[],
  overrides: readonly Override[],
  home: string | undefined,
) {
  const given = overrideEntries(overrides);
  const keys = new Set(given.map(({ key }) => key));
  const isForMe = keys.has('refpost.to');
  const ours = listed.filter(({ key }) => key.startsWith('refpost.'));
  const isReplaced = (key: string) => keys.has(key) || (isForMe && COPIES.has(key));
  const entries = [...ours.filter(({ key }) => !isReplaced(key)), ...given];
  const plain = readSection('', entries, home);
  // One that is set for this run alone has its place all the same.
  const places = [...ours, ...given].map(({ key }) => partsOf(key).audience);
  const names = [...new Set(places)].filter(isAudienceName);
  const named = names.map(name => (name === '' ? plain : readSection(name, entries, home)));
  const all = names.includes('') ? named : [plain, ...named];
  const emptied = emptiedAudiences([...ours, ...given]);
  const faults: ConfigFault[] = [...unknownKeys(entries), ...all.flatMap(one => one.faults)];
  const sections = all.map(({ name, values, keys }): Section => ({ name, config: toConfig(values), keys }));
  if (faults.length === 0)
    faults.push(
      ...all.flatMap(one => [
        ...contradictions(one),
        ...misshapen(one),
        ...misaddressed(one, entries, emptied),
      ]),
    );
  // A person who names recipients for one run means them alone.
  const heard = isForMe ? [] : sections.filter(({ config }) => isHeard(config));
  const base = sections.find(({ name }) => name === '') as Section;
  return {
    config: base.config,
    audiences: heard.length > 0 ? heard : [base],
    sections,
    effective: all.flatMap(one => one.effective),
    faults,
  };
}

const COPIES: ReadonlySet<string> = new Set(['refpost.cc', 'refpost.bcc', 'refpost.people']);

/** A section of refpost's: the plain one, or that of an audience, whether anybody hears it or not. */
export interface Section extends Audience {
  /** For each setting the full key that decides it: the section's own, or the plain one that it inherits. */
  readonly keys: ReadonlyMap<string, string>;
}

type Reading = ReturnType<typeof readSection>;

/**
 * What a section says. Where that of an audience says nothing, the plain one counts, if the setting is one that is inherited; and where neither
 * does, the receiver and the style of this audience.
 */
function readSection(name: string, entries: readonly Entry[], home: string | undefined) {
  const keys = new Set(entries.map(({ key }) => key));
  const resolve = (key: SettingKey, kind?: Pick<Config, 'receiver' | 'style'>) => {
    const setting: Setting = settings[key];
    const own = settingKey(name, key);
    const isOwn = name === '' || keys.has(normalKey(own));
    const isInherited = name !== '' && (!setting.audience || (setting.audience === 'inherited' && !isOwn));
    const preset = kind && presetOf(kind, key);
    const from = isInherited ? settingKey('', key) : own;
    const found = resolveSetting(from, setting, entries, home, preset);
    const isPreset = preset !== undefined && found.effective[0]?.origin.source === preset.source;
    if (isOwn && !isInherited) return { key, decidedBy: own, isPreset, ...found };
    const effective = isPreset && hasOwnKind ? found.effective.map(one => ({ ...one, key: own })) : [];
    return {
      key,
      decidedBy: effective.length > 0 ? own : from,
      isPreset,
      value: found.value,
      effective,
      faults: [],
    };
  };
  const hasOwnKind = (['receiver', 'style'] as const).some(key => keys.has(normalKey(settingKey(name, key))));
  const kind = { receiver: resolve('receiver').value, style: resolve('style').value } as Pick<
    Config,
    'receiver' | 'style'
  >;
  const resolved = (Object.keys(settings) as SettingKey[]).map(key => resolve(key, kind));
  return {
    name,
    keys: new Map(resolved.map(({ key, decidedBy }) => [key, decidedBy])),
    // Sound, because each value was read by the type that the table names for it.
    values: Object.fromEntries(resolved.map(({ key, value }) => [key, value])) as Values,
    effective: resolved.flatMap(one => one.effective),
    /** What is as the receiver or the style has it. */
    presets: new Set(resolved.filter(one => one.isPreset).map(({ key }) => key)),
    faults: resolved.flatMap(one => one.faults),
  };
}

/** Settings of which each is right, but not beside the other. */
function contradictions(section: Reading): readonly ConfigFault[] {
  const waits = section.name === '' ? waitsContradict(section) : [];
  return [...waits, ...attachContradicts(section), ...unpaired(section)];
}

function waitsContradict({ values, effective }: Reading): readonly ConfigFault[] {
  if (values.retryWait <= values.retryMaxWait) return [];
  const setting = (key: SettingKey) =>
    effective.find(one => one.key === `refpost.${key}`) as EffectiveSetting;
  const [longest, first] = [setting('retryMaxWait'), setting('retryWait')];
  // A default is nobody's mistake.
  const guilty = longest.origin.scope === 'default' ? first : longest;
  const wrong = `the first wait (${first.value}) is longer than the longest (${longest.value})`;
  return [{ ...guilty, wrong, advice: 'refpost.retryWait must not be more than refpost.retryMaxWait' }];
}

/** A receiver has made mails small because its list holds larger ones; an attachment comes on top of that. */
function attachContradicts({ name, values, effective, presets }: Reading): readonly ConfigFault[] {
  const { receiver, oversize, maxSize, maxAttachment } = values;
  const setting = (key: SettingKey) => effective.find(one => one.key === settingKey(name, key));
  const guilty = setting('oversize') ?? setting('receiver');
  if (!presets.has('maxSize') || oversize !== 'attach' || !guilty) return [];
  const wrong = `patches of ${maxAttachment} bytes come on top of the ${maxSize} that ${receiver} takes (refpost.receiver)`;
  const advice =
    'set refpost.oversize to truncate or split, or refpost.maxSize to what the list takes, less refpost.maxAttachment';
  return [{ ...guilty, wrong, advice }];
}
