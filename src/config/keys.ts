import { type ConfigFault, excerpt } from './config-fault.ts';
import type { Entry } from './listing.ts';
import { type Candidate, nearest } from './nearest.ts';
import { type Setting, type SettingKey, settings } from './settings.ts';

/** What to say about keys that are no settings. Their values are never shown: one may be a password under a wrong name. */
export function unknownKeys(entries: readonly Entry[]): readonly ConfigFault[] {
  return entries.flatMap(entry => {
    const { audience, name } = partsOf(entry.key);
    const [key, setting] =
      Object.entries<Setting>(settings).find(([known]) => known.toLowerCase() === name) ?? [];
    if (!key || !setting || !entry.key.startsWith('refpost.')) return [unknownKey(entry, audience)];
    if (audience === '') return [];
    const rest = { key: entry.key, origin: entry.origin };
    if (!setting.audience)
      return [
        {
          ...rest,
          wrong: 'is for the whole repository and not for an audience',
          advice: `set refpost.${key}`,
        },
      ];
    if (isAudienceName(audience)) return [];
    return [
      {
        ...rest,
        wrong: `"${excerpt(audience)}" is no name for an audience`,
        advice: 'letters, digits, - and _, for example: docs',
      },
    ];
  });
}

function unknownKey({ key, origin }: Entry, audience: string): ConfigFault {
  // `refpost.reply-to` and `[refpost "smtp"] user` mean replyTo and smtpUser.
  const plain = (text: string) => text.toLowerCase().replace(/^refpost\.|[^\p{L}\p{N}]/gu, '');
  const name = plain(key);
  if (/pass(?!wordfile|wordcommand)|pwd|secret|token(?!command)/.test(name))
    return { key, origin, ...(/outbox|database|postgres|pg/.test(name) ? databasePassword : password) };
  const own = audience === '' ? undefined : nearestSetting(plain(partsOf(key).name));
  const joined = nearestSetting(name);
  const near =
    own && (settings[own] as Setting).audience && joined?.toLowerCase() !== name
      ? `${audience}.${own}`
      : joined;
  const isFull = key.startsWith('refpost.');
  const wrong = isFull ? 'is not a setting' : 'is not the full key of a setting';
  const other = isFull ? 'see README.md or man refpost for all settings' : 'it starts with refpost.';
  return { key, origin, wrong, advice: near === undefined ? other : `did you mean refpost.${near}?` };
}

const password = {
  wrong: 'is not used: do not put a password into git config',
  advice:
    'set refpost.smtpPasswordFile, refpost.smtpPasswordCommand, refpost.smtpTokenCommand or the environment variable REFPOST_SMTP_PASSWORD',
};

const databasePassword = {
  ...password,
  advice:
    'set refpost.outboxPasswordFile, refpost.outboxPasswordCommand or the environment variable REFPOST_OUTBOX_PASSWORD',
};

/** The setting whose name, here or in other mailers, is most like the one given. */
function nearestSetting(name: string): SettingKey | undefined {
  const known = Object.entries<Setting>(settings);
  const candidates = known.map(([key, { alsoCalled = [] }]): Candidate => [key, ...alsoCalled]);
  return nearest(name, candidates) as SettingKey | undefined;
}

/** `refpost.docs.maxmails`: the audience, which is the subsection (case counts there), and the key in lower case. */
export function partsOf(key: string) {
  const [, dotted, audience = '', name = ''] = /^refpost\.((.*)\.)?(.*)$/s.exec(key) ?? [];
  // `[refpost ""]` is no plain section.
  return { audience: dotted === '.' ? '(empty)' : audience, name: name.toLowerCase() };
}

/** What it is called in logs, in List-Id and in the file names of the outbox. */
export function isAudienceName(name: string): boolean {
  return name === '' || /^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/.test(name);
}

/** The full name of a setting, as documented; of an audience where it has a name. */
export function settingKey(audience: string, key: string): string {
  return audience === '' ? `refpost.${key}` : `refpost.${audience}.${key}`;
}
