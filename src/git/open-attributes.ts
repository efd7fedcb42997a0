import { remembered } from '../model/remembered.ts';
import { decode } from '../model/text.ts';
import { type AttributeFile, type Budget, isQuietByAttributes, parseAttributes } from './attributes.ts';
import { type Ask, conversation, type Wire } from './conversation.ts';
import type { Git } from './git.ts';
import type { Objects } from './open-objects.ts';

/** What the .gitattributes files of commits say. git itself looks at none of them in a bare repository (gitattributes(5)). */
export interface Attributes {
  /** Whether a file is not to be read in a mail; undefined where the push has used up its budget. */
  isQuiet(commit: string, path: Buffer): Promise<boolean | undefined>;
}

/** Comparisons of rules with paths for one lane of a push: some tenths of a second. */
const WORK = 50_000_000;
/** Bytes of all the files that are read for one lane of a push. */
const BYTES = 4 << 20;
/** Folders of commits that are asked about for one lane of a push. */
const FOLDERS = 20_000;

/**
 * Asks git about each folder once a commit, and about each content once. Every reader has a budget of its own, so that what one
 * finds does not hang on how fast another is.
 *
 * @param git of a `whileRead`
 */
export function openAttributes(git: Git, objects: Objects): () => Attributes {
  const askIds = conversation(git, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], exchange);
  return () => attributesReader(askIds, objects);
}

type File = Promise<AttributeFile | undefined>;

function attributesReader(askIds: Ask<readonly string[], readonly string[]>, objects: Objects): Attributes {
  const budget: Budget = { left: WORK };
  let bytes = BYTES;
  let folders = FOLDERS;
  const contents = new Map<string, File>();
  const foldersOfCommit = remembered(1, (_commit: string) => new Map<string, File>());

  async function read(id: string): Promise<AttributeFile | undefined> {
    const object = bytes > 0 ? await objects.read(id, bytes) : undefined;
    bytes -= object?.text.length ?? 0;
    return object && !object.lost ? parseAttributes(object.text) : undefined;
  }

  async function fileOf(ids: Promise<readonly string[] | undefined>, at: number): File {
    const id = (await ids)?.[at] ?? '';
    if (id === '') return undefined;
    const content = contents.get(id) ?? read(id);
    contents.set(id, content);
    return content;
  }

  /** Asks about all folders that are not known yet at once. */
  function filesIn(commit: string, wanted: readonly string[]) {
    const known = foldersOfCommit(commit);
    const fresh = wanted.filter(folder => !known.has(folder));
    folders -= fresh.length;
    if (fresh.length > 0) {
      const ids = askIds(fresh.map(folder => `${commit}:${folder}.gitattributes`));
      for (const [at, folder] of fresh.entries()) known.set(folder, fileOf(ids, at));
    }
    return Promise.all(wanted.map(async folder => ({ folder, file: await known.get(folder) })));
  }

  return {
    async isQuiet(commit, path) {
      if (budget.left <= 0 || bytes <= 0 || folders <= 0) return undefined;
      const files = await filesIn(commit, foldersOf(path));
      const found = files.flatMap(({ folder, file }) =>
        file ? [{ folder: decode(Buffer.from(folder, 'latin1')), file }] : [],
      );
      const quiet = isQuietByAttributes(found, decode(path), budget);
      return budget.left > 0 || quiet ? quiet : undefined;
    },
  };
}

/** `a/b/`, `a/`, and nothing for the root, one character a byte. Names with a line end cannot be asked for. */
function foldersOf(path: Buffer): string[] {
  const parts = path.toString('latin1').split('/').slice(0, -1);
  const folders = parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`);
  return ['', ...folders].filter(folder => !folder.includes('\n')).reverse();
}

/** The id of each file; empty for one that is not there. `<id> SP blob LF`, or `<name> SP missing LF`: one line a name, in their order. */
async function exchange(names: readonly string[], wire: Wire): Promise<string[]> {
  wire.say(names.map(name => `${name}\n`).join(''));
  const ids: string[] = [];
  for (const _ of names) {
    const line = (await wire.line()).toString('latin1');
    ids.push(/^([0-9a-f]+) blob\n$/.exec(line)?.[1] ?? '');
  }
  return ids;
}
