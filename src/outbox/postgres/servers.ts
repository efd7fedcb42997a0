import type { ClientConfig, default as Pg } from 'pg';
import { OperatorError } from '../../errors.ts';
import type { DatabaseAddress, DatabaseServer } from '../../model/fleet.ts';

/** read_only_sql_transaction (PostgreSQL, appendix A). */
export const STANDBY = '25006';

/**
 * Of several servers the first that takes changes, tried in their order as libpq does with target_session_attrs=read-write: so a fail-over needs no change of
 * settings. Fails where there is none, with what each of them said; if waiting may help with one of them, waiting may help.
 */
export async function firstThatTakesChanges(
  pg: typeof Pg,
  servers: readonly DatabaseServer[],
  configAt: (server: DatabaseServer) => Promise<ClientConfig>,
  isLasting: (error: unknown) => boolean,
): Promise<ClientConfig> {
  const failures: { readonly server: DatabaseServer; readonly error: Error }[] = [];
  for (const server of servers) {
    const config = await configAt(server);
    try {
      await requireChanges(pg, config);
      return config;
    } catch (error) {
      failures.push({ server, error: error as Error });
    }
  }
  const { error } = failures.find(one => !isLasting(one.error)) ?? (failures[0] as (typeof failures)[0]);
  if (error instanceof OperatorError) throw error;
  const { code } = error as { readonly code?: string };
  const said = failures.map(({ server, error: { message } }) => `${placeOf(server)}: ${message}`);
  throw Object.assign(new Error(said.join('; ')), { code });
}

async function requireChanges(pg: typeof Pg, config: ClientConfig): Promise<void> {
  const client = new pg.Client(config).on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only');
    if (rows[0]?.transaction_read_only !== 'on') return;
  } finally {
    // Not waited for: of a connection that was never made there is no end.
    client.end().catch(() => {});
  }
  throw Object.assign(new Error('it is a standby, or read-only'), { code: STANDBY });
}

/** `postgres://refpost@db.example.org:5432/refpost`, `postgres://refpost@/refpost?host=/run/postgresql` */
export function shownAddress({
  user,
  servers,
  database,
}: DatabaseAddress & { readonly user: string }): string {
  if (!servers.some(({ host }) => host.startsWith('/')))
    return `postgres://${user}@${servers.map(placeOf).join()}/${database}`;
  const [hosts, ports] = [servers.map(({ host }) => host), servers.map(({ port }) => port)];
  const asked = ports.every(port => port === 5432) ? '' : `&port=${ports.join()}`;
  return `postgres://${user}@/${database}?host=${hosts.join()}${asked}`;
}

function placeOf({ host, port }: DatabaseServer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
