import type { Position } from '../model/content.ts';
import { isForced, type RefChange, type RefKind } from '../model/push.ts';
import type { PushPlan } from '../model/push-plan.ts';
import { refLink } from './links.ts';
import type { RenderContext } from './templates.ts';
import { shortLine, visibleLine } from './visible.ts';

/** What a ref is called by its kind, in a template. */
export const LABEL: Readonly<Record<RefKind, string>> = { branch: 'Branch', tag: 'Tag', other: 'Ref' };

/** Widths of object names in a mail, the same in repositories of every size: people filter and grep by them. */
const shortened = (width: number) => (id: string) => id.slice(0, width);

/** In the preamble and in lists. */
export const id9 = shortened(9);
/** In `Parents:` and on a diff's index line. */
export const id7 = shortened(7);

/** What every text has: the changed refs by kind, as many as a third of a mail has room for; they open the first mail of a push. */
export function preamble(plan: PushPlan, position: Position, context: RenderContext) {
  const { pusher, repositoryName } = context;
  return {
    repository: visibleLine(repositoryName),
    opening: position.number === 1,
    ...refLists(plan, context),
    pusher: pusher ? pusherText(pusher) + (pusher.signed ? ' (signed push, verified)' : '') : null,
    signedPush: pusher?.signed ?? false,
  };
}

type RefLists = ReturnType<typeof makeRefLists>;

const lists = new WeakMap<RenderContext, { readonly plan: PushPlan; readonly refs: RefLists }>();

/** Made once for all mails of a push: there may be thousands of them, and of refs. */
function refLists(plan: PushPlan, context: RenderContext): RefLists {
  const found = lists.get(context);
  if (found?.plan === plan) return found.refs;
  const refs = makeRefLists(plan, context);
  lists.set(context, { plan, refs });
  return refs;
}

function makeRefLists({ changes, notices }: PushPlan, { config, links }: RenderContext) {
  // Values that the repository no longer has are nowhere to be seen.
  const gone = notices.flatMap(notice =>
    notice.kind === 'summary' ? notice.stories.filter(({ gone }) => gone) : [],
  );
  const linked = changes
    .slice(0, MOST_LINKS)
    .filter(({ ref }) => gone.every(({ change }) => change.ref !== ref));
  const shown = changes.slice(0, roomFor(changes, config.maxSize / 3));
  const listed = (kind: RefKind) =>
    shown
      .filter(change => change.kind === kind)
      .map(change => ({
        ref: visibleLine(change.ref),
        line: line(change),
        link: linked.includes(change) ? refLink(links, change) : null,
      }));
  return {
    branches: listed('branch'),
    tags: listed('tag'),
    others: listed('other'),
    moreRefs: changes.length - shown.length,
  };
}

/** Refs of a push that lead somewhere in HTML, whose room is small. */
const MOST_LINKS = 50;

/** How many of the first changes have room, but at least one has. */
export function roomFor(changes: readonly RefChange[], bytes: number): number {
  let room = bytes;
  const over = changes.findIndex(change => {
    room -= Buffer.byteLength(line(change)) + 4;
    return room < 0;
  });
  return over < 0 ? changes.length : Math.max(1, over);
}

function line(change: RefChange): string {
  return updateText(change, visibleLine(change.ref));
}

/** `main c34f23e16 -> 7dbb70572`, where the ref is called that. */
export function updateText(change: RefChange, ref: string): string {
  const [from, to] = [id9(change.old), id9(change.new)];
  if (change.move === 'created') return `${ref} [created] ${to}`;
  if (change.move === 'deleted') return `${ref} [deleted] ${from}`;
  return `${ref} ${from} -> ${to}${isForced(change) ? ' (forced update)' : ''}`;
}

/** What people call a ref: `main` for refs/heads/main, `meta/config` for refs/meta/config. */
export function shortRef(name: string): string {
  return name.replace(/^refs\/((heads|tags|notes)\/)?/, '');
}

/** `zoe`, or `zoe <zoe@example.org>` where the host knows the address, unless that is the name. */
export function pusherText({ name, email }: Required<RenderContext>['pusher']): string {
  return shortLine(email === undefined || email === name ? name : `${name} <${email}>`);
}
