import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fault } from '../errors.ts';
import { admit, dismiss } from '../outbox/postgres/members.ts';
import { migrate as bringUpToDate, SCHEMA_VERSION, schemaVersion } from '../outbox/postgres/schema.ts';
import { databaseIn } from '../repository/database-of.ts';
import { openWhere } from '../repository/workplace.ts';
import { examineFleet } from '../status/doctor.ts';
import { moveSpool } from '../worker/move-outbox.ts';
import type { Call, Command, Options } from './command.ts';

async function open({ world }: Call, { repo, c }: Options) {
  const place = await openWhere(world, repo, c);
  return { place, database: databaseIn(world, place) };
}

/** `refpost fleet init`: makes the outbox in an empty database. */
export const init: Command = async (call, options) => {
  const { database } = await open(call, options);
  const found = await schemaVersion(database);
  if (found !== 0 && found !== SCHEMA_VERSION) throw fault.otherSchema(database.shown, found, SCHEMA_VERSION);
  const from = await bringUpToDate(database);
  const what = from === 0 ? 'the outbox is made' : 'there is an outbox already';
  call.world.stdout.write(`${what}: ${database.shown}, version ${SCHEMA_VERSION} of its tables\n`);
};

/** `refpost fleet migrate`: brings the outbox in the database to what this refpost works with. */
export const migrate: Command = async (call, options) => {
  const { database } = await open(call, options);
  const found = await schemaVersion(database);
  if (found === 0) throw fault.otherSchema(database.shown, found, SCHEMA_VERSION);
  const from = await bringUpToDate(database);
  const what = from === SCHEMA_VERSION ? 'nothing was to be done' : `it was of version ${from}`;
  call.world.stdout.write(`${database.shown} is of version ${SCHEMA_VERSION} of its tables: ${what}\n`);
};

/** `refpost fleet check`: what the database has to be like, and what to do where it is not. */
export const check: Command = async (call, options) =>
  examineFleet(call.world, (await open(call, options)).place);

/** `refpost fleet grant`: a role speaks for a server from now on. */
export const grant: Command = async (call, options, role = '', server = '', ...names) =>
  void call.world.stdout.write(await admit((await open(call, options)).database, role, server, names));

/** `refpost fleet revoke`: and for none any more. */
export const revoke: Command = async (call, options, role = '') =>
  void call.world.stdout.write(await dismiss((await open(call, options)).database, role));

/** `refpost fleet move`: the outbox of a folder goes into the database, or comes back. */
export const move: Command = async ({ world }, { repo, c, back, finished }, folder = '') => {
  const root = resolve(world.cwd, folder);
  // An outbox in a git directory is that of the repository around it.
  const around = repo === '.' && existsSync(join(root, '..', 'objects')) ? dirname(root) : repo;
  const options = { root, isBack: back === true, finished: finished === true };
  return moveSpool(world, await openWhere(world, around, c), options);
};
