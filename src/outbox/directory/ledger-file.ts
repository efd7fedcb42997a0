import { readdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ifThere, inSpool, readPlain, replaceFile, UNFINISHED } from '../../disk/files.ts';
import { fault } from '../../errors.ts';
import { type Ledger, moved } from '../../model/ledger.ts';
import type { OutboxEntry } from '../../model/outbox-entry.ts';
import { ledgerText, parseLedger } from '../ledger-text.ts';
import { sha256 } from '../sealed-json.ts';
import type { Spool } from './spool.ts';

/** A ledger as it stands in its file. */
interface StoredLedger {
  /** Where the repository was when this was written; for people. */
  readonly repository: string;
  /** Number of the newest entry whose move is in here. */
  readonly applied: number;
  readonly ledger: Ledger;
}

/** The ledger of a repository, or undefined if it has none yet. A damaged one is an OperatorError. */
export async function readLedger(spool: Spool, repository: string): Promise<StoredLedger | undefined> {
  const stored = await load(spool, repository);
  if (stored === 'damaged') throw fault.ledgerDamaged(ledgerPath(spool, repository));
  return stored;
}

export async function writeLedger(spool: Spool, stored: StoredLedger): Promise<void> {
  const { ledger, ...rest } = stored;
  const text = ledgerText(ledger, rest);
  const path = ledgerPath(spool, stored.repository);
  await inSpool(path, () => replaceFile(path, `${text}\n`, spool.rights.file));
}

export async function removeLedger(spool: Spool, repository: string): Promise<void> {
  const path = ledgerPath(spool, repository);
  await inSpool(path, () => rm(path, { force: true }));
}

/** Brings an entry's move into its ledger, however often it is asked to. */
export async function applyMove(spool: Spool, entry: OutboxEntry): Promise<void> {
  const stored = await ledgerBehind(spool, entry);
  if (!stored || !entry.ledger) return;
  const ledger = moved(stored.ledger, entry.ledger);
  await writeLedger(spool, { repository: entry.push.repository, applied: entry.number, ledger });
}

/**
 * The ledger that an entry's move is missing from; undefined if it is in there. Without a readable ledger there is
 * nothing to move: a person takes it away, and the next push starts a new one from the refs that are there then.
 */
export async function ledgerBehind(spool: Spool, entry: OutboxEntry): Promise<StoredLedger | undefined> {
  if (!entry.ledger) return undefined;
  const stored = await load(spool, entry.push.repository);
  return stored && stored !== 'damaged' && stored.applied < entry.number ? stored : undefined;
}

/** The repositories that have a ledger here, by their paths; that of the repository which the spool is in may have moved. A damaged one is an OperatorError. */
export async function repositoriesIn(spool: Spool): Promise<readonly string[]> {
  const names = await ifThere(spool.layout.ledger, () => readdir(spool.layout.ledger), []);
  const ledgers = names
    .filter(name => !name.startsWith(UNFINISHED))
    .map(async name => {
      const path = join(spool.layout.ledger, name);
      const stored = await parse(path);
      if (stored === 'damaged') throw fault.ledgerDamaged(path);
      const around = dirname(spool.layout.root);
      return stored ? [ledgerPath(spool, around) === path ? around : stored.repository] : [];
    });
  return (await Promise.all(ledgers)).flat().toSorted();
}

function load(spool: Spool, repository: string): Promise<StoredLedger | 'damaged' | undefined> {
  return parse(ledgerPath(spool, repository));
}

async function parse(path: string): Promise<StoredLedger | 'damaged' | undefined> {
  const bytes = await ifThere(path, () => readPlain(path), undefined);
  if (bytes === undefined) return undefined;
  const { repository: name, applied, ledger } = parseLedger(bytes.toString('utf8')) ?? {};
  if (typeof name !== 'string' || typeof applied !== 'number' || !ledger) return 'damaged';
  return { repository: name, applied, ledger };
}

/** Named by the way from the spool to the repository: a spool inside the git directory moves along with it. */
function ledgerPath(spool: Spool, repository: string): string {
  return join(spool.layout.ledger, sha256(relative(spool.layout.root, repository)).slice(0, 16));
}
