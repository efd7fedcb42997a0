import type { Entry } from '../config/listing.ts';
import type { SettingKey } from '../config/settings.ts';
import { truth } from '../config/texts.ts';

/** A setting of refpost's that takes the place of an old one. */
export interface NewSetting {
  /** Absent for the plain section. */
  readonly audience?: string;
  readonly key: SettingKey;
  readonly value: string;
}

/** What becomes of an old key. `but`: what of it is lost. */
export type Fate =
  | { readonly becomes: readonly NewSetting[]; readonly but?: string | undefined }
  | { readonly needless: string }
  | { readonly refused: string };

/** A key of another mailer. The report of `migrate`, the mapping and docs/migrating.md are all made from these. */
export interface OldKey {
  /** As its mailer's manual writes it, without the section. */
  readonly name: string;
  /** What becomes of it by the rule; a value may have it otherwise. */
  readonly sort: 'mapped' | 'not needed' | 'refused';
  /** What it becomes, for people; only where it is mapped. */
  readonly into?: string;
  /** Why, or how, for people. */
  readonly why: string;
  /** Its value is shown to nobody. */
  readonly secret?: true;
  /** @param value the strongest one, without blanks at its ends */
  readonly fate: (value: string, old: Old) => Fate;
}

/** A program whose settings are read. */
export interface Mailer {
  readonly name: string;
  /** Where its keys are, for people. */
  readonly where: string;
  /** In what its keys lie: their start, as git prints keys. */
  readonly section: string;
  readonly keys: readonly OldKey[];
  /** What holds whatever its keys say. */
  readonly always?: (old: Old) => readonly NewSetting[];
  /** How its hook is known. Without this it has none in the repository. */
  readonly hook?: {
    /** The program's name in a command or a link. */
    readonly named: RegExp;
    /** In the text of the program itself. */
    readonly itself: RegExp;
    /** The key by which it runs a program besides. */
    readonly runs?: string;
  };
}

/** What counts beside the old settings. */
export interface Facts {
  /** Absolute path of the git directory. */
  readonly repository: string;
  /** The full name of the ref that HEAD names. */
  readonly head: string | undefined;
  readonly home: string | undefined;
  /** Every setting of the repository; of old ones too, where they are in git config. */
  readonly entries: readonly Entry[];
}

/** The old settings as their mailer reads them. Names are as in the tables; case and hyphens do not count. */
export interface Old {
  readonly facts: Facts;
  /** Every value, the weakest first; '' for a key without one. */
  all(name: string): readonly string[];
  /** The one that counts where a key has one value, without blanks at its ends. */
  last(name: string): string | undefined;
  /** undefined where it is not set, and where it is neither true nor false. */
  truth(name: string): boolean | undefined;
}

export function oldSettings(section: string, entries: readonly Entry[], facts: Facts): Old {
  const own = (name: string) =>
    entries.filter(({ key }) => plain(key) === plain(section + name) && key.startsWith(section));
  return {
    facts,
    all: name => own(name).map(({ value = '' }) => value),
    last: name => own(name).at(-1)?.value?.trim() ?? (own(name).length > 0 ? '' : undefined),
    truth: name => {
      const last = own(name).at(-1);
      const reading = last && truth.read(last.value?.trim() ?? 'true', undefined);
      return reading && 'value' in reading ? reading.value : undefined;
    },
  };
}

/** Older versions of some mailers write their keys without hyphens, GitLab writes underscores. */
export function plain(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}

export function mapped(name: string, into: string, why: string, fate: OldKey['fate']): OldKey {
  return { name, sort: 'mapped', into, why, fate };
}

export function needless(name: string, why: string): OldKey {
  return { name, sort: 'not needed', why, fate: () => ({ needless: why }) };
}

export function refused(name: string, why: string): OldKey {
  return { name, sort: 'refused', why, fate: () => ({ refused: why }) };
}

/** The fate of a key that becomes one setting. */
export function one(key: SettingKey, value: string, but?: string): Fate {
  return { becomes: [{ key, value }], but };
}
