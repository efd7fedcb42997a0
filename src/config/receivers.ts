import type { Config, Receiver, Style } from '../model/config.ts';
import type { SettingKey } from './settings.ts';

/** Another default of a setting, as one would write it. */
export interface Preset {
  readonly value: string;
  /** Who has it so, and why: in the place of the file that a setting comes from. */
  readonly source: string;
}

type Presets = Readonly<Partial<Record<SettingKey, { readonly value: string; readonly reason: string }>>>;

/** What is known of a kind of receiver. docs/receivers.md says more, and what was tried with which version. */
export interface ReceiverFacts {
  /** Other defaults, as one would write them, each with its reason. */
  readonly presets: Presets;
  /** What a person has to see to at that end: sentences without a full stop. */
  readonly there: readonly string[];
  /** What it changes in a mail, as the end of a sentence; absent where nobody has seen it. */
  readonly arrives?: string;
  /** Where a mail may be that it does not pass on. */
  readonly lookIn: string;
  /** Nobody has tried it with refpost: the values are those of its documentation. */
  readonly untried?: true;
}

const SUBSCRIBE = 'subscribe the address of refpost.from, without delivery';
const NAME_IT = 'name the list itself in refpost.to, not an alias of it';
const HELD_BY_MAILMAN = 'the messages that the list holds for moderation';

const mailman: Pick<ReceiverFacts, 'presets' | 'lookIn'> = {
  presets: {
    maxSize: {
      value: '40000',
      reason: 'the list holds mails over its max_message_size, 40 kB unless changed',
    },
  },
  lookIn: HELD_BY_MAILMAN,
};

/** Facts of receivers for which refpost has other defaults. */
export const receivers: Readonly<Record<Exclude<Receiver, 'none'>, ReceiverFacts>> = {
  mailman3: {
    ...mailman,
    there: [
      SUBSCRIBE,
      NAME_IT,
      'set "administrivia" to no: else a commit whose message starts with a word like "help" is held',
      'give the list an empty footer, or apply its mails with "git am --quoted-cr=strip"',
      'an author whom the list bans or moderates has their commits stopped too, unless refpost.replyTo is set',
    ],
    arrives: "with the list's prefix before the subject, and with its List-Id",
    lookIn: `${HELD_BY_MAILMAN}, and its log mailman.log`,
  },
  mailman2: {
    ...mailman,
    there: [
      SUBSCRIBE,
      NAME_IT,
      'set "administrivia" to no: else a commit whose message starts with a word like "help" is held',
    ],
    untried: true,
  },
  sympa: {
    presets: {
      omitHeader: {
        value: 'Auto-Submitted',
        reason: 'the list drops mails that have it, unless its reject_mail_from_automates_feature is off',
      },
    },
    there: [
      SUBSCRIBE,
      'better: "reject_mail_from_automates_feature off" for the list; then set refpost.receiver to none, and mails keep their Auto-Submitted',
    ],
    arrives: "with the list's List-Id",
    lookIn: 'its log sympa.log, and the folder msg/bad of its spool',
  },
  mlmmj: {
    presets: {},
    there: [
      SUBSCRIBE,
      NAME_IT,
      'have the mail server add a Return-Path field (flags=R in Postfix): else mlmmj discards the mail, and tells nobody',
    ],
    arrives: 'with its header as it was sent',
    lookIn: "the mail server's log, and the list's folder moderation",
  },
  ezmlm: {
    presets: {},
    there: [SUBSCRIBE, NAME_IT],
    lookIn: "qmail's log: exit code 99 counts as delivered, and means that the list has ignored the mail",
  },
  'public-inbox': {
    presets: {},
    there: [
      'name an address of the inbox in refpost.to',
      'for public-inbox-mda: spamc has to work, or publicinboxmda.spamcheck has to be none',
    ],
    arrives: 'under its Message-ID, at the address of the inbox with it appended',
    lookIn: 'the folder ~/.public-inbox/emergency of the user who runs public-inbox-mda',
  },
  googlegroups: {
    presets: {},
    there: [
      'make the address of refpost.from a member, or let anyone post',
      'its domain needs SPF or DKIM for the server that sends',
    ],
    lookIn: 'the pending and the banned messages of the group, and its spam',
    untried: true,
  },
};

/** What a style of mails is made of besides templates: other defaults. */
const styles: Readonly<Record<Style, Presets>> = {
  apache: {},
  modern: {},
  multimail: {
    summary: { value: 'first', reason: 'its commit mails answer one about their ref' },
    listId: {
      value: 'none',
      reason: 'it has no List-Id, and filters for lists in general would take its mails',
    },
    threadIndex: { value: 'true', reason: 'it has a Thread-Index' },
  },
};

/** The default of a setting for a receiver or a style, where that is another one. */
export function presetOf(
  { receiver, style }: Pick<Config, 'receiver' | 'style'>,
  key: SettingKey,
): Preset | undefined {
  const ofReceiver = receiver === 'none' ? undefined : receivers[receiver].presets[key];
  if (ofReceiver) return { value: ofReceiver.value, source: `receiver ${receiver}: ${ofReceiver.reason}` };
  const ofStyle = styles[style][key];
  return ofStyle && { value: ofStyle.value, source: `style ${style}: ${ofStyle.reason}` };
}

/** What a person has to see to at the other end, a line each; nothing for what is no receiver. */
export function thereText(receiver = 'none'): readonly string[] {
  const name = receiver.toLowerCase();
  const facts = (receivers as Readonly<Record<string, ReceiverFacts>>)[name];
  if (facts === undefined) return [];
  const untried = facts.untried ? ' (by its documentation: not tried)' : '';
  return [`at ${name}${untried}:`, ...facts.there.map(sentence => `  ${sentence}`)];
}

/** What to look for after a mail has gone there, and where it may be if it does not arrive. */
export function lookFor(receiver: Receiver): readonly string[] {
  if (receiver === 'none') return ["not there? look among the spam, and in the mail server's log"];
  const { arrives, lookIn } = receivers[receiver];
  const found = arrives === undefined ? [] : [`${receiver} passes it on ${arrives}`];
  return [...found, `not there? look in ${lookIn}`];
}
