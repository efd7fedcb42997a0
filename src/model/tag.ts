import type { Ident, SignatureCheck } from './commit.ts';

/** An annotated tag. */
export interface Tag {
  readonly id: string;
  readonly target: string;
  readonly targetType: string;
  /** Absent in tags of git's first year, which have none. */
  readonly tagger?: Ident;
  /** Without the signature block. */
  readonly message: string;
  readonly signed: boolean;
  /** What git says of the signature; absent where it cannot check it here. */
  readonly signature?: SignatureCheck;
}
