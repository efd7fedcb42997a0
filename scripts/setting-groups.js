import { settings } from '../build/src/config/settings.js';

/** The settings under their headings, in the order of the table. */
export function settingGroups() {
  const groups = [];
  for (const [key, setting] of Object.entries(settings)) {
    if (setting.heading) groups.push({ heading: setting.heading, settings: [] });
    groups.at(-1).settings.push([key, setting]);
  }
  return groups;
}

/** What holds where a setting is not set: its default in quotes, or words. */
export function standard(setting, quote) {
  return setting.default === undefined ? (setting.unset ?? '') : `${quote}${setting.default}${quote}`;
}
