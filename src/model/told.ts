import type { Commit } from './commit.ts';
import type { Headline } from './headline.ts';
import type { Notice } from './push-plan.ts';
import type { Tag } from './tag.ts';

/** One notice of a plan together with what was read for it. */
export type Told =
  | { readonly notice: Extract<Notice, { kind: 'commit' }>; readonly commit: Commit }
  | {
      readonly notice: Extract<Notice, { kind: 'digest' }>;
      readonly headlines: ReadonlyMap<string, Headline>;
    }
  | {
      readonly notice: Extract<Notice, { kind: 'summary' }>;
      readonly headlines: ReadonlyMap<string, Headline>;
      readonly tags: ReadonlyMap<string, Tag>;
    };

/** Where a mail stands in its push: 1 of 4. */
export interface Place {
  readonly number: number;
  readonly total: number;
}
