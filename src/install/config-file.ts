import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { fault } from '../errors.ts';
import type { Git } from '../git/git.ts';

/**
 * Changes a config file at one moment, under git's own lock (`<file>.lock`), so that neither git nor a crash gets in
 * between. `edit` works on a copy; `commit` sees both contents just before the copy takes the file's place.
 */
export async function editConfig(
  config: string,
  edit: (copy: string) => Promise<void>,
  commit: (before: Buffer, after: Buffer) => Promise<void>,
): Promise<void> {
  const file = await realpath(config);
  const lock = `${file}.lock`;
  await copyFile(file, lock, constants.COPYFILE_EXCL).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EEXIST' ? fault.configLocked(lock) : cause;
  });
  try {
    await edit(lock);
    const [before, after] = [await readFile(file), await readFile(lock)];
    await commit(before, after);
    if (before.equals(after)) await rm(lock);
    else {
      await writeFile(lock, after, { flush: true });
      await rename(lock, file);
    }
  } catch (cause) {
    await rm(lock, { force: true });
    throw cause;
  }
}

/** One stretch of a file that was changed: enough to give the file its former bytes back, and no more of its content. */
export interface Hunk {
  /** Of the file after the change: it is only undone in exactly that file. */
  readonly sha256: string;
  /** In bytes, as `length`. */
  readonly offset: number;
  /** What stood there before, in base64. */
  readonly removed: string;
  /** How much stands there now. */
  readonly length: number;
}

/** The shortest stretch in which the two differ. */
export function hunkBetween(before: Buffer, after: Buffer): Hunk {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return {
    sha256: digest(after),
    offset: start,
    removed: before.subarray(start, before.length - end).toString('base64'),
    length: after.length - end - start,
  };
}

/** The file as it was before; undefined if it is not the one that the change left. */
export function undo(hunk: Hunk, after: Buffer): Buffer | undefined {
  if (digest(after) !== hunk.sha256) return undefined;
  const removed = Buffer.from(hunk.removed, 'base64');
  return Buffer.concat([after.subarray(0, hunk.offset), removed, after.subarray(hunk.offset + hunk.length)]);
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface AddedSetting {
  readonly key: string;
  readonly value: string;
}

/** A setting to write, in place of one that an earlier install wrote. */
export interface Addition extends AddedSetting {
  readonly replaces?: string;
}

/** What was added to a config file. */
export interface ConfigChange {
  readonly settings: readonly AddedSetting[];
  /** How to give that file its former bytes back; absent once it was changed in between. */
  readonly config?: Hunk;
}

type AskGit = Pick<Git, 'ask'>;

/**
 * Adds settings to a config file.
 * @param earlier what was added to it before
 * @param note stores what is added in all, just before it is
 */
export async function addSettings(
  git: AskGit,
  file: string,
  additions: readonly Addition[],
  earlier: ConfigChange | undefined,
  note: (change: ConfigChange) => Promise<void>,
): Promise<void> {
  const add = async (copy: string): Promise<void> => {
    for (const { key, value, replaces } of additions) {
      if (replaces === undefined) await git.ask(['config', '--file', copy, '--add', key, value]);
      else await git.ask(['config', '--file', copy, '--fixed-value', '--replace-all', key, value, replaces]);
    }
  };
  await editConfig(file, add, async (before, after) => {
    const original = earlier === undefined ? before : earlier.config && undo(earlier.config, before);
    const untouched = before.equals(after) && earlier !== undefined;
    const config = untouched ? earlier.config : original && hunkBetween(original, after);
    await note({ settings: merged(earlier?.settings ?? [], additions), ...(config && { config }) });
  });
}

/** The settings that are ours after these additions. */
function merged(before: readonly AddedSetting[], additions: readonly Addition[]): readonly AddedSetting[] {
  const gone = ({ key, value }: AddedSetting): boolean =>
    additions.some(added => added.key === key && (added.replaces === value || added.value === value));
  const added = additions.map(({ key, value }) => ({ key, value }));
  return [...before.filter(setting => !gone(setting)), ...added];
}

/**
 * Gives a config file its former bytes back, or where it was changed since takes the settings out one by one. Says what became of each.
 * @param left what takes their place, in the same change of the file, where nobody else has set that
 */
export async function takeBackSettings(
  git: AskGit,
  file: string,
  { settings, config }: ConfigChange,
  say: (line: string) => void,
  left: readonly AddedSetting[] = [],
): Promise<void> {
  const changed = new Set<AddedSetting>();
  const takeBack = async (copy: string): Promise<void> => {
    const original = config && undo(config, await readFile(copy));
    if (original !== undefined) await writeFile(copy, original);
    else {
      for (const setting of settings) if (!(await unset(git, copy, setting))) changed.add(setting);
      await removeOrphans(git, copy, settings);
    }
    const there = (await list(git, copy)).map(keyIn);
    for (const { key, value } of left)
      if (!there.includes(key)) await git.ask(['config', '--file', copy, key, value]);
  };
  await editConfig(file, takeBack, async () => undefined);
  for (const setting of settings) {
    const line = `${setting.key} = ${setting.value}`;
    if (left.includes(setting)) say(`${line} stays, since another host has it too`);
    else
      say(
        changed.has(setting)
          ? `${line} was changed or removed since: there is nothing to undo`
          : `removed ${line}`,
      );
  }
}

/** For a file that was changed since: value by value. Returns false for one that a person has changed or removed already. */
async function unset(git: AskGit, file: string, { key, value }: AddedSetting): Promise<boolean> {
  if (!(await list(git, file)).includes(`${key.toLowerCase()}\n${value}`)) return false;
  await git.ask(['config', '--file', file, '--fixed-value', '--unset-all', '--', key, value]);
  return true;
}

/** An event of a hook whose command is gone has git refuse every push (git-hook(1)): where somebody has added one to our hook, it goes along. */
async function removeOrphans(git: AskGit, file: string, taken: readonly AddedSetting[]): Promise<void> {
  const keys = (await list(git, file)).map(keyIn);
  for (const { key } of taken) {
    const event = key.replace(/^(hook\..*)\.command$/, '$1.event');
    if (event !== key && keys.includes(event) && !keys.includes(key))
      await git.ask(['config', '--file', file, '--unset-all', event]);
  }
}

function keyIn(entry: string): string {
  return entry.replace(/\n.*/s, '');
}

/** `key LF value` each. */
async function list(git: AskGit, file: string): Promise<readonly string[]> {
  return (await git.ask(['config', '--file', file, '-z', '--list'])).split('\0');
}
