import { fault } from '../../errors.ts';
import type { Database } from './database.ts';
import { requireSchema } from './schema.ts';

/** Has a role speak for a server, and for names that the server shares with others, in place of what it had. Returns a line that says so. */
export async function admit(
  database: Database,
  role: string,
  server: string,
  shared: readonly (string | undefined)[],
): Promise<string> {
  await requireSchema(database);
  const names = shared.filter(name => name !== undefined);
  if (!/^[A-Za-z0-9._-]+$/.test(server)) throw fault.badServer(server);
  const [found] = await database.query<{ passes: boolean }>(ROLE, [role]);
  if (!found) throw fault.noSuchRole(role);
  if (found.passes) throw fault.roleTooMighty(role);
  await database.query('select refpost.admit($1, $2, $3)', [role, server, names]);
  const also = names.length > 0 ? `, and for ${names.join(', ')}` : '';
  return `the role ${role} speaks for ${server}${also} in ${database.shown}\n`;
}

/** Whether a role is one that row security does not hold back. */
const ROLE = `
  select rolsuper or rolbypassrls or pg_has_role(oid, (select relowner from pg_class where oid = 'refpost.member'::regclass), 'member') as passes
  from pg_roles where rolname = $1`;

/** And for none any more. */
export async function dismiss(database: Database, role: string): Promise<string> {
  await requireSchema(database);
  if ((await database.query(ROLE, [role])).length === 0) throw fault.noSuchRole(role);
  await database.query('select refpost.dismiss($1)', [role]);
  return `the role ${role} has no rights in ${database.shown} any more\n`;
}
