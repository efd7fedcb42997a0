import { type RefChange, type RefMove, refKind } from '../model/ref-change.ts';
import { isCreation, isDeletion, isZero, type RefUpdate } from '../model/ref-update.ts';

/** Updates of which it takes a look at history to say whether they lose commits. */
export function questionable(updates: readonly RefUpdate[]): RefUpdate[] {
  return updates.filter(update => !isCreation(update) && !isDeletion(update));
}

/** What the history says about an update: which end reaches the other. */
export interface Ancestry {
  readonly oldInNew: boolean;
  readonly newInOld: boolean;
}

/** Puts a name to each update. `ancestry` is asked for existing refs that got another value. */
export function refChanges(
  updates: readonly RefUpdate[],
  ancestry: (update: RefUpdate) => Ancestry,
  isTagObject: (id: string) => boolean,
): RefChange[] {
  return updates.map(update => ({
    ...update,
    kind: refKind(update.ref),
    move: moveOf(update, ancestry),
    annotated: isTagObject(isZero(update.new) ? update.old : update.new),
  }));
}

function moveOf(update: RefUpdate, ancestry: (update: RefUpdate) => Ancestry): RefMove {
  if (isCreation(update)) return 'created';
  if (isDeletion(update)) return 'deleted';
  const { oldInNew, newInOld } = ancestry(update);
  if (oldInNew) return 'updated';
  return newInOld ? 'rewound' : 'forced';
}
