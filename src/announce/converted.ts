import type { Git } from '../git/git.ts';
import { readNotes } from '../git/read-notes.ts';
import { type Account, knownIdent } from '../host/accounts.ts';
import type { Headline } from '../model/commit.ts';
import type { Config } from '../model/config.ts';
import type { CommitContent } from '../model/content.ts';
import { notesOf, trailerOf } from '../model/words.ts';

/** What converters from other systems have left of them: names of their revisions, and authors without addresses. */
export interface Converted {
  commit<T extends Pick<CommitContent, 'commit'>>(content: T, config: Config): T & { revision?: string };
  headline(headline: Headline, config: Config): Headline;
}

/** @param ids the commits that are asked for @param accounts who the authors are */
export async function converted(
  git: Git,
  configs: readonly Config[],
  ids: readonly string[],
  accounts: ReadonlyMap<string, Account>,
): Promise<Converted> {
  const refs = new Set(configs.flatMap(({ revision }) => revision.flatMap(source => notesOf(source) ?? [])));
  const notes = new Map<string, ReadonlyMap<string, string>>();
  for (const ref of refs) notes.set(ref, await readNotes(git, ref, ids));
  const noteOf = (ref: string, id: string) => notes.get(ref)?.get(id);
  return {
    commit: (content, config) => {
      if (config.revision.length === 0 && accounts.size === 0) return content;
      const { commit } = content;
      const texts = config.revision.map(source => {
        const [trailer, ref] = [trailerOf(source), notesOf(source)];
        return trailer === undefined ? noteOf(ref ?? '', commit.id) : trailerIn(commit.message, trailer);
      });
      const found = texts.find(text => text !== undefined);
      return {
        ...content,
        commit: {
          ...commit,
          subject: titleOf(commit.subject, config),
          author: knownIdent(commit.author, accounts),
          committer: knownIdent(commit.committer, accounts),
        },
        ...(found === undefined ? {} : { revision: revisionName(found) }),
      };
    },
    headline: (headline, config) => ({
      ...headline,
      subject: titleOf(headline.subject, config),
      authorName: accounts.get(headline.authorName)?.name || headline.authorName,
    }),
  };
}

/** The last one counts, in a paragraph of its own or not: converters write it at the end of whatever message there was. */
function trailerIn(message: string, name: string): string | undefined {
  const [, value] = [...message.matchAll(new RegExp(`^${name}:[ \\t]*(\\S.*)$`, 'gim'))].at(-1) ?? [];
  return value;
}

/** Of a message that is nothing but such a trailer, nothing. */
function titleOf(subject: string, { revision }: Config): string {
  const name = /^[A-Za-z0-9-]+(?=: )/.exec(subject)?.[0].toLowerCase();
  if (name === undefined) return subject;
  return revision.some(source => trailerOf(source)?.toLowerCase() === name) ? '' : subject;
}

/** `file:///srv/svn/trunk@12 5f0c31e4-…`, as git-svn(1) has it, is r12 to people. */
function revisionName(text: string): string {
  const [, number] = /^\S+@(\d+) [0-9a-f-]{36}$/i.exec(text.trim()) ?? [];
  return number === undefined ? text.trim() : `r${number}`;
}
