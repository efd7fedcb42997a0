import { isHeard } from '../model/config.ts';
import type { ConfigFault } from './config-fault.ts';
import { partsOf, settingKey } from './keys.ts';
import type { Entry } from './listing.ts';
import type { RecipientWord } from './people.ts';
import type { SectionSettings } from './resolve-setting.ts';
import { toConfig } from './settings.ts';

/** Recipients that come to nobody. */
export function misaddressed(
  { name, values, effective }: SectionSettings,
  entries: readonly Entry[],
  emptied: ReadonlySet<string>,
): ConfigFault[] {
  const groups = new Set(values.group.map(one => one.name));
  const faults = (['to', 'cc', 'bcc'] as const).flatMap(key => {
    const own = effective.filter(one => one.key === settingKey(name, key));
    const lost = (values[key] as readonly RecipientWord[]).flatMap(word =>
      'group' in word && !groups.has(word.group) ? [word.group] : [],
    );
    const guilty = own.find(({ value }) => lost.some(group => value.includes(`group:${group}`)));
    return guilty
      ? [
          {
            ...guilty,
            wrong: `there is no group ${lost[0]}`,
            advice: `set refpost.group = ${lost[0]}: address`,
          },
        ]
      : [];
  });
  const namesPeople =
    [...values.cc, ...values.bcc].some(word => 'person' in word) || values.people.length > 0;
  const guilty = effective.find(({ key }) =>
    ['cc', 'bcc', 'people'].some(one => key === settingKey(name, one)),
  );
  if (
    namesPeople &&
    values.personDomains.length === 0 &&
    guilty &&
    !(values.people.length > 0 && groups.size > 0)
  ) {
    const wrong = 'names people, but no domain in which they may get mail';
    faults.push({ ...guilty, wrong, advice: 'set refpost.personDomains, for example: example.org' });
  }
  const first = entries.find(({ key }) => partsOf(key).audience === name);
  const key = settingKey(name, 'to');
  // An empty value is meant: a repository has no audience that a wider scope has set.
  if (name !== '' && first && !emptied.has(name) && !isHeard(toConfig(values))) {
    faults.push({
      key,
      value: '',
      origin: first.origin,
      wrong: 'is not set: this audience has no recipients',
      advice: 'for example: docs@example.org',
    });
  }
  return faults;
}

/** Those of whose recipients an empty value is the last word. */
export function emptiedAudiences(entries: readonly Entry[]): ReadonlySet<string> {
  const emptied = new Set<string>();
  const filled = new Set<string>();
  for (const { key, value = '' } of entries) {
    const { audience, name } = partsOf(key);
    if (!['to', 'cc', 'bcc', 'people'].includes(name)) continue;
    if (value.trim() !== '') filled.add(audience);
    else if (filled.has(audience)) emptied.add(audience);
  }
  return emptied;
}
