import { originText, printable } from './config-fault.ts';
import { type Entry, normalKey, type Origin } from './listing.ts';
import type { Preset } from './receivers.ts';
import type { Setting, Values } from './settings.ts';

/** One value that is in force, and where it comes from. A setting with many values has several. */
export interface EffectiveSetting {
  /** As documented: `refpost.maxMails`. */
  readonly key: string;
  /** As written, or the words for what happens without a value, in round brackets. */
  readonly value: string;
  readonly origin: Origin;
}

/** What a section of refpost's says: that of an audience, or the plain one, which has no name. */
export interface SectionSettings {
  readonly name: string;
  readonly values: Values;
  /** Its own ones. */
  readonly effective: readonly EffectiveSetting[];
}

const atDefault: Origin = { scope: 'default', source: 'default', isFile: false, nth: 0 };

/**
 * The value of one setting: the last one given, or all of them for one that may be set many times. An empty value
 * drops those before it, as for git's own lists, so that a repository can undo what a wider scope has set.
 * Only values that count are checked: what is overridden can do no harm. One that is wrong counts as not given.
 * @param entries of all keys, the strongest last
 * @param preset another default
 */
export function resolveSetting(
  key: string,
  setting: Setting,
  entries: readonly Entry[],
  home: string | undefined,
  preset?: Preset,
) {
  const fallback = preset?.value ?? setting.default;
  const own = entries.filter(entry => entry.key === normalKey(key));
  const reset = own.findLastIndex(entry => entry.value !== undefined && trimmed(entry.value) === '');
  const counting = own.slice(reset + 1).slice(setting.many ? 0 : -1);
  const read = counting.map(entry => readEntry(key, setting, entry, home));
  const values = read.flatMap(one => ('fault' in one ? [] : [one.value]));
  const effective = counting.map(({ value = setting.type.valueless ?? '', origin }) => {
    const shown = setting.type.secret ? '(not shown)' : value.trim().replace(/\s+/g, ' ');
    return { key, value: shown, origin };
  });
  const unset = {
    key,
    value: fallback ?? `(${setting.unset})`,
    origin: preset ? { ...atDefault, source: preset.source } : (own[reset]?.origin ?? atDefault),
  };
  return {
    value:
      setting.many && counting.length > 0
        ? values.flat()
        : (values[0] ?? valueUnset(key, { ...setting, default: fallback }, home)),
    effective: counting.length > 0 ? effective : [unset],
    faults: read.flatMap(one => ('fault' in one ? [one.fault] : [])),
  };
}

function valueUnset(
  key: string,
  setting: Pick<Setting, 'type' | 'many'> & { readonly default: string | undefined },
  home: string | undefined,
): unknown {
  if (setting.default === undefined) return setting.many ? [] : undefined;
  const reading = setting.type.read(setting.default, home);
  if ('wrong' in reading) throw new Error(`the default of ${key} ${reading.wrong}`);
  return reading.value;
}

function readEntry(key: string, setting: Setting, entry: Entry, home: string | undefined) {
  const { origin, value = setting.type.valueless } = entry;
  const advice = `for example: ${setting.example ?? setting.default}`;
  if (value === undefined) return { fault: { key, origin, wrong: 'has no value', advice } };
  // What is not UTF-8 comes as U+FFFD, and would name another folder or repository than was meant.
  if (value.includes('\uFFFD'))
    return { fault: { key, origin, wrong: 'has bytes in it that are not UTF-8', advice } };
  const reading = setting.type.read(trimmed(value), home);
  if (!('wrong' in reading)) return { value: reading.value };
  const secret = setting.type.secret || reading.secret;
  return { fault: { key, origin, wrong: reading.wrong, advice, ...(secret ? {} : { value }) } };
}

/** Only what bin/post-receive takes for a blank too: both must come to the same spool. */
function trimmed(value: string): string {
  return value.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
}

/**
 * `<key> = <value> TAB <file>:<line>`, one setting a line. The first half is padded so that the second is a column
 * for people; the TAB, which no value has in it, is for programs.
 */
export function formatEffective(settings: readonly EffectiveSetting[]): string {
  const halves = settings.map(({ key, value }) => `${key} = ${printable(value)}`);
  // One very long value must not push the column out of sight of all the others.
  const width = Math.max(0, ...halves.map(half => half.length).filter(length => length <= 60));
  const rows = settings.map(({ origin }, nth) => [halves[nth]?.padEnd(width), originText(origin, printable)]);
  return rows.map(row => `${row.join('\t')}\n`).join('');
}
