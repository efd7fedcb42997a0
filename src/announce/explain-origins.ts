import { settingKey } from '../config/keys.ts';
import { unlinked } from '../config/links.ts';
import type { EffectiveSetting } from '../config/resolve-setting.ts';
import { type Setting, settings } from '../config/settings.ts';
import { isDeletion, type Push } from '../model/push.ts';
import { commitLink } from '../render/links.ts';
import type { RenderContext } from '../render/templates.ts';

/** The values of a setting, by its key without the section. */
export type SettingOf = (key: string) => readonly EffectiveSetting[];

/** An audience's own setting; else that of the plain section, if it is one that audiences have from there. */
export function settingsOf(audience: string, effective: readonly EffectiveSetting[]): SettingOf {
  return key => {
    const own = effective.filter(one => one.key === settingKey(audience, key));
    const isOwn = (settings as Readonly<Record<string, Setting>>)[key]?.audience === 'own';
    return own.length > 0 || isOwn ? own : effective.filter(one => one.key === settingKey('', key));
  };
}

/** Where mails say that a commit is shown. */
export interface ExplainedLinks {
  /** The address of the push's last commit; null where it has none. */
  readonly commit: string | null;
  /** A setting, or `the host`; or why there is no address. */
  readonly why: string;
  readonly by?: EffectiveSetting;
}

/** Which address a commit of the push gets, and from where. Nothing where nothing is set and no host says anything. */
export function explainLinks(
  { links, config }: RenderContext,
  { updates }: Push,
  setting: SettingOf,
): { readonly links?: ExplainedLinks } {
  const newest = updates.findLast(update => !isDeletion(update))?.new;
  const commit = newest === undefined ? null : commitLink(links, newest);
  const why = links?.by ?? unlinked(config);
  const [by] = links ? setting(links.by.replace('refpost.', '')) : [];
  return why === undefined ? {} : { links: { commit, why, ...(by ? { by } : {}) } };
}
