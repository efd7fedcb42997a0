import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDrop } from '../../src/drop/drop.ts';
import { announced } from '../fixtures/read-mails.ts';
import { recorded } from '../fixtures/recorded.ts';
import { temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { type ServerRepository, serverRepository } from '../fixtures/server-repository.ts';
import { type ScriptedServer, startScripted } from '../fixtures/smtp-script.ts';

/*
 * Whoever may write into a spool can have mails not sent, or others sent. They cannot have the worker run, read or write
 * anything elsewhere, nor keep it from the mails of the others.
 */

interface Scene {
  readonly server: ServerRepository;
  readonly inbox: ScriptedServer;
  /** A file of the worker's user that is nobody's business. */
  readonly precious: string;
  /** Everything that is said to be named badly. */
  readonly commits: readonly string[];
}

/** A repository whose push is recorded. */
async function scene(t: TestContext): Promise<Scene> {
  const inbox = await startScripted(t);
  const server = await serverRepository(t, { port: inbox.port, settings: { 'refpost.worker': 'service' } });
  const commits = await recorded(server, 'One', 2);
  const precious = join(temporaryFolder(t), 'precious');
  writeFileSync(precious, 'precious\n');
  return { server, inbox, precious, commits };
}

const once = ({ bare, env }: ServerRepository) => runHere(['work', '--once'], bare, env);

/** Each puts something where the hook puts records. */
const RECORDS: Readonly<Record<string, (path: string, scene: Scene) => void>> = {
  'a link to a file': (path, { precious }) => symlinkSync(precious, path),
  'a link to nothing': path => symlinkSync('/nonexistent/file', path),
  'a link to a device': path => symlinkSync('/dev/zero', path),
  'a pipe that nobody writes to': path => execFileSync('mkfifo', [path]),
  'a folder': path => mkdirSync(path),
  'an empty file': path => writeFileSync(path, ''),
  rubbish: path => writeFileSync(path, Buffer.from([0, 255, 10, 13, 0])),
  'a sparse file of a terabyte': path => {
    writeFileSync(path, 'refpost-push 1\n');
    truncateSync(path, 2 ** 40);
  },
  'a second name of another file': (path, { precious }) => linkSync(precious, path),
  'headers without end': path => writeFileSync(path, `refpost-push 1\n${'env A=b\n'.repeat(100_000)}`),
};

test('whatever lies among the records is put aside, and the push beside it is mailed', async t => {
  const stage = await scene(t);
  const { server, inbox, precious, commits } = stage;
  const { dropNew, dropBad } = server.layout;
  let second = 10;
  for (const put of Object.values(RECORDS)) put(join(dropNew, `20200101T0000${second++}-0badc0de`), stage);
  const names = ['two\nlines', '..x', 'a b', `${'n'.repeat(255)}`, '-rf', "it's; touch x", '\u202etxt'];
  for (const name of names) writeFileSync(join(dropNew, name), 'refpost-push 1\n');

  const worked = await once(server);
  assert.deepEqual(announced(inbox.received), commits, worked.stderr);
  assert.equal(readFileSync(precious, 'utf8'), 'precious\n');
  const left = await openDrop(server.layout.root).names();
  assert.deepEqual(
    left.filter(name => name.length < 255),
    [],
    'one whose name is too long for a reason beside it stays',
  );
  assert.equal(
    readdirSync(dropBad).filter(name => name.endsWith('.why')).length,
    Object.keys(RECORDS).length + 5,
  );
  assert.doesNotMatch(server.log(), /[\u202e]|two\nlines/);
});

test('a record may name recipients, and nothing that runs, reads or connects', async t => {
  const { server, inbox, commits } = await scene(t);
  const { dropNew, dropBad } = server.layout;
  const [id = ''] = readdirSync(dropNew);
  const record = readFileSync(join(dropNew, id), 'utf8');
  const trace = join(server.folder, 'trace');
  const settings = [
    `smtpPasswordCommand=touch ${trace}`,
    `command=touch ${trace}`,
    'transport=sendmail:/usr/bin/env',
    `templates=${server.folder}`,
    'submodules=/srv/git/other.git',
    'smtpPasswordFile=/etc/shadow',
    `spool=${server.folder}/elsewhere`,
    'administrator=eve@example.org',
    'toString=x',
  ];
  for (const [at, setting] of settings.entries()) {
    const other = record.replaceAll(/^kind push/gm, `kind notify\nsetting refpost.${setting}`);
    writeFileSync(join(dropNew, `20200101T0000${at + 10}-0badc0de`), other);
  }
  const allowed = record.replaceAll(/^kind push/gm, 'kind notify\nsetting refpost.to=eve@example.org');
  writeFileSync(join(dropNew, '20200101T000030-0badc0de'), allowed);
  assert.equal((await once(server)).code, 0);
  assert.ok(!existsSync(trace));
  assert.equal(readdirSync(dropBad).length, 2 * settings.length);
  const to = inbox.received.map(mail => mail.to.join());
  assert.equal(to.filter(each => each === 'commits@example.org').length, commits.length);
  assert.ok(to.some(each => each === 'eve@example.org'));
});

/** Each puts something in the place of a file of the worker. */
const PLACES: Readonly<Record<string, (scene: Scene) => void>> = {
  'a link for the lock': ({ server, precious }) => symlinkSync(precious, server.layout.lock),
  'a second name for the lock': ({ server, precious }) => linkSync(precious, server.layout.lock),
  'a pipe for the lock': ({ server }) => execFileSync('mkfifo', [server.layout.lock]),
  'a link for the log': ({ server, precious }) => symlinkSync(precious, server.layout.log),
  'a second name for the log': ({ server, precious }) => linkSync(precious, server.layout.log),
  'a pipe for the log': ({ server }) => execFileSync('mkfifo', [server.layout.log]),
  'a link for the reason of a held record': ({ server, precious }) =>
    symlinkSync(precious, join(server.layout.dropHeld, '20200101T000000-0badc0de')),
  'a link for a nudge': ({ server, precious }) => symlinkSync(precious, join(server.layout.queue, '.nudge')),
  'a folder for a nudge': ({ server }) =>
    mkdirSync(join(server.layout.queue, '.nudge', 'x'), { recursive: true }),
  'a nudge of another age': ({ server }) => writeFileSync(join(server.layout.queue, '.retry-x'), ''),
  'a folder for the lock': ({ server }) => mkdirSync(join(server.layout.lock, 'x'), { recursive: true }),
  'a folder for what a worker said that could not start': ({ server }) =>
    mkdirSync(join(server.layout.startError, 'x'), { recursive: true }),
  'a folder for a reason, and one beside it among the records': ({ server }) => {
    for (const folder of [server.layout.dropHeld, server.layout.dropNew])
      mkdirSync(join(folder, '..x', 'x'), { recursive: true });
  },
  'a link where the entry will go': ({ server, precious }) => {
    const [id = ''] = readdirSync(server.layout.dropNew);
    symlinkSync(dirname(precious), join(server.layout.done, `00000001-${id}`));
  },
  'a file with the name of an entry': ({ server }) =>
    writeFileSync(join(server.layout.queue, '00000001-20200101T000000-0badc0de'), 'x'),
  'a link for what is being built': ({ server, precious }) => {
    symlinkSync(precious, join(server.layout.queue, '.tmp-1'));
    symlinkSync(precious, join(server.layout.ledger, '.tmp-1'));
  },
};

for (const [what, put] of Object.entries(PLACES)) {
  test(`${what} is not followed, and mails go out`, async t => {
    const stage = await scene(t);
    const { server, inbox, precious, commits } = stage;
    for (const path of [server.layout.lock, server.layout.log]) rmSync(path, { force: true });
    put(stage);
    const worked = await once(server);
    assert.deepEqual(announced(inbox.received), commits, worked.stderr);
    assert.equal(readFileSync(precious, 'utf8'), 'precious\n');
  });
}

test('no worker works in a folder that is a link to one elsewhere, and when it is none any more all is mailed', async t => {
  const { server, inbox, precious, commits } = await scene(t);
  await runHere(['install'], server.bare, server.env);
  const { dropNew, dropBad, dropHeld, queue, done, ledger } = server.layout;
  for (const path of [dropNew, dropBad, dropHeld, queue, done, ledger]) {
    renameSync(path, `${path}.away`);
    symlinkSync(dirname(precious), path);
    const worked = await once(server);
    assert.deepEqual([worked.code, readdirSync(dirname(precious))], [74, ['precious']], path);
    assert.match(worked.stderr, /^refpost: .* cannot be used: it is not a folder$/m);
    rmSync(path);
    renameSync(`${path}.away`, path);
  }
  await once(server);
  assert.deepEqual(announced(inbox.received), commits);
});

/** Each spoils a file of an entry that is queued. */
const FILES: Readonly<Record<string, (path: string, scene: Scene) => void>> = {
  'a link': (path, { precious }) => {
    renameSync(path, `${path}.away`);
    symlinkSync(precious, path);
  },
  'a pipe': path => {
    rmSync(path);
    execFileSync('mkfifo', [path]);
  },
  'a folder': path => {
    rmSync(path);
    mkdirSync(path);
  },
  'a sparse file': path => {
    rmSync(path);
    writeFileSync(path, '');
    truncateSync(path, 2 ** 40);
  },
  'more than was written': path => appendFileSync(path, 'more\n'),
};

test('an entry that was rewritten sends by no transport and runs no command of its own', async t => {
  const { server, inbox } = await scene(t);
  inbox.play({ at: 'RCPT', reply: '451 4.7.1 later' });
  await once(server);
  const [name = ''] = readdirSync(server.layout.queue);
  const path = join(server.layout.queue, name, 'entry.json');
  const trace = join(server.folder, 'trace');
  const { crc32: _, ...entry } = JSON.parse(readFileSync(path, 'utf8'));
  const overrides = [
    { key: 'refpost.transport', value: `sendmail:/usr/bin/touch` },
    { key: 'refpost.smtpUser', value: 'eve' },
    { key: 'refpost.smtpPasswordCommand', value: `touch ${trace}; echo x` },
    { key: 'refpost.templates', value: server.folder },
  ];
  writeFileSync(path, JSON.stringify({ ...entry, push: { ...entry.push, overrides } }));
  inbox.play();
  await runHere(['outbox', 'retry', '--all'], server.bare, server.env);
  assert.equal((await once(server)).code, 0);
  assert.equal(inbox.received.length, 2);
  assert.ok(!existsSync(trace));
});

for (const file of ['entry.json', 'journal', 'mails']) {
  test(`whatever is put in the place of ${file}, that entry alone is concerned`, async t => {
    const stage = await scene(t);
    const { server, inbox, precious } = stage;
    inbox.play({ at: 'RCPT', reply: '451 4.7.1 later' });
    await once(server);
    for (const _ of Object.keys(FILES)) {
      await recorded(server, 'More');
      await once(server);
    }
    const entries = readdirSync(server.layout.queue).toSorted();
    for (const [at, spoil] of Object.values(FILES).entries())
      spoil(join(server.layout.queue, entries[at] ?? '', file), stage);
    inbox.play();
    await runHere(['outbox', 'retry', '--all'], server.bare, server.env);
    const worked = await once(server);
    assert.ok(!/bug in refpost/.test(worked.stderr), worked.stderr);
    const last = entries.at(-1) ?? '';
    assert.ok(
      existsSync(join(server.layout.done, last)),
      `the entry beside them is mailed: ${worked.stderr}`,
    );
    assert.equal(readFileSync(precious, 'utf8'), 'precious\n');
    assert.equal((await runHere(['outbox', 'list', '--all'], server.bare, server.env)).code, 0);
  });
}
