import { partsOf, settingKey } from '../config/keys.ts';
import { type Entry, normalKey, type Origin, overrideEntries } from '../config/listing.ts';
import { readConfig } from '../config/read-config.ts';
import { type Setting, settings } from '../config/settings.ts';
import type { ValueType } from '../config/value-type.ts';
import { type Facts, type Fate, type Mailer, type NewSetting, oldSettings, plain } from './mailer.ts';

/** An old key as it is in this repository, and what becomes of it. */
export interface Reported {
  /** As git prints keys. */
  readonly key: string;
  /** As its mailer's manual writes it. */
  readonly name: string;
  /** Every value, the weakest first; nothing where one may be a secret. */
  readonly values: readonly string[];
  /** Of the strongest one. */
  readonly origin: Origin;
  /** undefined: its mailer knows no such key. */
  readonly fate: Fate | undefined;
}

/** A setting of refpost's by its full key. */
export interface Wanted {
  readonly key: string;
  readonly value: string;
}

export interface Migration {
  readonly mailer: Mailer;
  readonly report: readonly Reported[];
  /** All that the old settings come to. */
  readonly wanted: readonly Wanted[];
  /** Those that are not there yet. */
  readonly missing: readonly Wanted[];
  /** Keys for which there are other values: these are left. */
  readonly kept: readonly string[];
}

/** `smtp://user:password@host`, `user:password@host`. */
const LOGIN = /\/\/[^\s/]*@|^[^\s@/]+:[^\s@]+@/;

/** What becomes of the settings of another mailer. All that it wants is what refpost reads without a fault. */
export function planMigration(mailer: Mailer, entries: readonly Entry[], facts: Facts): Migration {
  const old = oldSettings(mailer.section, entries, facts);
  const report = [...valuesByKey(mailer, entries)].map(([key, own]): Reported => {
    const known = mailer.keys.find(({ name }) => plain(mailer.section + name) === plain(key));
    const all = own.map(({ value = '' }) => value);
    // A password may stand under any name that its mailer does not know, and in any address of a server.
    const isShown = known && !known.secret && !all.some(value => LOGIN.test(value));
    const values = isShown ? all : [];
    const fate = known && readable(known.fate(old.last(known.name) ?? '', old), facts);
    const name = known ? mailer.section + known.name : key;
    return { key, name, values, origin: (own.at(-1) as Entry).origin, fate };
  });
  const always = readable({ becomes: mailer.always?.(old) ?? [] }, facts);
  const all = [...report.map(({ fate }) => fate), always].flatMap(fate =>
    fate && 'becomes' in fate ? fate.becomes : [],
  );
  const faults = faultsOf(all, facts);
  const sound = all.filter(setting => !faults.has(keyOf(setting)));
  const texts = new Map(sound.map(one => [`${keyOf(one)}\n${one.value}`, wantedOf(one)]));
  return {
    mailer,
    report: report.map(one => ({ ...one, fate: one.fate && withoutFaults(one.fate, faults) })),
    ...compared(bySection([...texts.values()]), facts.entries),
  };
}

/** The plain section first: who is named in several audiences hears from the first one. */
function bySection(wanted: readonly Wanted[]): readonly Wanted[] {
  const sections = [...new Set(['', ...wanted.map(({ key }) => partsOf(key).audience)])];
  return sections.flatMap(section => wanted.filter(({ key }) => partsOf(key).audience === section));
}

/** What is to be written, beside what is there. */
function compared(wanted: readonly Wanted[], entries: readonly Entry[]) {
  const there = (key: string) =>
    entries.filter(entry => entry.key === normalKey(key)).map(({ value = '' }) => value);
  const isWanted = (key: string, value: string) => wanted.some(one => one.key === key && one.value === value);
  const kept = new Set(
    wanted.flatMap(({ key }) => (there(key).every(value => isWanted(key, value)) ? [] : [key])),
  );
  // Kinds are those of the recipients: of others they would be wrong.
  const isLeft = (key: string) => kept.has(key) || kept.has(key.replace(/\.kinds$/, '.to'));
  const missing = wanted.filter(({ key, value }) => !isLeft(key) && !there(key).includes(value));
  return { wanted, missing, kept: [...kept] };
}

function valuesByKey({ section }: Mailer, entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const values = new Map<string, Entry[]>();
  for (const entry of entries.filter(({ key }) => isIn(section, key)))
    values.set(entry.key, [...(values.get(entry.key) ?? []), entry]);
  return values;
}

/** `hooks.` is not what `hooks.asfgit.` has. */
export function isIn(section: string, key: string): boolean {
  return key.startsWith(section) && (section !== 'hooks.' || !key.slice(section.length).includes('.'));
}

/** A fate of which refpost can read every value. What is wrong with one is the reason against the key. */
function readable(fate: Fate, { home }: Facts): Fate {
  if (!('becomes' in fate)) return fate;
  for (const setting of fate.becomes) {
    const type: ValueType<unknown> = (settings[setting.key] as Setting).type;
    const reading = setting.value.includes('\uFFFD')
      ? { wrong: 'has bytes in it that are not UTF-8' }
      : setting.value.trim() === ''
        ? { wrong: 'is empty' }
        : type.read(setting.value.trim(), home);
    if ('wrong' in reading) return { refused: `as refpost.${setting.key} it ${reading.wrong}` };
  }
  return fate;
}

/** What is wrong with settings of which each is right, by their keys. */
function faultsOf(all: readonly NewSetting[], { entries, home }: Facts): ReadonlyMap<string, string> {
  const added = overrideEntries(all.map(wantedOf));
  const { faults } = readConfig([...entries, ...added], [], home);
  return new Map(faults.map(({ key, wrong }) => [normalKey(key), wrong]));
}

function withoutFaults(fate: Fate, faults: ReadonlyMap<string, string>): Fate {
  const wrong = 'becomes' in fate && fate.becomes.find(setting => faults.has(keyOf(setting)));
  return wrong ? { refused: `refpost.${wrong.key} ${faults.get(keyOf(wrong))}` } : fate;
}

function wantedOf({ audience = '', key, value }: NewSetting): Wanted {
  return { key: settingKey(audience, key), value };
}

function keyOf(setting: NewSetting): string {
  return normalKey(wantedOf(setting).key);
}
