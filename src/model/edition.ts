import type { Notice, PushPlan, RefStory } from './push-plan.ts';

/** What an audience hears of a push: its mails are numbered, threaded and capped for themselves. */
export interface Edition {
  /** The name of the audience. */
  readonly audience: string;
  readonly plan: PushPlan;
  /** Who hears it, of those whom the audience's settings name. */
  readonly recipients: Recipients;
  /** People of the push who get a mail besides, by the name of its notice (`noticeName`). */
  readonly people: ReadonlyMap<string, People>;
  /** What keeps people files from naming all whom they should. */
  readonly peopleFaults: readonly string[];
}

/** All of them, in the order of the fields. */
export function allOf({ to, cc, bcc }: Recipients): readonly string[] {
  return [...to, ...cc, ...bcc];
}

/** Mails of a push, if no commit takes more than one. */
export function mailCount(editions: readonly Pick<Edition, 'plan'>[]): number {
  return editions.reduce((sum, { plan }) => sum + plan.notices.length, 0);
}

/** People of a push in the copies of a mail. */
export interface People {
  readonly cc: readonly Chosen[];
  readonly bcc: readonly Chosen[];
  /** Who is named and gets none, and why. */
  readonly dropped: readonly Dropped[];
}

export interface Chosen {
  readonly address: string;
  /** What names them: `author`, `CODEOWNERS line 12`. */
  readonly why: string;
}

export interface Dropped {
  /** An address or a handle. */
  readonly who: string;
  /** What names them: `author`, `CODEOWNERS line 12`. */
  readonly why: string;
  /** `domain`: refpost.personDomains does not have it. `handle`: no refpost.group stands for it. `many`: refpost.maxRecipients. `served`: they get it already. */
  readonly reason: 'domain' | 'handle' | 'many' | 'served' | 'invalid';
}

/** A commit, the kind of a mail of which a push has one, or the ref of a summary of its own. */
export function noticeName(notice: Notice): string {
  if (notice.kind === 'commit') return notice.commit;
  return notice.kind === 'summary' && notice.ref !== undefined ? `summary ${notice.ref}` : notice.kind;
}

/** True for the mail about a ref that has a thread of its own. */
export function isOfRef(notice: Notice): boolean {
  return notice.kind === 'summary' ? notice.ref !== undefined : storiesOf(notice).length > 0;
}

/** What a notice tells of refs besides their commits. */
export function storiesOf(notice: Notice): readonly RefStory[] {
  if (notice.kind === 'summary') return notice.stories;
  return notice.kind === 'commit' && notice.story ? [notice.story] : [];
}

export interface Recipients {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
}
