import { readdir, rm } from 'node:fs/promises';
import { ifThere, inSpool, readPlain, replaceFile, syncFolder, UNFINISHED } from '../../disk/files.ts';
import { fault } from '../../errors.ts';
import { spoolLayout } from '../../model/spool-layout.ts';
import { seal, unseal } from '../sealed-json.ts';
import { entriesIn, type Spool } from './spool.ts';

/** What a spool says of an outbox that is in a database, or on its way there or back. Nobody serves the directory as long as it is there. */
export interface MovedMark {
  /** The database, as people may read it. */
  readonly database: string;
  readonly isDone: boolean;
  /** Whose ledgers were moved: by their names in the fleet alone nobody could tell where they are. */
  readonly repositories: readonly string[];
}

export async function readMark(root: string): Promise<MovedMark | undefined> {
  const { moved } = spoolLayout(root);
  const text = await ifThere(moved, () => readPlain(moved).toString('utf8'), undefined);
  if (text === undefined) return undefined;
  const { database, isDone, repositories } = unseal(text) ?? {};
  // Whoever cannot read it knows this much.
  return {
    database: typeof database === 'string' ? database : 'a database',
    isDone: isDone === true,
    repositories: Array.isArray(repositories) ? repositories.map(String) : [],
  };
}

export async function writeMark({ layout, rights }: Spool, mark: MovedMark): Promise<void> {
  await inSpool(layout.moved, () => replaceFile(layout.moved, `${seal(mark, 1)}\n`, rights.file));
}

export async function removeMark({ layout }: Spool): Promise<void> {
  await inSpool(layout.moved, () => rm(layout.moved, { force: true }));
  await inSpool(layout.root, () => syncFolder(layout.root));
}

/** Fails where the outbox of a spool is not in its directory, but in a database. */
export async function refuseMoved(root: string): Promise<void> {
  const mark = await readMark(root);
  if (mark) throw fault.outboxMoved(root, mark.database, mark.isDone);
}

/** Fails where a spool has ledgers or unfinished pushes that are not in the database which its settings name. */
export async function refuseUnmoved(root: string, database: string): Promise<void> {
  const layout = spoolLayout(root);
  const { ledger } = layout;
  const mark = await readMark(root);
  if (mark && !mark.isDone) throw fault.moveUnfinished(root);
  const ledgers = await ifThere(ledger, () => readdir(ledger), []);
  const isEmpty = ledgers.every(name => name.startsWith(UNFINISHED));
  const pushes = [...(await entriesIn({ layout }, 'queue')), ...(await entriesIn({ layout }, 'failed'))]
    .length;
  // What is damaged was left by the move, for a person.
  if (!mark && (!isEmpty || pushes > 0)) throw fault.outboxNotMoved(root, pushes, database);
}
