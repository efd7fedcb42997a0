import { fault } from '../../errors.ts';
import type { Ledger } from '../../model/ledger.ts';
import { ledgerText, parseLedger } from '../ledger-text.ts';
import type { Query } from './database.ts';
import type { PostgresOptions } from './session.ts';

interface Row {
  readonly version: number;
  readonly document: string;
  readonly identity: string | null;
}

/** A ledger as it was read, and which version of it that was. */
export interface Version {
  readonly version: number;
  readonly ledger: Ledger;
}

const COLUMNS = 'version::float8 as version, document, identities->>$2 as identity';
const READ = `select ${COLUMNS} from refpost.ledger where name = $1`;

/** What is there stays, with the word by which this server knows the repository. */
const BASELINE = `
  insert into refpost.ledger as known (name, document, identities, server) values ($1, $3, $4, $2)
  on conflict (name) do update set identities = known.identities || excluded.identities returning ${COLUMNS}`;

export type Ledgers = ReturnType<typeof openLedgers>;

/**
 * The ledgers of a fleet, by the names of their repositories. Servers that serve one repository share one; each of them knows its own copy of the
 * repository by a word of its own, which is kept beside the rest.
 */
export function openLedgers(query: Query, { server, nameOf }: PostgresOptions) {
  /** As this process has read or moved them last: what the next plan is made from. */
  const known = new Map<string, Version>();

  function remember(name: string, { version, document, identity }: Row): Ledger {
    const found = parseLedger(document);
    if (!found) throw fault.ledgerRowDamaged(name);
    const ledger = { ...found.ledger, ...(identity !== null && { identity }) };
    known.set(name, { version, ledger });
    return ledger;
  }

  async function read(repository: string): Promise<Ledger | undefined> {
    const name = await nameOf(repository);
    const [row] = await query<Row>(READ, [name, server], 'ledger');
    if (row) return remember(name, row);
    known.delete(name);
    return undefined;
  }

  async function baseline(repository: string, ledger: Ledger): Promise<Ledger> {
    const name = await nameOf(repository);
    const { document, identities } = stored(ledger, server);
    const [row] = await query<Row>(BASELINE, [name, server, document, identities]);
    return remember(name, row as Row);
  }

  return {
    read,
    baseline,
    async forget(repository: string): Promise<void> {
      const name = await nameOf(repository);
      known.delete(name);
      await query('select refpost.forget($1, $2)', [server, name]);
    },
    /** What the plan at hand was made from. */
    async version(repository: string): Promise<Version> {
      const name = await nameOf(repository);
      if (!known.has(name)) await read(repository);
      const found = known.get(name);
      if (!found) throw new Error(`${repository} has no ledger to move: call baseline first`);
      return found;
    },
    moved: (name: string, version: Version) => void known.set(name, version),
  };
}

/** The two columns of a ledger that a server writes. */
export function stored({ identity, ...ledger }: Ledger, server: string) {
  return { document: ledgerText(ledger), identities: identity === undefined ? {} : { [server]: identity } };
}
