import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere, inSpool, syncFolder, UNFINISHED } from '../../disk/files.ts';
import { fault } from '../../errors.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import type { EntryRef, Intake } from '../outbox.ts';
import { buildEntries, type Stored } from './build-entries.ts';
import { type Latest, readDocument } from './entry-folder.ts';
import { applyMove, ledgerBehind, readLedger, removeLedger, writeLedger } from './ledger-file.ts';
import {
  divide,
  entriesIn,
  entryPath,
  JOURNAL,
  newestFirst,
  removeEntry,
  type Spool,
  wherever,
} from './spool.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * The intake of a spool directory. A push is stored by one rename. What a crash or a full disk leaves undone after it is done by
 * `settlePending` or `recover`: the ledger moves, and its entries are divided. Its record goes once `knows` says yes. What comes before it is swept and made anew.
 */
export function intake(spool: Spool, latest: Latest): Intake {
  /** The numbers of entries, by push. Known without looking again: only the holder of the lock adds any. */
  let numbers: Map<string, readonly number[]> | undefined;
  /** Of the newest entry that there ever was. */
  let newest = 0;
  /** Stored, and not yet known to be on the disk, in its ledger and divided. */
  let pending: Stored | undefined;

  const recover: Intake['recover'] = async () => {
    const swept = await sweep(spool);
    // What the dead worker renamed may not be on the disk yet, and its record will be removed on our word.
    for (const folder of [spool.layout.queue, spool.layout.done])
      await inSpool(folder, () => syncFolder(folder));
    await divide(spool);
    const refs = await newestFirst(spool);
    const applied = await applyNewest(spool, refs);
    numbers = new Map();
    for (const { id, number } of refs) numbers.set(id, [number, ...(numbers.get(id) ?? [])]);
    newest = refs[0]?.number ?? 0;
    return { applied, swept };
  };

  const ledger: Intake['ledger'] = async repository => {
    await settlePending();
    return (await readLedger(spool, repository))?.ledger;
  };

  const baseline: Intake['baseline'] = async (repository, ledger) => {
    const found = await readLedger(spool, repository);
    if (found) return found.ledger;
    // Not 0: what an older ledger of this repository was moved by must not move this one again.
    const applied = numbers ? newest : ((await newestFirst(spool))[0]?.number ?? 0);
    await writeLedger(spool, { repository, applied, ledger });
    return ledger;
  };

  const add: Intake['add'] = async (push, mails, options) => {
    const numbersOf = recovered();
    await settlePending();
    const known = await find(push.id);
    if (known.length > 0) return known;
    const before = options.ledger && (await readLedger(spool, push.repository));
    if (options.ledger && !before)
      throw new Error(`${push.repository} has no ledger to move: call baseline first`);
    const first = 1 + Math.max(newest, before?.applied ?? 0);
    pending = await buildEntries(spool, first, push, mails, options);
    const { entries } = pending;
    const added = entries.map(({ number }) => number);
    newest = Math.max(...added);
    numbersOf.set(push.id, added);
    await settlePending();
    latest.entry = entries.at(-1);
    return entries;
  };

  /** Also what comes next after a disk was full: no ledger is read, and nothing is stored, before this went well. */
  async function settlePending(): Promise<void> {
    if (!pending) return;
    const folder = spool.layout[pending.place];
    await inSpool(folder, () => syncFolder(folder));
    for (const entry of pending.entries) await applyMove(spool, entry);
    if (pending.entries.length > 1) await divide(spool);
    pending = undefined;
  }

  async function find(id: string): Promise<readonly OutboxEntry[]> {
    const found = (recovered().get(id) ?? []).map(number =>
      wherever(spool, { number, id }, async ref => {
        const document = await readDocument(spool, ref);
        if (document && 'damaged' in document)
          throw fault.spoolBroken(entryPath(spool, ref), document.damaged);
        return document?.entry;
      }),
    );
    return (await Promise.all(found)).filter(entry => entry !== undefined);
  }

  function recovered(): Map<string, readonly number[]> {
    if (!numbers) throw new Error('recover() comes first');
    return numbers;
  }

  return {
    recover,
    ledger,
    baseline,
    forget: repository => removeLedger(spool, repository),
    add,
    home: async () => 'directory',
    knows: async pushId => recovered().has(pushId),
    lacks: async pushIds => pushIds.filter(id => !recovered().has(id)),
    prune: async (now, keepDays) => {
      recovered();
      return pruneDone(spool, now, keepDays, newest);
    },
  };
}

/**
 * Removes from `done/` what was finished `keepDays` ago or longer; returns how many. The entry `newest` stays
 * however old it is: the next number is counted from it. The walk ends at the first entry that is to be kept, so that
 * it costs no more than what it removes; one behind it waits until then.
 */
async function pruneDone(spool: Spool, now: number, keepDays: number, newest: number): Promise<number> {
  let pruned = 0;
  for (const ref of await entriesIn(spool, 'done')) {
    const path = entryPath(spool, ref);
    if (ref.number === newest || now - (await finishedAt(path)) < keepDays * DAY) break;
    await removeEntry(spool, ref);
    pruned++;
  }
  return pruned;
}

/** The journal is written last when the last mail is settled. */
async function finishedAt(entry: string): Promise<number> {
  const journal = await ifThere(entry, () => stat(join(entry, JOURNAL)), undefined);
  return (journal ?? (await inSpool(entry, () => stat(entry)))).mtimeMs;
}

/**
 * Brings the ledgers up to date from entries that were stored, but whose move is not in their ledger yet. Returns those, in order.
 * Only the newest can be such an entry: a worker applies a move before it stores anything else, workers follow one another by the lock,
 * numbers only grow, and `prune` never takes the newest. So this reads from the newest down to the first of which nothing is missing, one
 * or two of 10,000. Damaged ones prove nothing and are passed.
 */
async function applyNewest(spool: Spool, refs: readonly EntryRef[]): Promise<OutboxEntry[]> {
  const missing: OutboxEntry[] = [];
  for (const ref of refs) {
    const document = await readDocument(spool, ref);
    if (!document || 'damaged' in document) continue;
    if (!(await ledgerBehind(spool, document.entry))) break;
    missing.unshift(document.entry);
  }
  for (const entry of missing) await applyMove(spool, entry);
  return missing;
}

/** Removes what a dead worker was building or removing; returns how many of them there were. */
async function sweep({ layout }: Spool): Promise<number> {
  let swept = 0;
  for (const folder of [layout.queue, layout.done, layout.ledger]) {
    const names = await inSpool(folder, () => readdir(folder));
    const left = names.filter(name => name.startsWith(UNFINISHED)).map(name => join(folder, name));
    for (const path of left) await inSpool(path, () => rm(path, { recursive: true, force: true }));
    swept += left.length;
  }
  return swept;
}
