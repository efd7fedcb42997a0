import { readIdents, readTouched } from '../git/commit-facts.ts';
import type { Git } from '../git/git.ts';
import { matchingCommits, readHead } from '../git/questions.ts';
import { readFiles } from '../git/read-files.ts';
import { readTags } from '../git/tags.ts';
import { type Account, knownIdent } from '../host/accounts.ts';
import type { Audience, Config } from '../model/config.ts';
import { globMatches } from '../model/glob.ts';
import type { Ledger } from '../model/ledger.ts';
import { isZero } from '../model/push.ts';
import { type CommitFacts, type Named, type PushFacts, patternsName } from '../model/push-plan.ts';
import { trailerOf } from '../model/words.ts';
import { type PeopleFile, parsePeopleFile } from '../people/people-file.ts';

/** What there is of a push so far. */
interface Found extends Pick<PushFacts, 'push' | 'updates' | 'refsNow' | 'typeOf'> {
  /** The new commits. */
  readonly ids: readonly string[];
  readonly ledger: Ledger;
  /** Who authors without addresses are. */
  readonly accounts: ReadonlyMap<string, Account>;
}

/** Asks git what the audiences choose commits and people by: nothing where none does. */
export async function readCommitFacts(
  git: Git,
  found: Found,
  audiences: readonly Audience[],
): Promise<CommitFacts> {
  const configs = audiences.map(({ config }) => config);
  const words = new Set(configs.flatMap(({ cc, bcc }) => [...cc.people, ...bcc.people]));
  const trailers = [...words].flatMap(word => trailerOf(word) ?? []);
  const asksIdents =
    trailers.length > 0 ||
    words.has('author') ||
    words.has('committer') ||
    configs.some(({ authors, committers }) => authors.length + committers.length > 0);
  const touching = touchingBy(configs.flatMap(({ paths }) => (paths.length > 0 ? [paths] : [])));
  const owners = await ownersBy(git, found, audiences);
  // Both in one look at all files, by whoever has asked.
  const asking = [touching, owners].filter(({ asks }) => asks);
  if (asking.length > 0)
    await readTouched(git, found.ids, (commit, path) => {
      for (const { touched } of asking) touched(commit, path);
    });
  return {
    idents: asksIdents ? await readKnown(git, found, trailers) : new Map(),
    touching: touching.found,
    worded: await readWorded(
      git,
      found.ids,
      configs.flatMap(({ message }) => message ?? []),
    ),
    ...owners.end(),
    taggers: words.has('tagger') ? await readTaggers(git, found) : new Map(),
  };
}

/** The commits that change a file of some patterns, by their name, once all files were told. */
function touchingBy(lists: readonly (readonly string[])[]) {
  const found = new Map(lists.map(patterns => [patternsName(patterns), new Set<string>()]));
  const named = new Map(lists.map(patterns => [patternsName(patterns), patterns]));
  return {
    asks: lists.length > 0,
    found,
    touched: (commit: string, path: string) => {
      for (const [name, patterns] of named) {
        const commits = found.get(name);
        if (!commits?.has(commit) && patterns.some(pattern => globMatches(pattern, path)))
          commits?.add(commit);
      }
    },
  };
}

async function readKnown(git: Git, { ids, accounts }: Found, trailers: readonly string[]) {
  const idents = await readIdents(git, ids, trailers);
  const known = (email: string) => knownIdent({ name: '', email }, accounts).email;
  for (const [id, { author, committer, ...rest }] of accounts.size > 0 ? idents : [])
    idents.set(id, { author: known(author), committer: known(committer), ...rest });
  return idents;
}

async function readWorded(git: Git, ids: readonly string[], expressions: readonly string[]) {
  const worded = new Map<string, ReadonlySet<string>>();
  for (const expression of new Set(expressions))
    worded.set(expression, await matchingCommits(git, ids, expression));
  return worded;
}

