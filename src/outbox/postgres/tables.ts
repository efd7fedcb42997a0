import { JOURNAL } from './journal.ts';
import { MEMBERS, ROW_SECURITY } from './roles.ts';

/**
 * What is in the database, as steps that follow one another: version n has the first n of them. A step that was released stays as it is.
 * What a server names itself is its own by its key, so that no other one can have it first. There are no foreign keys: each would lock a row more for each mail, and what belongs together is written and removed by one statement.
 */
export const STEPS: readonly string[] = [
  `${MEMBERS}
  create table refpost.home (            -- by which this outbox and its copies are told from other ones
    id uuid not null default gen_random_uuid()
  );
  insert into refpost.home default values;

  create table refpost.ledger (
    name text primary key,               -- of the repository in the fleet
    version bigint not null default 1,   -- one more with each change: a plan is stored only onto the version that it was made from
    document text not null,              -- sealed JSON, as the directory has it
    identities jsonb not null,           -- the word by which each server knows its repository of that name
    server text not null                 -- that made it
  );

  create table refpost.push (            -- what a server has stored once it never stores again
    server text,                         -- '' for an alarm: once in the fleet
    id text,
    stored_at timestamptz not null default now(),
    primary key (server, id)
  );
  create index push_stored on refpost.push (stored_at);

  create table refpost.lane (            -- a repository and an audience: one worker at a time sends for it
    key text primary key,
    name text not null,                  -- of the repository in the fleet
    server text not null,                -- that made it
    holder bigint,                       -- the key of the worker that has it, or had it last
    held boolean not null default false,
    epoch bigint not null default 1      -- one more with each other holder: who comes with an old one writes nothing
  );
  create index on refpost.lane (holder) where held;

  create table refpost.worker (          -- a process that may hold lanes
    key bigint primary key,              -- by chance; also of the advisory lock that says that it lives
    server text not null,
    mode text not null,                  -- worker, intake or sender
    host text not null,
    pid integer not null,
    started_at timestamptz not null default clock_timestamp(),
    until timestamptz not null,          -- it holds what it holds until then, unless it says so again
    said_at timestamptz not null default clock_timestamp(),
    locked boolean not null              -- the lock is to be believed: no pooler is in between
  );

  create table refpost.waiting (         -- what waits on a server to be put in here, as its worker said last
    server text,
    spool text,                          -- one, or one for each repository
    at timestamptz not null default clock_timestamp(),
    recorded integer not null,
    oldest bigint,                       -- when the first of them was recorded, in milliseconds since 1970
    held integer not null,               -- of these
    unreadable integer not null,
    primary key (server, spool)
  );

  create sequence refpost.entry_number;
  create table refpost.entry (
    number bigint primary key default nextval('refpost.entry_number'),
    server text not null,
    push text not null,
    lane text not null,
    name text not null,
    place text not null default 'queue' check (place in ('queue', 'failed', 'done')),
    due_at bigint not null default 0,    -- milliseconds since 1970; 0: at once
    noted_at bigint not null,            -- by the clock that said so
    events integer not null default 0,   -- rows of its journal
    finished_at timestamptz,
    draft uuid not null                  -- under which its mails are
  ) with (fillfactor = 70);
  create index entry_lane on refpost.entry (lane, number) where place = 'queue';
  create index entry_due on refpost.entry (due_at, number) include (lane, server) where place = 'queue';
  create index entry_place on refpost.entry (place, number);
  create index entry_push on refpost.entry (push text_pattern_ops);
  create index entry_finished on refpost.entry (finished_at) where place = 'done';

  create table refpost.document (        -- what never changes of an entry
    server text,
    entry bigint,
    document text not null,              -- sealed JSON, as the directory has it
    primary key (server, entry)
  );

  create table refpost.journal (         -- what happened to its mails
    server text,
    entry bigint,
    seq integer,                         -- 1, 2, 3, …
    lines text not null,                 -- as in the directory's journal
    primary key (server, entry, seq)
  );

  create table refpost.mail (
    server text,
    draft uuid,
    number integer,
    bytes bytea not null,
    primary key (server, draft, number)
  );
  -- To compress them takes longer than to write them.
  alter table refpost.mail alter column bytes set storage external;

  create table refpost.draft (           -- mails that are written before their push is stored, since they are many
    server text,
    id uuid,
    stored boolean not null default false,
    primary key (server, id)
  );

  -- Asks anew, whatever the statement around it has seen. A lock that we get is one that nobody holds; but who spoke last before this
  -- server was started has lost it without having died.
  create function refpost.is_alive(worker_key bigint) returns boolean language plpgsql as $$
  begin
    return exists (select from refpost.worker where key = worker_key and until > clock_timestamp()
      and not (locked and pg_postmaster_start_time() < said_at and pg_try_advisory_xact_lock_shared(key)));
  end $$;

  create sequence refpost.nudges;

  create function refpost.nudge() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    perform nextval('refpost.nudges');
    notify refpost;
  end $$;

  -- Has some worker look at a lane at once, or at a moment. The statement that calls this may be just making the lane: its key says whose it is.
  create function refpost.wake(lane text, at timestamptz) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    if not (refpost.may_name(split_part(lane, chr(10), 1)) or refpost.speaks_for(null)) then
      raise exception 'lane % is not of this server', lane using errcode = 'insufficient_privilege';
    end if;
    perform graphile_worker.add_job('lane', json_build_object('lane', lane), job_key := 'lane:' || lane, run_at := at,
      job_key_mode := case when at is null then 'preserve_run_at' else 'replace' end, max_attempts := 32767);
  end $$;

  -- A repository of that name that another server has too keeps its ledger; only what this one knew it by goes.
  create function refpost.forget(its_server text, its_name text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    if not refpost.speaks_for(its_server) or not (refpost.may_name(its_name) or refpost.speaks_for(null)) then
      raise exception 'the ledger of % is not of this server', its_name using errcode = 'insufficient_privilege';
    end if;
    update refpost.ledger set identities = identities - its_server, version = version + 1 where name = its_name;
    delete from refpost.ledger where name = its_name and identities = '{}';
  end $$;

  -- Takes away what a server has staged and not stored: one draft, or all. Returns how many there were.
  create function refpost.sweep(its_server text, its_draft uuid) returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $$
    with gone as (delete from refpost.draft where server = its_server and refpost.speaks_for(its_server)
      and (its_draft is null or id = its_draft) returning server, id, stored),
    mails as (delete from refpost.mail using gone where mail.server = gone.server and mail.draft = gone.id and not gone.stored)
    select count(*) from gone where not stored
  $$;

  -- Removes up to 1000 entries that were finished before a moment, of a server, or of all. Returns how many it has removed.
  create function refpost.prune(its_server text, before timestamptz) returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $$
    with old as (select server, number, draft from refpost.entry where place = 'done' and finished_at < before
      and (its_server is null or server = its_server) and (select refpost.speaks_for(its_server))
      order by finished_at limit 1000 for update skip locked),
    mails as (delete from refpost.mail using old where mail.server = old.server and mail.draft = old.draft),
    lines as (delete from refpost.journal using old where journal.server = old.server and entry = old.number),
    documents as (delete from refpost.document using old where document.server = old.server and entry = old.number),
    entries as (delete from refpost.entry using old where entry.number = old.number),
    -- A database that was restored is known by what is missing in here, as long as a server keeps its records.
    pushes as (delete from refpost.push where (server, id) in (select p.server, p.id from refpost.push p
      where p.stored_at < least(before, now() - interval '30 days') and (its_server is null or p.server = its_server)
      and (select refpost.speaks_for(its_server))
      and not exists (select from refpost.entry e where e.push = p.id and p.server in (e.server, ''))
      order by p.stored_at limit 1000)),
    -- Of a repository that is gone, say.
    notes as (delete from refpost.waiting w where w.at < now() - interval '30 days'
      and (its_server is null or w.server = its_server) and (select refpost.speaks_for(its_server))),
    workers as (delete from refpost.worker where until < now() - interval '1 day')
    select count(*) from old
  $$;
${JOURNAL}${ROW_SECURITY}`,
];
