/** What a commit that moves a submodule brings into it and takes from it, as git-submodule(1) sums it up. */
export interface SubmoduleMove {
  /** The first of them, newest first: those that are added, then those that are gone. */
  readonly commits: readonly SubmoduleCommit[];
  /** How many more there are; undefined where they were not counted. */
  readonly more: number | undefined;
}

export interface SubmoduleCommit {
  readonly change: 'added' | 'gone';
  readonly subject: string;
}
