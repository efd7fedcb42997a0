import type { Commit } from '../model/commit.ts';
import { CONNECTION, type Config } from '../model/config.ts';
import type { Edition } from '../model/edition.ts';
import { type PushPlan, patternsName } from '../model/push-plan.ts';
import { asReadAlone, quietGroup } from '../render/quiet.ts';
import type { RenderContext } from '../render/templates.ts';

/** An edition on its way to mails. */
export interface Making {
  readonly edition: Edition;
  readonly context: RenderContext;
}

/** What is read of commits for several audiences: what one of them wants to have. */
export function wantedBy(configs: readonly Config[]) {
  const [first] = configs as [Config];
  const most = (key: 'maxSize' | 'maxAttachment') => Math.max(...configs.map(config => config[key]));
  const lists = quietLists(configs);
  return {
    maxSize: most('maxSize'),
    maxPatch: most('maxAttachment'),
    // The others are left out where a mail is made.
    quietPaths: first.quietPaths.filter(pattern => lists.every(list => list.includes(pattern))),
    ...(lists.length > 1 ? { groupOf: (path: Buffer) => quietGroup(path, lists) } : {}),
    submodules: first.submodules,
  };
}

/** Gives a commit that was read so as it is for one of them. */
export function readerFor(configs: readonly Config[]): (commit: Commit, config: Config) => Commit {
  const lists = quietLists(configs);
  const areAlike = lists.length < 2 && new Set(configs.map(({ maxSize }) => maxSize)).size < 2;
  if (areAlike) return commit => commit;
  return (commit, config) => {
    const name = patternsName(config.quietPaths);
    return asReadAlone(
      commit,
      config,
      lists.findIndex(list => patternsName(list) === name),
    );
  };
}

/** The different quietPaths of these. */
function quietLists(configs: readonly Config[]): readonly (readonly string[])[] {
  return [...new Map(configs.map(({ quietPaths }) => [patternsName(quietPaths), quietPaths])).values()];
}

/** Settings that say who gets a mail and what it is called, and nothing of its text. */
const OUTSIDE: ReadonlySet<string> = new Set([
  ...CONNECTION,
  ...`to cc bcc people peopleRef instead kinds paths authors committers pushers message refs excludeRefs merges maxAge maxMails
  maxRecipients from fromAuthorDomains replyTo envelopeFrom listId archivedAt threadIndex omitHeader subject dkimDomain
  dkimSelector dkimKeyFile verp archive archiveAddresses`.split(/\s+/),
]);

/** The same for editions whose mails of a commit have the same text, if the same ref carries it. A footer, which HTML has in it, may name the audience. */
export function shapeOf({ audience, plan }: Edition, config: Config): string {
  const shown = Object.entries(config).filter(([key]) => !OUTSIDE.has(key));
  return JSON.stringify([
    shown,
    config.html && config.footer ? audience : '',
    plan.changes.map(({ ref }) => ref),
  ]);
}

/** How many mails of other kinds a plan has before each commit. */
export function othersAhead({ notices }: PushPlan): ReadonlyMap<string, number> {
  let others = 0;
  const ahead = new Map<string, number>();
  for (const notice of notices) {
    if (notice.kind === 'commit') ahead.set(notice.commit, others);
    else others++;
  }
  return ahead;
}
