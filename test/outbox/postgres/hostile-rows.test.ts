import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sha256 } from '../../../src/outbox/sealed-json.ts';
import { configLines, gitEnvironment, temporaryFolder } from '../../fixtures/repository.ts';
import { runHere } from '../../fixtures/run-here.ts';
import { startInbox } from '../../fixtures/smtp-inbox.ts';
import { addPush, NOON } from '../spool-fixture.ts';
import { skipped, testFleet } from './fleet-fixture.ts';

/* A sender reads what a server of the fleet has written that means harm, and others' mails go out all the same. */

const mail = {
  number: 1,
  messageId: '<evil@x>',
  subject: 's',
  envelope: { from: 'git@example.org', to: ['evil@example.org'] },
  offset: 0,
  length: 4,
  sha256: sha256('From'),
};
const push = {
  kind: 'push',
  id: 'p',
  repository: '/srv/evil.git',
  time: NOON,
  updates: [],
  overrides: [],
};
const entry = { push, queuedAt: NOON, mails: [mail] };
const to = (...recipients: unknown[]) => ({
  ...entry,
  mails: [{ ...mail, envelope: { from: 'git@example.org', to: recipients } }],
});
const TRACE = join(tmpdir(), `refpost-trace-${process.pid}`);
const EVIL = [
  { key: 'refpost.transport', value: `sendmail:/usr/bin/touch ${TRACE}` },
  { key: 'refpost.smtpUser', value: 'eve' },
  { key: 'refpost.smtpPasswordCommand', value: `touch ${TRACE}; echo x` },
];
const line = (event: object) => `${JSON.stringify(event)}\n`;

/** Documents, and journals, of entries that no refpost writes. */
const ROWS: readonly (readonly [document: string, lines?: string])[] = [
  ['not JSON'],
  ['[]'],
  ['null'],
  ['{}'],
  [`${'['.repeat(200_000)}`],
  [JSON.stringify({ ...entry, mails: [] })],
  [JSON.stringify({ ...entry, mails: [null] })],
  [JSON.stringify({ ...entry, queuedAt: 1e308 })],
  [JSON.stringify({ ...entry, queuedAt: -1e308 })],
  [JSON.stringify({ ...entry, audience: '__proto__' })],
  [JSON.stringify({ ...entry, push: { ...push, kind: 'nothing', updates: [null, 7, { ref: 5 }] } })],
  [JSON.stringify({ ...entry, push: { ...push, repository: '../../etc' } })],
  [JSON.stringify({ ...entry, push: { ...push, repository: 'x'.repeat(100_000) } })],
  [JSON.stringify({ ...entry, push: { ...push, repository: '\0' } })],
  [JSON.stringify({ ...entry, push: { id: 'p', repository: '/srv/evil.git', updates: [] } })],
  [JSON.stringify({ ...entry, push: { ...push, overrides: 'none' } })],
  [JSON.stringify({ ...entry, push: { ...push, overrides: EVIL } })],
  [
    JSON.stringify({
      ...entry,
      push: { ...push, overrides: [null, { key: 'refpost.transport', value: 'sendmail:/bin/touch' }] },
    }),
  ],
  [JSON.stringify({ ...entry, push: { ...push, overrides: [{ key: 'refpost.from', value: 'nonsense' }] } })],
  [JSON.stringify({ ...entry, ledger: { refs: null } })],
  [JSON.stringify({ ...entry, mails: [{ ...mail, length: 2 ** 52, offset: 2 ** 52 }] })],
  [JSON.stringify(to())],
  [JSON.stringify(to('a@x>\r\nRSET'))],
  [JSON.stringify(to('a@x\r\nRSET'))],
  [JSON.stringify(to('<a@x>'))],
  [JSON.stringify(to(' a@x '))],
  [JSON.stringify(to(''))],
  [JSON.stringify(to('-oQ/tmp'))],
  [JSON.stringify(to('nobody'))],
  [JSON.stringify(to('ä@ö'))],
  [JSON.stringify(to('x'.repeat(10_000)))],
  [
    JSON.stringify({
      ...entry,
      mails: [{ ...mail, envelope: { from: 'a\r\nRSET', to: ['a@example.org'] } }],
    }),
  ],
  [JSON.stringify({ ...entry, mails: [{ ...mail, envelope: { from: '', to: ['a@example.org'] } }] })],
  [JSON.stringify(entry), 'nothing\n'],
  [JSON.stringify(entry), line({ at: NOON, event: 'sent', mail: 99 })],
  [JSON.stringify(entry), line({ at: 1e308, event: 'deferred', mail: 1, until: 1e308 })],
  [JSON.stringify(entry), line({ at: NOON, event: 'deferred', mail: 1, recipient: '__proto__', until: -1 })],
  [JSON.stringify(entry), line({ at: NOON, event: 'held', mail: 1 })],
  [JSON.stringify(entry), line({ at: NOON, event: 'unreached', mail: 1, reply: '\u001b[31m\r\nX: y' })],
];

