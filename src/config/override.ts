import { fault } from '../errors.ts';
import type { Override } from '../model/push.ts';
import type { Entry } from './listing.ts';

/**
 * Takes a `-c refpost.key=value` apart. Whether the key exists and the value fits is judged with all the others.
 * @throws OperatorError without an `=`
 */
export function parseOverride(text: string): Override {
  const equals = text.indexOf('=');
  if (equals < 1) throw fault.overrideWithoutValue();
  return { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** The overrides of one run as if git had listed them last. */
export function overrideEntries(overrides: readonly Override[]): readonly Entry[] {
  return overrides.map(({ key, value }, nth) => ({
    key: key.toLowerCase(),
    value,
    origin: { scope: 'command', source: 'command line', isFile: false, nth },
  }));
}
