import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Push } from '../../src/model/push.ts';
import { type ObjectFormat, type ObjectType, type TreeFile, writeObject, writeTree } from './objects.ts';

/** What a file becomes: text, bytes or, for other than plain files, a mode with them; null where it goes. */
export type Content = string | Buffer | Entry | null;

interface Entry {
  readonly mode: string;
  readonly bytes?: Buffer;
  /** Of a submodule: the commit. */
  readonly id?: string;
}

/** A path and what becomes of it; as pairs where the path is not UTF-8. */
export type Files = Readonly<Record<string, Content>> | readonly (readonly [Buffer, Content])[];

export interface CommitParts {
  /** The commit made before, if not given. The files are those of the first parent with the changes given. */
  readonly parents?: readonly string[];
  /** `Name <address>`; null leaves the line out. */
  readonly author?: string | Buffer | null;
  readonly committer?: string | Buffer | null;
  /** `<seconds since 1970> <zone>`; null leaves it out. */
  readonly authored?: string | null;
  readonly committed?: string | null;
  /** Further lines of the header, such as `encoding ISO-8859-1`. */
  readonly headers?: readonly string[];
}

/** A bare repository that is made by hand, object by object: the same steps give the same names everywhere. */
export interface Scene {
  readonly folder: string;
  /** A name for no object, in this repository's width. */
  readonly zero: string;
  /** With null for a message, not even the blank line before it is there. */
  commit(message: string | Buffer | null, files?: Files, parts?: CommitParts): string;
  /** An annotated tag. `parts` replaces lines of its header; undefined leaves one out. */
  tag(
    name: string,
    target: string,
    message: string,
    parts?: Readonly<Record<string, string | undefined>>,
  ): string;
  object(type: ObjectType, bytes: string | Buffer): string;
  /** A ref that is there and stays as it is. */
  stands(ref: string, id: string): void;
  /** What the push does to a ref: from what it stands at (or nothing) to a new value, or to nothing. */
  moves(ref: string, id: string | null): void;
  /** A file of the git directory. */
  file(path: string, text: string): void;
  /** Settings as `key=value`, without the section. */
  settings(...settings: readonly string[]): void;
  options(...options: readonly string[]): void;
  /** The push as told so far. */
  pushed(): Pushed;
}

/** A push that has changed the refs of a repository. */
export interface Pushed {
  readonly updates: readonly string[];
  readonly settings: readonly string[];
  readonly extra: Partial<Push>;
}

export function openScene(folder: string, format: ObjectFormat = 'sha1'): Scene {
  const zero = '0'.repeat(format === 'sha1' ? 40 : 64);
  const refs = new Map<string, string>();
  const trees = new Map<string, readonly TreeFile[]>();
  const updates: string[] = [];
  const settings: string[] = [];
  const options: string[] = [];
  let clock = Date.UTC(2024, 0, 1, 12) / 1000;
  let last: string | undefined;

  const file = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const object = (type: ObjectType, bytes: string | Buffer) =>
    writeObject(folder, format, type, Buffer.from(bytes));
  const setRef = (ref: string, id: string | null) => {
    if (id === null) {
      refs.delete(ref);
      rmSync(join(folder, ref));
    } else {
      refs.set(ref, id);
      file(ref, `${id}\n`);
    }
  };
  const entryOf = (path: string, content: Exclude<Content, null>): TreeFile => {
    const { mode, bytes, id } = isEntry(content) ? content : { mode: '100644', bytes: Buffer.from(content) };
    return { path, mode, id: id ?? object('blob', bytes ?? '') };
  };

  file('HEAD', 'ref: refs/heads/main\n');
  file('config', configOf(format));
  mkdirSync(join(folder, 'objects'));
  mkdirSync(join(folder, 'refs'));
  return {
    folder,
    zero,
    commit(message, files = {}, parts = {}) {
      const parents = parts.parents ?? (last === undefined ? [] : [last]);
      const changed = pathsOf(files);
      const kept = (trees.get(parents[0] ?? '') ?? []).filter(({ path }) => !changed.has(path));
      const fresh = [...changed].flatMap(([path, content]) =>
        content === null ? [] : [entryOf(path, content)],
      );
      const tree = [...kept, ...fresh];
      const head = headOf(writeTree(folder, format, tree), parents, clock, parts);
      const text = message === null ? [] : [Buffer.from('\n'), Buffer.from(message)];
      last = object('commit', Buffer.concat([...head, ...text]));
      trees.set(last, tree);
      clock += 60;
      return last;
    },
    tag(name, target, message, parts = {}) {
      const tagger = `Carl Committer <carl@example.org> ${clock} -0800`;
      const head = { object: target, type: 'commit', tag: name, tagger, ...parts };
      const lines = Object.entries(head).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key} ${value}\n`],
      );
      clock += 60;
      return object('tag', `${lines.join('')}\n${message}`);
    },
    object,
    stands: setRef,
    moves(ref, id) {
      updates.push(`${refs.get(ref) ?? zero} ${id ?? zero} ${ref}`);
      setRef(ref, id);
    },
    file,
    settings: (...more) => void settings.push(...more),
    options: (...more) => void options.push(...more),
    pushed: () => ({ updates, settings, extra: { options } }),
  };
}

export function program(text: string): Entry {
  return { mode: '100755', bytes: Buffer.from(text) };
}

export function link(target: string): Entry {
  return { mode: '120000', bytes: Buffer.from(target) };
}

export function submodule(id: string): Entry {
  return { mode: '160000', id };
}

function isEntry(content: Exclude<Content, null>): content is Entry {
  return typeof content === 'object' && 'mode' in content;
}

function configOf(format: ObjectFormat): string {
  const core = (version: number) => `[core]\n\trepositoryformatversion = ${version}\n\tbare = true\n`;
  return format === 'sha1' ? core(0) : `${core(1)}[extensions]\n\tobjectformat = ${format}\n`;
}

/** By paths with one character a byte. */
function pathsOf(files: Files): Map<string, Content> {
  const pairs = Array.isArray(files) ? files : Object.entries(files);
  return new Map(pairs.map(([path, content]) => [Buffer.from(path).toString('latin1'), content]));
}

/** The lines of a commit's header, each with its LF. */
function headOf(tree: string, parents: readonly string[], clock: number, parts: CommitParts): Buffer[] {
  const { author = 'Ada Author <ada@example.org>', committer = 'Carl Committer <carl@example.org>' } = parts;
  const { authored = `${clock} +0100`, committed = `${clock} -0800`, headers = [] } = parts;
  const lines = [
    `tree ${tree}`,
    ...parents.map(parent => `parent ${parent}`),
    ...signatureLine('author', author, authored),
    ...signatureLine('committer', committer, committed),
    ...headers,
  ];
  return lines.flatMap(line => [Buffer.from(line), Buffer.from('\n')]);
}

function signatureLine(word: string, person: string | Buffer | null, date: string | null): Buffer[] {
  if (person === null) return [];
  const end = date === null ? '' : ` ${date}`;
  return [Buffer.concat([Buffer.from(`${word} `), Buffer.from(person), Buffer.from(end)])];
}
