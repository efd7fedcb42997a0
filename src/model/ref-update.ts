/** One line of a post-receive hook's standard input: `<old> SP <new> SP <ref> LF` (githooks(5)). */
export interface RefUpdate {
  /** The full name, such as `refs/heads/main`. */
  readonly ref: string;
  /** Object name before the push; all zeros when the ref was created. */
  readonly old: string;
  /** Object name after the push; all zeros when the ref was deleted. */
  readonly new: string;
}

/** True for the object name that stands for "no object": zeros only, 40 of them or, in a SHA-256 repository, 64. */
export function isZero(id: string): boolean {
  return /^0+$/.test(id);
}

export function isCreation(update: RefUpdate): boolean {
  return isZero(update.old);
}

export function isDeletion(update: RefUpdate): boolean {
  return isZero(update.new);
}

/** True for a full name that git takes for a ref (git-check-ref-format(1)). */
export function isRefName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return /^refs(?:\/(?!\.)[^/\x00-\x20\x7f~^:?*[\\]+(?<!\.lock))+$/.test(name) && !/\.\.|@\{|\.$/.test(name);
}
