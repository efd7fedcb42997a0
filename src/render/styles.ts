import type { Style } from '../model/config.ts';
import type { Content, Position } from '../model/content.ts';
import { storiesOf } from '../model/edition.ts';
import { inNamespace, type RefChange } from '../model/push.ts';
import { id7, shortRef } from './preamble.ts';
import { visibleLine } from './visible.ts';

/** What a style of mails is made of besides its templates and its defaults of settings (config/receivers.ts). */
interface StyleFacts {
  /** Where a commit mail stands, for the subject line. */
  readonly counter: (place: Position, content: Content) => string;
  /** What happened, where a style has other words for it. */
  readonly title: (content: Content) => string | undefined;
  /** The fields that filters go by. */
  readonly fields: (content: Content) => FieldNames;
  /** Who answers for refs, where nobody is named for all mails. */
  readonly answeredForRefs: 'author' | 'pusher';
}

/** Names of fields, in order; those in the middle are there for each ref that a mail is about. */
interface FieldNames {
  readonly first: readonly string[];
  readonly ofRef: readonly string[];
  readonly last: readonly string[];
}

const OWN: StyleFacts = {
  counter: place => (place.total > 1 ? `[${padded(place, 1)}]` : ''),
  title: () => undefined,
  fields: () => ({
    first: ['X-Git-Repo'],
    ofRef: ['X-Git-Refname', 'X-Git-Oldrev', 'X-Git-Newrev'],
    last: ['X-Git-Rev', 'X-Git-Pusher'],
  }),
  answeredForRefs: 'author',
};

export const styles: Readonly<Record<Style, StyleFacts>> = {
  apache: OWN,
  modern: { ...OWN, counter: place => (place.total > 1 ? `${padded(place, 1)}:` : '') },
  multimail: {
    counter: (place, content) => ('commit' in content ? `${padded(place, 2)}:` : ''),
    title: multimailTitle,
    fields: content => {
      const [ofCommit, ofRefs] = ['commit' in content, !('commit' in content) || isCombined(content)];
      return {
        first: ['X-Git-Host', 'X-Git-Repo'],
        ofRef: ['X-Git-Refname', 'X-Git-Reftype', ...(ofRefs ? ['X-Git-Oldrev', 'X-Git-Newrev'] : [])],
        last: [...(ofCommit ? ['X-Git-Rev'] : []), 'X-Git-NotificationType', 'X-Git-Pusher'],
      };
    },
    answeredForRefs: 'pusher',
  },
};

/** `01/12`, with as many digits as the last one has, and so many at least. */
function padded({ number, total }: Position, least: number): string {
  const all = String(total).padStart(least, '0');
  return `${String(number).padStart(all.length, '0')}/${all}`;
}

/** True for the mail of a commit that is the one mail about its ref too. */
function isCombined(content: Content): boolean {
  return 'commit' in content && content.notice.story !== undefined;
}

/** git-multimail's words for kinds of refs. */
export function refType({ kind, annotated }: RefChange): string {
  if (annotated) return 'annotated tag';
  return kind === 'other' ? 'reference' : kind;
}

/** And its words for kinds of mails. */
export function notificationType(content: Content): string {
  if (!('commit' in content)) return 'ref_changed';
  return isCombined(content) ? 'ref_changed_plus_diff' : 'diff';
}

/** `branch main`, `annotated tag v1`, `reference refs/notes/commits`; a name in a namespace in full. */
export function typedRef(change: RefChange): { readonly type: string; readonly name: string } {
  const isShort = change.kind !== 'other' && inNamespace(change.ref).namespace === '';
  return { type: refType(change), name: visibleLine(isShort ? shortRef(change.ref) : change.ref) };
}

/** As filters know them: `branch main updated: Say hello`, `tag v1 created (now 7dbb705)`. */
function multimailTitle(content: Content): string | undefined {
  const [story, another] = storiesOf(content.notice);
  if (!story || another) return undefined;
  const { change } = story;
  const { type, name } = typedRef(change);
  if ('commit' in content) return `${type} ${name} updated: ${visibleLine(content.commit.subject)}`;
  const [old, fresh] = [id7(change.old), id7(change.new)];
  if (change.move === 'created') return `${type} ${name} created (now ${fresh})`;
  return `${type} ${name} ${change.move === 'deleted' ? `deleted (was ${old})` : `updated (${old} -> ${fresh})`}`;
}
