import { settingKey } from '../config/keys.ts';
import type { EffectiveSetting } from '../config/resolve-setting.ts';
import type { Git } from '../git/git.ts';
import { readHeadlines } from '../git/read-headlines.ts';
import { meaning } from '../model/address.ts';
import type { Headline } from '../model/commit.ts';
import { type Dropped, type Edition, noticeName } from '../model/edition.ts';
import type { Ledger } from '../model/ledger.ts';
import type { Mail } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { Notice, Reason } from '../model/push-plan.ts';
import { noticeId } from '../render/render-notice.ts';
import type { RenderContext } from '../render/templates.ts';
import { announce } from './announce.ts';
import { type ExplainedLinks, explainLinks, type SettingOf, settingsOf } from './explain-origins.ts';

/** Who gets what of a push, and why. Printable. */
export interface Explanation {
  /** In their order. */
  readonly audiences: readonly ExplainedAudience[];
}

interface ExplainedAudience {
  /** Empty for the default one. */
  readonly name: string;
  /** What is set that decides who hears what. */
  readonly settings: readonly EffectiveSetting[];
  readonly links?: ExplainedLinks;
  readonly mails: readonly ExplainedMail[];
  /** Refs of the push that it does not hear of, and the setting that says so. */
  readonly refsLeftOut: readonly { readonly ref: string; readonly by?: EffectiveSetting }[];
  /** What keeps people files from naming all whom they should. */
  readonly peopleFaults: readonly string[];
  /** New commits that get no mail. */
  readonly commitsLeftOut: readonly ExplainedCommit[];
}

interface ExplainedMail {
  readonly messageId: string;
  readonly subject: string;
  readonly recipients: readonly ExplainedRecipient[];
  /** Who is named and does not get it. */
  readonly dropped: readonly Dropped[];
}

interface ExplainedRecipient {
  readonly address: string;
  readonly field: 'to' | 'cc' | 'bcc';
  /** The setting, or for people of the push what names them. */
  readonly why: string;
}

interface ExplainedCommit {
  readonly commit: string;
  readonly subject: string;
  readonly reason: Reason;
  readonly by?: EffectiveSetting;
  /** Audiences that hear of it. */
  readonly heardBy: readonly string[];
}

/** Settings that decide who hears what. */
const DECIDING =
  'to cc bcc people peopleRef personDomains group maxRecipients refs excludeRefs kinds paths authors committers pushers message instead merges maxAge style summary maxMails oversize pushOptions trailers'.split(
    ' ',
  );

/** The setting behind a reason, where it is one. */
const BEHIND: Readonly<Record<Reason, string | undefined>> = {
  merges: 'merges',
  old: 'maxAge',
  muted: 'trailers',
  kinds: 'kinds',
  paths: 'paths',
  authors: 'authors',
  committers: 'committers',
  message: 'message',
  nobody: 'personDomains',
  elsewhere: undefined,
};

/** Makes the mails of a push as the worker does, and says of each who gets it and why. Nothing is sent or stored. */
export async function explain(
  git: Git,
  push: Push,
  ledger: Ledger,
  given: readonly RenderContext[],
  effective: readonly EffectiveSetting[],
): Promise<Explanation> {
  const { editions, contexts, mails } = await announce(git, push, ledger, given, { asksByName: false });
  const made = new Map<Edition, ExplainedMail[]>(editions.map(edition => [edition, []]));
  const noticeOf = noticesById(editions, contexts);
  let last: Found | undefined;
  for await (const mail of mails) {
    // What has no notice of its own is a further part of the commit before it.
    last = noticeOf.get(mail.messageId) ?? last;
    if (last) made.get(last.edition)?.push(explainMail(mail, last));
  }
  const left = new Set(editions.flatMap(({ plan }) => [...plan.leftOut.keys()]));
  const headlines = await readHeadlines(git, [...left]);
  const names = [...new Set(editions.map(({ audience }) => audience))];
  return {
    audiences: names.map(name => {
      const own = editions.filter(({ audience }) => audience === name);
      const setting = settingsOf(name, effective);
      return {
        name,
        ...explainLinks(contextOf(name, contexts), push, setting),
        settings: DECIDING.flatMap(key => setting(key)).filter(({ origin }) => origin.scope !== 'default'),
        mails: own.flatMap(edition => made.get(edition) ?? []),
        peopleFaults: own[0]?.peopleFaults ?? [],
        refsLeftOut: refsLeftOut(push, own, setting),
        commitsLeftOut: commitsLeftOut(own, editions, headlines, setting),
      };
    }),
  };
}

function contextOf(name: string, contexts: readonly RenderContext[]): RenderContext {
  return contexts.find(({ audience }) => audience === name) as RenderContext;
}

interface Found {
  readonly edition: Edition;
  readonly notice: Notice;
}

function noticesById(
  editions: readonly Edition[],
  contexts: readonly RenderContext[],
): ReadonlyMap<string, Found> {
  return new Map(
    editions.flatMap(edition => {
      const context = contextOf(edition.audience, contexts);
      return edition.plan.notices.map(
        notice => [noticeId(edition.plan, notice, context), { edition, notice }] as const,
      );
    }),
  );
}

function explainMail({ messageId, subject, envelope }: Mail, { edition, notice }: Found): ExplainedMail {
  const { recipients, people, audience } = edition;
  const { cc = [], bcc = [], dropped = [] } = people.get(noticeName(notice)) ?? {};
  const bySetting = (['to', 'cc', 'bcc'] as const).flatMap(field =>
    recipients[field].map(address => ({ address, field, why: settingKey(audience, field) })),
  );
  const named = [
    ...cc.map(one => ({ ...one, field: 'cc' as const })),
    ...bcc.map(one => ({ ...one, field: 'bcc' as const })),
  ];
  const known = new Map<string, ExplainedRecipient>();
  for (const one of [...bySetting, ...named])
    if (!known.has(meaning(one.address))) known.set(meaning(one.address), one);
  return {
    messageId,
    subject,
    recipients: envelope.to.flatMap(address => known.get(meaning(address)) ?? []),
    dropped,
  };
}

/** The first of several values stands for all. */
function by(setting: SettingOf, key: string | undefined): { by?: EffectiveSetting } {
  const [first] = key === undefined ? [] : setting(key);
  return first ? { by: first } : {};
}

function refsLeftOut({ updates }: Push, own: readonly Edition[], setting: SettingOf) {
  const heard = new Set(own.flatMap(({ plan }) => plan.changes.map(({ ref }) => ref)));
  const isSet = (key: string) => setting(key).some(({ origin }) => origin.scope !== 'default');
  const key = ['pushers', 'excludeRefs', 'refs'].find(isSet);
  return updates.flatMap(({ ref }) => (heard.has(ref) ? [] : [{ ref, ...by(setting, key ?? 'refs') }]));
}

function commitsLeftOut(
  own: readonly Edition[],
  all: readonly Edition[],
  headlines: ReadonlyMap<string, Headline>,
  setting: SettingOf,
): ExplainedCommit[] {
  const told = new Set(own.flatMap(({ plan }) => [...plan.told]));
  const left = new Map(own.flatMap(({ plan }) => [...plan.leftOut]));
  return [...left].flatMap(([commit, reason]) => {
    if (told.has(commit)) return [];
    const heardBy = all.filter(({ plan }) => plan.told.has(commit)).map(({ audience }) => audience);
    const subject = headlines.get(commit)?.subject ?? '';
    return [{ commit, subject, reason, ...by(setting, BEHIND[reason]), heardBy: [...new Set(heardBy)] }];
  });
}
