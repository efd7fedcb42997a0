import type { ConfigFault } from './config-fault.ts';
import type { EffectiveSetting } from './effective.ts';
import type { SettingKey, Values } from './settings.ts';

/** Settings of which each is right, but not beside the other. */
export function contradictions(
  values: Values,
  effective: readonly EffectiveSetting[],
): readonly ConfigFault[] {
  if (values.retryWait <= values.retryMaxWait) return [];
  const pair = [setting(effective, 'retryMaxWait'), setting(effective, 'retryWait')];
  const [longest, first] = pair;
  // A default is nobody's mistake.
  const guilty = pair.find(one => one?.origin.scope !== 'default');
  if (!guilty) throw new Error('the defaults contradict each other');
  return [
    {
      ...guilty,
      wrong: `the first wait (${first?.value}) is longer than the longest (${longest?.value})`,
      advice: 'refpost.retryWait must not be more than refpost.retryMaxWait',
    },
  ];
}

function setting(effective: readonly EffectiveSetting[], key: SettingKey): EffectiveSetting | undefined {
  return effective.find(one => one.key === `refpost.${key}`);
}