async function readTaggers(git: Git, { updates, typeOf }: Found) {
  const tags = updates.map(update => update.new).filter(id => typeOf(id) === 'tag');
  const taggers = new Map<string, string>();
  for (const [id, { tagger }] of await readTags(git, tags)) if (tagger) taggers.set(id, tagger.email);
  return taggers;
}

/** Files of a commit about which people files are asked. */
const MOST_PATHS = 2000;
/** Bytes of a people file that are read: no host takes a larger one. */
const LARGEST = 4 << 20;

/**
 * Whom the people files of each audience name for each commit, once all files were told: as the files were before the push, on a ref that its
 * pusher does not choose.
 */
async function ownersBy(git: Git, found: Found, audiences: readonly Audience[]) {
  const asking = found.ids.length === 0 ? [] : audiences.filter(({ config }) => config.people.length > 0);
  const owners = new Map(asking.map(({ name }) => [name, new Map<string, readonly Named[]>()]));
  const peopleFaults = new Map<string, string[]>();
  const peopleFiles = new Map<string, readonly PeopleFile[]>();
  for (const { name, config } of asking) {
    const { files, faults } = await readPeopleFiles(git, found, config);
    peopleFiles.set(name, files);
    peopleFaults.set(name, faults);
  }

  function judge(commit: string, paths: readonly string[]): void {
    for (const [name, files] of peopleFiles) {
      const namings = files.map(file => file.of(paths.slice(0, MOST_PATHS)));
      const named = namings.flatMap(naming => naming.named);
      if (named.length > 0) owners.get(name)?.set(commit, named);
      const faults = peopleFaults.get(name) ?? [];
      const isCut = paths.length > MOST_PATHS || namings.some(({ unjudged }) => unjudged);
      if (isCut && faults.length < MOST_FAULTS)
        faults.push(`for ${commit} not all people are named: there are too many rules and files`);
    }
  }

  // A commit's files come together, and those of a whole history would be too many to keep.
  let [current, paths]: [string, string[]] = ['', []];
  return {
    asks: asking.length > 0,
    touched: (commit: string, path: string) => {
      if (commit !== current) {
        judge(current, paths);
        [current, paths] = [commit, []];
      }
      if (paths.length <= MOST_PATHS) paths.push(path);
    },
    end: () => {
      judge(current, paths);
      return { owners, peopleFaults };
    },
  };
}

/** As they are, or were before a push; and what is wrong with them. */
export async function readPeopleFiles(
  git: Git,
  found: Pick<Found, 'push' | 'updates' | 'ledger'> | undefined,
  { people, peopleRef }: Pick<Config, 'people' | 'peopleRef'>,
) {
  const ref = peopleRef ?? (await readHead(git)) ?? 'HEAD';
  const value = found ? valueBefore(ref, found) : ref;
  const texts = isZero(value)
    ? new Map<string, Buffer | string>()
    : await readFiles(git, value, people, LARGEST);
  const files: PeopleFile[] = [];
  const faults: string[] = [];
  for (const path of people) {
    const text = texts.get(path);
    const file = typeof text === 'object' ? await parsePeopleFile(path, text) : undefined;
    if (file) files.push(file);
    if (typeof text === 'string') faults.push(`${path} ${text}`);
    else if (file?.fault !== undefined) faults.push(`${path} ${file.fault}`);
    else if (!file) faults.push(`${path} is not there on ${ref}`);
  }
  return { files, faults };
}

const MOST_FAULTS = 10;

/**
 * The announced value of a ref, before this push: zeros where this one creates it. What no push has announced is as it is. A person who asks
 * says themselves what was before.
 */
function valueBefore(
  ref: string,
  { push, updates, ledger }: Pick<Found, 'push' | 'updates' | 'ledger'>,
): string {
  const old = updates.find(update => update.ref === ref)?.old;
  const announced = ledger.refs.get(ref);
  return (push.kind === 'notify' ? (old ?? announced) : (announced ?? old)) ?? ref;
}
