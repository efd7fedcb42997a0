import type { ConfigFault } from './config-fault.ts';
import type { EffectiveSetting } from './effective.ts';
import type { Entry, Origin } from './listing.ts';
import type { Setting } from './settings.ts';

/** What one setting comes to. */
interface Resolved {
  readonly value: unknown;
  readonly effective: readonly EffectiveSetting[];
  readonly faults: readonly ConfigFault[];
}

const atDefault: Origin = { scope: 'default', source: 'default', isFile: false, nth: 0 };

/**
 * The value of one setting: the last one given, or all of them for one that may be set many times. An empty value
 * drops those before it, as for git's own lists, so that a repository can undo what a wider scope has set.
 * Only values that count are checked: what is overridden can do no harm. One that is wrong counts as not given.
 * @param entries of all keys, the strongest last
 */
export function resolveSetting(
  key: string,
  setting: Setting,
  entries: readonly Entry[],
  home: string | undefined,
): Resolved {
  const own = entries.filter(entry => entry.key === key.toLowerCase());
  const reset = own.findLastIndex(entry => entry.value !== undefined && trimmed(entry.value) === '');
  const standing = own.slice(reset + 1);
  const counting = setting.many ? standing : standing.slice(-1);
  if (counting.length === 0) return unsetValue(key, setting, own[reset]?.origin ?? atDefault, home);
  const read = counting.map(entry => readEntry(key, setting, entry, home));
  const values = read.flatMap(one => ('fault' in one ? [] : [one.value]));
  const unset = () => unsetValue(key, setting, atDefault, home).value;
  return {
    value: setting.many ? values.flat() : (values[0] ?? unset()),
    effective: counting.map(({ value = setting.type.valueless ?? '', origin }) => ({
      key,
      value: shown(setting, value),
      origin,
    })),
    faults: read.flatMap(one => ('fault' in one ? [one.fault] : [])),
  };
}

function unsetValue(key: string, setting: Setting, origin: Origin, home: string | undefined): Resolved {
  const effective = [{ key, value: setting.default ?? `(${setting.unset})`, origin }];
  if (setting.default === undefined) return { value: setting.many ? [] : undefined, effective, faults: [] };
  const reading = setting.type.read(setting.default, home);
  if ('wrong' in reading) throw new Error(`the default of ${key} ${reading.wrong}`);
  return { value: reading.value, effective, faults: [] };
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

function shown(setting: Setting, value: string): string {
  return setting.type.secret ? '(not shown)' : value.trim().replace(/\s+/g, ' ');
}

/** Only what bin/post-receive takes for a blank too: both must come to the same spool. */
function trimmed(value: string): string {
  return value.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
}
