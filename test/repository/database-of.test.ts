import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import type { DatabaseAddress, FleetSettings } from '../../src/model/fleet.ts';
import { databaseOf, fleetName, serverName } from '../../src/repository/database-of.ts';
import { config } from '../config/reading.ts';
import { testWorld } from '../fixtures/world.ts';

type Fleet = FleetSettings & { readonly outbox: DatabaseAddress };
const fleet = (...entries: readonly (readonly [string, string])[]) =>
  config(
    [['outbox', 'postgres://db.example.org/mails'], ...entries].map(([key, value]) => ({
      key: `refpost.${key}`,
      value: value as string,
    })),
  ) as Fleet;

test('all of a process share the connections to a database', () => {
  const world = testWorld();
  const database = databaseOf(world, fleet());
  assert.equal(databaseOf({ ...world, user: 'other' }, fleet(['server', 'git1'])), database);
  assert.notEqual(databaseOf(world, fleet(['outboxtls', 'off'])), database);
  assert.equal(database.shown, 'postgres://git@db.example.org:5432/mails');
});

test('a machine and its repositories have names in the fleet', () => {
  assert.equal(serverName(fleet()), hostname());
  assert.equal(fleetName(fleet(['server', 'git1']), '/srv/git/a.git'), 'git1:/srv/git/a.git');
  assert.equal(fleetName(fleet(['fleetname', 'team/a']), '/srv/git/a.git'), 'team/a');
});