test(
  "whatever a server has written into its own rows, a sender goes on with others' mails",
  skipped,
  async t => {
    const { postgres, name, connect, worker } = await testFleet(t);
    const inbox = await startInbox(t);
    const database = connect();
    const good = await worker({ server: 'good' });
    await addPush(good, 'first', ['1', '2']);
    for (const [at, [document, lines]] of ROWS.entries()) {
      const lane = `evil:/srv/evil${at}.git`;
      await database.query('insert into refpost.lane (key, name, server) values ($1, $1, $2)', [
        lane,
        'evil',
      ]);
      const [row] = await database.query<{ number: number }>(
        `insert into refpost.entry (server, push, lane, name, noted_at, draft, events) values ('evil', 'p', $1, $1, 0, gen_random_uuid(), $2)
       returning number::float8 as number`,
        [lane, lines === undefined ? 0 : 1],
      );
      const number = row?.number;
      await database.query(`insert into refpost.document (server, entry, document) values ('evil', $1, $2)`, [
        number,
        document,
      ]);
      await database.query(
        `insert into refpost.mail (server, draft, number, bytes) select server, draft, 1, 'From' from refpost.entry where number = $1`,
        [number],
      );
      if (lines !== undefined)
        await database.query(
          `insert into refpost.journal (server, entry, seq, lines) values ('evil', $1, 1, $2)`,
          [number, lines],
        );
    }
    // As long as the database lets it be, and more of it than a page holds; no document at all; a mail that is longer than it says.
    await database.query(
      `insert into refpost.entry (server, push, lane, name, noted_at, draft) select 'evil', 'p', 'evil:/srv/evil0.git', 'evil:/srv/evil0.git', 0, gen_random_uuid()
     from generate_series(1, 3)`,
    );
    await database.query(
      `insert into refpost.document (server, entry, document) select server, number, repeat(' ', 33554432) from refpost.entry e
     where server = 'evil' and not exists (select from refpost.document d where d.server = 'evil' and d.entry = e.number) limit 2`,
    );
    // Numbers that grow no more, a row of the journal where the next one is to go, rows that stay locked.
    for (const id of ['epoch', 'events', 'journal', 'locked', 'stuck'])
      await addPush(await worker({ server: 'evil', nameOf: async () => `evil:/srv/${id}.git` }), id, ['one']);
    await database.query(
      `update refpost.lane set epoch = 9223372036854775807, holder = 5 where name = 'evil:/srv/epoch.git'`,
    );
    await database.query(`update refpost.entry set events = 2147483647 where push = 'events'`);
    await database.query(
      `insert into refpost.journal (server, entry, seq, lines) select server, number, 1, '' from refpost.entry where push = 'journal'`,
    );
    const locks = await database.session();
    t.after(() => locks.end());
    await locks.query(`begin; update refpost.entry set due_at = 1, noted_at = 9223372036854775807 where push in ('locked', 'stuck');
      update refpost.lane set held = false where name = 'evil:/srv/locked.git'`);
    await addPush(good, 'last', ['3']);

    const folder = temporaryFolder(t);
    const config = join(folder, 'config');
    writeFileSync(
      config,
      configLines({
        'refpost.outbox': postgres.url(name),
        'refpost.transport': `smtp://127.0.0.1:${inbox.port}`,
        'refpost.spool': join(folder, 'spool'),
      }),
    );
    const env = gitEnvironment({ HOME: folder, GIT_CONFIG_GLOBAL: config });
    const sent = await runHere(['work', '--sender', '--once'], folder, env);
    assert.doesNotMatch(sent.stderr, /bug in refpost/);
    const subjects = inbox.received
      .filter(({ to }) => to.includes('ada@example.org'))
      .map(({ bytes }) => `${bytes}`.split('\r\n')[0])
      .filter(subject => subject !== 'Subject: one');
    assert.deepEqual(subjects, ['Subject: 1', 'Subject: 2', 'Subject: 3']);
    assert.ok(!existsSync(TRACE));
  },
);
