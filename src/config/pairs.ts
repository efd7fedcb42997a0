import type { ConfigFault } from './config-fault.ts';
import { settingKey } from './keys.ts';
import type { SectionSettings } from './resolve-setting.ts';
import type { SettingKey } from './settings.ts';

/** Settings that are of no use without others. */
const NEEDS: readonly (readonly [SettingKey, readonly SettingKey[]])[] = [
  ['dkimDomain', ['dkimSelector', 'dkimKeyFile']],
  ['dkimSelector', ['dkimDomain']],
  ['dkimKeyFile', ['dkimDomain']],
  ['smtpTokenCommand', ['smtpUser']],
  ['clientCertFile', ['clientKeyFile']],
  ['clientKeyFile', ['clientCertFile']],
  ['outboxPasswordFile', ['outbox']],
  ['outboxPasswordCommand', ['outbox']],
  ['outboxCaFile', ['outbox']],
  ['outboxClientCertFile', ['outbox', 'outboxClientKeyFile']],
  ['outboxClientKeyFile', ['outbox', 'outboxClientCertFile']],
  ['fleetName', ['outbox']],
];
/** Settings of which one takes the other's place. */
const EITHER: readonly (readonly [SettingKey, SettingKey])[] = [
  ['smtpPasswordFile', 'smtpTokenCommand'],
  ['smtpPasswordCommand', 'smtpTokenCommand'],
  ['outboxPasswordFile', 'outboxPasswordCommand'],
];

/** Settings that lack another one, or are beside one that takes their place. An audience is told of its own alone. */
export function unpaired({ name, values, effective }: SectionSettings): readonly ConfigFault[] {
  const isSet = (key: SettingKey) => values[key] !== undefined;
  const wrongAt = (key: SettingKey, wrong: string, advice: string): readonly ConfigFault[] => {
    const own = effective.find(one => one.key === settingKey(name, key));
    return own ? [{ key: own.key, origin: own.origin, wrong, advice }] : [];
  };
  const lonely = NEEDS.flatMap(([key, needed]) => {
    const missing = needed.filter(one => !isSet(one)).map(one => settingKey(name, one));
    if (!isSet(key) || missing.length === 0) return [];
    return wrongAt(key, 'is of no use alone', `set ${missing.join(' and ')} too, or remove this one`);
  });
  const double = EITHER.filter(pair => pair.every(isSet)).flatMap(([key, other]) =>
    wrongAt(key, `is set beside ${settingKey(name, other)}`, 'remove one of the two'),
  );
  return [...lonely, ...double];
}
