/**
 * Row security: a git server may log in by a role of its own, and then sees and changes what it has queued itself, and ledgers of the names that were
 * granted to it (`refpost fleet grant`). The owner of the tables, by whom senders and administrators log in, is not concerned.
 *
 * - Rights are those of columns, since a role that may update or delete in a whole table may also lock it (LOCK TABLE), and stop everybody. So nothing
 *   is deleted but by functions, and a number comes from a sequence, never from a row that somebody can lock.
 * - Who asks is the user of the session, not the current one, which is the owner within a function with `security definer`. Such functions have a
 *   fixed search_path, so that nobody puts an operator of their own in the way.
 */
export const MEMBERS = `
  create table refpost.member (          -- a role by which a git server logs in
    role name primary key,
    server text not null check (server ~ '^[A-Za-z0-9._-]+$')
  );
  create table refpost.member_name (     -- a repository of the fleet that it serves together with others
    role name,
    name text,
    primary key (role, name)
  );

  -- The server for which this session speaks; null for the owner, who speaks for all, and for a stranger.
  create function refpost.own_server() returns text language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select server from refpost.member where role = session_user
  $$;

  -- Whether this session speaks for a server, or with null for all.
  create function refpost.speaks_for(its_server text) returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select case when exists (select from refpost.member where role = session_user)
      then coalesce((select server = its_server from refpost.member where role = session_user), false)
      else pg_has_role(session_user, current_user, 'member') end
  $$;

  -- Whether a name in the fleet is of this session's own server, or was granted to it.
  create function refpost.may_name(its_name text) returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from refpost.member m where m.role = session_user and (starts_with(its_name, m.server || ':/')
      or exists (select from refpost.member_name n where n.role = m.role and n.name = its_name)))
  $$;
`;

/** Who sees and changes what. Whoever adds a table, or a column, says it here. */
export const ROW_SECURITY = `
  alter table refpost.lane add check (key = name or starts_with(key, name || chr(10)));
  alter table refpost.document add check (octet_length(document) <= 33554432);
  alter table refpost.journal add check (octet_length(lines) <= 33554432);
  alter table refpost.mail add check (octet_length(bytes) <= 134217728);

  alter table refpost.member enable row level security;
  alter table refpost.member_name enable row level security;
${['push', 'document', 'journal', 'mail', 'draft', 'waiting'].map(ownRows).join('')}
  alter table refpost.entry enable row level security;
  create policy own on refpost.entry using (server = (select refpost.own_server()))
    with check (server = (select refpost.own_server()) and refpost.may_name(name) and (lane = name or starts_with(lane, name || chr(10))));
${['ledger', 'lane'].map(namedRows).join('')}
  -- Everybody must see that who holds a lane is alive.
  alter table refpost.worker enable row level security;
  create policy seen on refpost.worker for select using (true);
  create policy made on refpost.worker for insert with check (server = (select refpost.own_server()));
  create policy own on refpost.worker for update using (server = (select refpost.own_server()));

  -- Has a role speak for a server, and for repositories that it serves together with others. In place of what it had.
  create function refpost.admit(its_role name, its_server text, its_names text[]) returns void language plpgsql as $$
  declare
    rights text;
  begin
    if (select rolsuper or rolbypassrls from pg_roles where rolname = its_role) or pg_has_role(its_role, current_user, 'member') then
      raise exception 'the role % passes by row security', its_role;
    end if;
    insert into refpost.member values (its_role, its_server) on conflict (role) do update set server = its_server;
    delete from refpost.member_name where role = its_role;
    insert into refpost.member_name select its_role, name from unnest(its_names) as name;
    foreach rights in array array[
      'usage on schema refpost',
      'select on refpost.schema_version, refpost.home, refpost.ledger, refpost.push, refpost.lane, refpost.worker, refpost.entry,
        refpost.document, refpost.journal, refpost.mail, refpost.draft, refpost.waiting, refpost.nudges',
      'usage on sequence refpost.entry_number',
      'insert (name, version, document, identities, server), update (version, document, identities) on refpost.ledger',
      'insert (server, id) on refpost.push',
      'insert (key, name, server), update (holder, held, epoch) on refpost.lane',
      'insert (key, server, mode, host, pid, until, locked), update (until, said_at, locked) on refpost.worker',
      'insert (server, spool, recorded, oldest, held, unreadable), update (at, recorded, oldest, held, unreadable) on refpost.waiting',
      'insert (server, push, lane, name, place, due_at, noted_at, events, finished_at, draft),
        update (place, due_at, noted_at, events, finished_at) on refpost.entry',
      'insert (entry, server, document) on refpost.document',
      'insert (entry, seq, server, lines) on refpost.journal',
      'insert (draft, number, server, bytes) on refpost.mail',
      'insert (id, server), update (stored) on refpost.draft',
      'execute on function refpost.own_server(), refpost.speaks_for(text), refpost.may_name(text), refpost.is_alive(bigint), refpost.nudge(), refpost.wake(text, timestamptz),
        refpost.forget(text, text), refpost.sweep(text, uuid), refpost.prune(text, timestamptz)',
      'execute on procedure refpost.append(text, bigint, bigint, bigint, uuid, bigint, bigint, text, integer, integer)'
    ] loop
      execute format('grant %s to %I', rights, its_role);
    end loop;
  end $$;

  -- From now on the role can do nothing here. What it has queued stays.
  create function refpost.dismiss(its_role name) returns void language plpgsql as $$
  begin
    delete from refpost.member_name where role = its_role;
    delete from refpost.member where role = its_role;
    execute format('revoke all on all tables in schema refpost from %I', its_role);
    execute format('revoke all on all sequences in schema refpost from %I', its_role);
    execute format('revoke all on all routines in schema refpost from %I', its_role);
    execute format('revoke all on schema refpost from %I', its_role);
  end $$;

  revoke all on all routines in schema refpost from public;
`;

/** Gives each role that is there the rights that it has by now. */
export const ADMIT_AGAIN = `
  select refpost.admit(m.role, m.server, array(select name::text from refpost.member_name n where n.role = m.role))
  from refpost.member m join pg_roles on rolname = m.role`;

/** Rows that a server has queued. */
function ownRows(table: string): string {
  return `
  alter table refpost.${table} enable row level security;
  create policy own on refpost.${table} using (server = (select refpost.own_server()));`;
}

/** Rows of a repository, which several servers may share. */
function namedRows(table: string): string {
  return `
  alter table refpost.${table} enable row level security;
  create policy seen on refpost.${table} for select using (refpost.may_name(name));
  create policy made on refpost.${table} for insert with check (refpost.may_name(name) and server = (select refpost.own_server()));
  create policy own on refpost.${table} for update using (refpost.may_name(name));`;
}
