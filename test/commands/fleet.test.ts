import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cannotStartPostgres, startPostgres } from '../fixtures/postgres.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';

const skip = cannotStartPostgres();
const postgres = skip ? undefined : await startPostgres({ after });

/** A database, and what runs `refpost fleet ...` on it where there is no repository. */
async function fleet(owner = 'refpost') {
  assert.ok(postgres);
  const database = await postgres.database();
  const url = postgres.url(database).replace('//refpost@', `//${owner}@`);
  const at = (word: string, ...more: readonly string[]) =>
    runHere(['fleet', word, '-c', `refpost.outbox=${url}`, ...more], '/', gitEnvironment());
  return { database, url, at };
}

test('fleet init makes the outbox, and to do it again changes nothing', { skip }, async () => {
  const { at, database } = await fleet();
  const first = await at('init');
  assert.deepEqual([first.code, first.stderr], [0, '']);
  assert.match(
    first.stdout,
    /^the outbox is made: postgres:\/\/refpost@\/test_\d+\?host=\S+, version \d+ of its tables\n$/,
  );
  assert.match((await at('init')).stdout, /^there is an outbox already: /);
  assert.match((await at('migrate')).stdout, /nothing was to be done/);
  const found = await postgres?.sql('select count(*) from refpost.entry', database);
  assert.equal(found, '0');
});

test('fleet migrate wants an outbox, and an older refpost refuses a newer one', { skip }, async () => {
  const { at, database } = await fleet();
  const none = await at('migrate');
  assert.equal(none.code, 78);
  assert.match(none.stderr, /there is no outbox in the database .*\n {2}make it: refpost fleet init/);
  await at('init');
  await postgres?.sql('update refpost.schema_version set version = 1000', database);
  for (const word of ['init', 'migrate', 'check']) {
    const { code, stderr, stdout } = await at(word);
    assert.equal(code, 78, word);
    assert.match(stderr + stdout, /version 1000/, word);
  }
});

test('fleet check says what is there and what is not', { skip }, async () => {
  const { at } = await fleet();
  const before = await at('check');
  assert.equal(before.code, 78);
  assert.match(before.stdout, /FAIL {2}tables: there is no outbox in it\n {6}refpost fleet init\n/);
  await at('init');
  const { code, stdout } = await at('check', '-c', 'refpost.server=git1');
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok {4}database: postgres:/);
  assert.match(stdout, /^ok {4}server: PostgreSQL 1\d/m);
  assert.match(stdout, /^ok {4}tables: of version \d+, and those of graphile-worker of version \d+$/m);
  assert.match(stdout, /^warn {2}role: refpost is a superuser/m);
  assert.match(stdout, /^ok {4}clock: /m);
  assert.match(stdout, /^ok {4}pooler: none$/m);
  assert.match(stdout, /^ok {4}name: git1$/m);
});

test('fleet check knows the owner, the role of a server, and a stranger', { skip }, async () => {
  const { at, database, url } = await fleet();
  await postgres?.sql(`create role owner login; create role git1 login; create role stranger login;
    alter database ${database} owner to owner`);
  const as = (role: string, word: string, server: string) =>
    at(
      word,
      '-c',
      `refpost.outbox=${url.replace('//refpost@', `//${role}@`)}`,
      '-c',
      `refpost.server=${server}`,
    );
  assert.equal((await as('owner', 'init', 'git1')).code, 0);
  await postgres?.sql(
    "set session authorization owner; select refpost.admit('git1', 'git1', '{}')",
    database,
  );
  assert.match((await as('owner', 'check', 'git1')).stdout, /^ok {4}role: owner owns the outbox/m);
  assert.match(
    (await as('git1', 'check', 'git1')).stdout,
    /^ok {4}role: git1 sees and changes what git1 has/m,
  );
  assert.match(
    (await as('git1', 'check', 'git2')).stdout,
    /^FAIL {2}role: git1 may speak for git1 alone, and this machine is git2\n/m,
  );
  const stranger = await as('stranger', 'check', 'git1');
  assert.equal(stranger.code, 77);
  assert.match(
    stranger.stdout,
    /^FAIL {2}tables: .*refuses this user what it wants to do: permission denied/m,
  );
});

test('without refpost.outbox, and with one that cannot be reached, it says what to do', {
  skip,
}, async t => {
  const none = await runHere(['fleet', 'check'], temporaryFolder(t), gitEnvironment());
  assert.equal(none.code, 66);
  const { at, url } = await fleet();
  const away = await at('check', '-c', `refpost.outbox=${url.replace(/test_\d+/, 'test_none')}`);
  assert.match(
    away.stdout,
    /^FAIL {2}server: the database \S+ is not there: .* does not exist\n {6}make it \(createdb\)/m,
  );
  assert.equal(away.code, 78);
  const wrong = await at('init', '-c', 'refpost.outbox=postgres://refpost:hunter2@db/mails');
  assert.equal(wrong.code, 78);
  assert.match(wrong.stderr, /has a password in it/);
  assert.doesNotMatch(wrong.stderr, /hunter2/);
});

test('fleet grant and revoke say what a role may do, and refuse those that row security does not hold back', {
  skip,
}, async () => {
  const { at } = await fleet();
  await at('init');
  await postgres?.sql('create role git7 login');
  const granted = await at('grant', 'git7', 'git7', 'team/project');
  assert.match(granted.stdout, /^the role git7 speaks for git7, and for team\/project in postgres:/);
  assert.match((await at('revoke', 'git7')).stdout, /^the role git7 has no rights in /);
  const wrong = [
    [['grant', 'git8', 'git8'], /no role "git8"\n {2}make it first: createuser/],
    [['revoke', 'git8'], /no role "git8"/],
    [['grant', 'git7', 'git7:x'], /"git7:x" is no name of a server/],
    [['grant', 'refpost', 'git7'], /row security does not hold the role refpost back/],
  ] as const;
  for (const [[word, ...more], sentence] of wrong) {
    const { code, stderr } = await at(word, ...more);
    assert.match(stderr, sentence);
    assert.equal(code, 64);
  }
});

test('where the database is away a repository is installed in and taken out of all the same, and what is left to do is said', {
  skip,
}, async t => {
  const { at, url, database } = await fleet();
  await at('init');
  const repository = new TestRepository(join(temporaryFolder(t), 'a.git'), '--bare');
  const hook = join(repository.folder, 'hooks', 'post-receive');
  const by = (outbox: string, ...words: readonly string[]) => {
    repository.git('config', 'refpost.outbox', outbox);
    return runHere([...words, repository.folder], '/');
  };
  const none = `postgres://refpost@/${database}?host=/nowhere`;
  const ledgers = () => postgres?.sql('select count(*) from refpost.ledger', database);
  const first = await by(none, 'install', '--to', 'ada@example.org', '--repo');
  assert.equal(first.code, 75);
  assert.match(
    first.stderr,
    /the hook is installed, and records pushes; but the database .* cannot be reached: .*\n.*; the ledger is made by the first push/,
  );
  assert.ok(existsSync(hook));
  assert.equal((await by(url, 'install', '--repo')).code, 0);
  assert.equal(await ledgers(), '1');
  const last = await by(none, 'uninstall', '--repo');
  assert.equal(last.code, 75);
  assert.match(
    last.stderr,
    /the hook is removed, and the ledger is left in the database: the database .* cannot be reached/,
  );
  assert.ok(!existsSync(hook));
  assert.ok(!existsSync(join(repository.folder, 'refpost')));
});
