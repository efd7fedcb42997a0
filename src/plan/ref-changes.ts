import { type PushFacts, stepName } from '../model/push-facts.ts';
import { type RefChange, type RefMove, refKind } from '../model/ref-change.ts';
import { isCreation, isDeletion, isZero, type RefUpdate } from '../model/ref-update.ts';

type RefFacts = Pick<PushFacts, 'losses' | 'commitOf' | 'typeOf'>;

/** Puts a name to each update. */
export function refChanges(updates: readonly RefUpdate[], facts: RefFacts): RefChange[] {
  return updates.map(update => ({
    ...update,
    kind: refKind(update.ref),
    move: moveOf(update, facts),
    annotated: facts.typeOf(isZero(update.new) ? update.old : update.new) === 'tag',
  }));
}

function moveOf(update: RefUpdate, { losses, commitOf, typeOf }: RefFacts): RefMove {
  if (isCreation(update)) return 'created';
  if (isDeletion(update)) return 'deleted';
  const loss = losses.get(stepName(update));
  if (loss) return loss.rewound ? 'rewound' : 'forced';
  // Of a value that git no longer has nobody knows whether anything was lost with it.
  if (typeOf(update.new) === 'missing') return 'updated';
  return commitOf(update.old) !== undefined && commitOf(update.new) !== undefined ? 'updated' : 'forced';
}
