import type { Signature, SignatureVerdict } from './commit.ts';

/** An annotated tag. */
export interface Tag {
  readonly id: string;
  readonly target: string;
  readonly targetType: string;
  /** Absent in tags of git's first year, which have none. */
  readonly tagger?: Signature;
  /** Without the signature block. */
  readonly message: string;
  readonly signed: boolean;
  /** What git says of the signature; absent where it cannot check it here. */
  readonly verdict?: SignatureVerdict;
}
