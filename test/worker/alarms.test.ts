import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { decodeMail } from '../../src/delivery/decode.ts';
import { formatRecord } from '../../src/drop/record.ts';
import type { OutboxEntry } from '../../src/model/outbox-entry.ts';
import { assertGolden } from '../fixtures/golden.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { startInbox } from '../fixtures/smtp-inbox.ts';
import type { ReceivedMail } from '../fixtures/smtp-received.ts';
import type { ScriptedServer } from '../fixtures/smtp-script.ts';
import {
  audienceMail,
  claimOf,
  DAY,
  MINUTE,
  NOON,
  reopen,
  stream,
  testMail,
  testPush,
} from '../outbox/spool-fixture.ts';
import { type StatusSite, statusSite } from '../status/status-site.ts';

const HOUR = 60 * MINUTE;
const NEVER = '550 5.1.1 no such user';

interface AlarmSite extends StatusSite {
  readonly server: ScriptedServer;
  /** Queues a push of this repository. */
  add(id: string, texts: readonly string[], now?: number): Promise<OutboxEntry>;
  /** `refpost work --once` at a moment; returns the subjects that arrived meanwhile. */
  work(now?: number): Promise<readonly string[]>;
  place(name: 'queue' | 'done' | 'failed'): readonly string[];
}

async function alarmSite(t: TestContext): Promise<AlarmSite> {
  const site = await statusSite(t);
  const server = await startInbox(t);
  site.repository.git('config', 'refpost.transport', `smtp://127.0.0.1:${server.port}`);
  site.repository.git('config', 'refpost.administrator', 'root@example.org');
  // What is tried again starts no other worker, at another time than ours.
  site.repository.git('config', 'refpost.worker', 'service');
  return {
    ...site,
    server,
    add: async (id, texts, now = NOON) => {
      const push = { ...testPush(id), kind: 'notify' as const, repository: site.repository.folder };
      const update = { ref: 'refs/heads/main', old: '1'.repeat(40), new: '2'.repeat(40) };
      const mails = stream(...texts.map(text => testMail(text)));
      const [entry] = await (await reopen(site)).add({ ...push, updates: [update] }, mails, { now });
      return entry as OutboxEntry;
    },
    work: async (now = NOON) => {
      const before = server.received.length;
      await site.refpost(['work', '--once'], now);
      return server.received.slice(before).map(subjectOf);
    },
    place: name => readdirSync(join(site.root, name)).filter(entry => !entry.startsWith('.')),
  };
}

function decoded(mail: ReceivedMail | undefined) {
  return decodeMail(Buffer.from(mail?.bytes.toString().replaceAll('\r\n', '\n') ?? ''));
}

function subjectOf(mail: ReceivedMail): string {
  return decoded(mail).headers.find(([name]) => name === 'Subject')?.[1] ?? '';
}

function asText(mail: ReceivedMail | undefined): string {
  const { headers, text } = decoded(mail);
  return `${headers.map(([name, value]) => `${name}: ${value}\n`).join('')}\n${text}`;
}

test('when mails of a push are given up, the administrator gets one mail that tells of all of them', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one', 'two\u001b[2J', 'three']);
  site.server.play({ at: 'RCPT', nth: 1, reply: NEVER }, { at: 'DOT', nth: 1, reply: '554 5.6.0 no\u0007' });
  assert.deepEqual(await site.work(), ['three', 'refpost: mails about r were given up']);
  assert.deepEqual(site.server.received.at(-1)?.to, ['root@example.org']);
  assertGolden('administrator-given-up.txt', asText(site.server.received.at(-1)));
  assert.deepEqual(await site.work(NOON + DAY), []);
  assert.equal(site.place('failed').length, 1);
});

test('of a push whose mails are given up for two audiences, each is told, with the name of the audience', async t => {
  const site = await alarmSite(t);
  const push = { ...testPush('push-1'), kind: 'notify' as const, repository: site.repository.folder };
  await (await reopen(site)).add(push, stream(testMail('one'), audienceMail('docs', 'one')), { now: NOON });
  site.server.play({ at: 'RCPT', nth: 1, reply: NEVER }, { at: 'RCPT', nth: 2, reply: NEVER });
  assert.deepEqual(await site.work(), Array(2).fill('refpost: mails about r were given up'));
  const [plain, docs] = site.server.received.map(asText);
  assert.doesNotMatch(plain ?? '', /Audience/);
  assert.match(docs ?? '', /^Push: 2 \(push-1\)\nAudience: docs\n/m);
});

test('the administrator is told of the transport of an audience that cannot be used, by that of the default one', async t => {
  const site = await alarmSite(t);
  site.repository.git('config', 'refpost.docs.to', 'docs@example.org');
  site.repository.git('config', 'refpost.docs.transport', 'sendmail:/nonexistent/sendmail');
  const push = { ...testPush('push-1'), kind: 'notify' as const, repository: site.repository.folder };
  await (await reopen(site)).add(push, stream(testMail('one'), audienceMail('docs', 'one')), { now: NOON });
  assert.deepEqual(await site.work(), ['one', 'refpost: mails about r are held']);
  assert.match(asText(site.server.received.at(-1)), /nonexistent/);
});

test('a worker that died before it had put the push aside makes the mail no second time', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one']);
  site.server.play({ at: 'RCPT', nth: 1, reply: NEVER });
  await site.work();
  const [entry = ''] = site.place('failed');
  renameSync(join(site.root, 'failed', entry), join(site.root, 'queue', entry));
  assert.deepEqual(await site.work(), []);
  assert.deepEqual(site.place('failed'), [entry]);
});

test('what a person has tried again and is given up again is told again', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one']);
  site.server.play({ at: 'RCPT', nth: 1, reply: NEVER }, { at: 'RCPT', nth: 3, reply: NEVER });
  assert.equal((await site.work()).length, 1);
  await site.refpost(['outbox', 'retry', '1'], NOON + HOUR);
  assert.equal((await site.work(NOON + HOUR)).length, 1);
});

test('an alarm that is given up itself raises none', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one']);
  site.server.play({ at: 'RCPT', reply: NEVER });
  await site.work();
  await site.work(NOON + DAY);
  assert.equal(site.place('failed').length, 2);
  assert.deepEqual([...site.place('queue'), ...site.place('done')], []);
});

test('an alarm that waits itself is seen by status, and raises none', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one']);
  site.server.play({ at: 'RCPT', nth: 1, reply: NEVER }, { at: 'RCPT', reply: '450 not now' });
  await site.work();
  await site.refpost(['outbox', 'drop', '1']);
  await site.work(NOON + 5 * HOUR);
  assert.equal((await site.refpost(['status'], NOON + 5 * HOUR)).code, 75);
  assert.equal(site.place('queue').length, 1);
});

test('while a server is away, one mail about it waits with the others, and comes after them', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one', 'two']);
  await site.server.stop();
  await site.work(NOON + 4 * HOUR);
  assert.equal(site.place('queue').length, 1, 'four hours are the limit');
  await site.work(NOON + 5 * HOUR);
  assert.equal(site.place('queue').length, 2);
  for (const days of [1, 2, 3]) await site.work(NOON + days * DAY);
  assert.equal(site.place('queue').length, 2, 'another one would tell nothing new');
  await site.server.start();
  assert.deepEqual(await site.work(NOON + 3 * DAY), [
    'one',
    'two',
    'refpost: pushes wait on git.example.org',
  ]);
  assertGolden(
    'administrator-waiting.txt',
    asText(site.server.received.at(-1)).replaceAll(String(site.server.port), 'PORT'),
  );
  assert.deepEqual(await site.work(NOON + 4 * DAY), []);
});

test('after a week without a server, the mails that were given up are told of, and a retry brings all of them', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one', 'two']);
  await site.server.stop();
  for (let hours = 1; hours <= 7 * 24; hours += 6) await site.work(NOON + hours * HOUR);
  assert.equal(site.place('failed').length, 2, 'the push, and the mail that it waited');
  await site.server.start();
  assert.deepEqual(await site.work(NOON + 7 * DAY), ['refpost: mails about r were given up']);
  assert.equal((await site.refpost(['status'], NOON + 7 * DAY)).code, 69);
  await site.refpost(['outbox', 'retry', '--all'], NOON + 7 * DAY);
  assert.deepEqual(await site.work(NOON + 7 * DAY), [
    'one',
    'two',
    'refpost: pushes wait on git.example.org',
  ]);
  assert.equal((await site.refpost(['status'], NOON + 7 * DAY)).code, 0);
});

test('while mails are put off, the administrator is told once a day, however many workers start', async t => {
  const site = await alarmSite(t);
  const push = await site.add('push-1', ['one']);
  await (await reopen(site)).record(claimOf(push), [
    { at: NOON, event: 'deferred', mail: 1, until: NOON + 30 * DAY, reply: '450 not now' },
  ]);
  for (let hours = 5; hours < 5 + 48; hours += 3) await site.work(NOON + hours * HOUR);
  assert.equal(site.server.received.length, 3, 'on three dates');
});

test('an entry that is damaged is told of, though its repository is not known', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one']);
  writeFileSync(join(site.root, 'queue', '00000001-push-1', 'entry.json'), '{');
  assert.deepEqual(await site.work(), ['refpost: push 1 on git.example.org is damaged']);
  assert.match(asText(site.server.received[0]), /entry\.json is damaged\.\nIts folder was moved to failed\//);
});

test('without an administrator nobody is told', async t => {
  const site = await alarmSite(t);
  site.repository.git('config', '--unset', 'refpost.administrator');
  await site.add('push-1', ['one']);
  site.server.play({ at: 'RCPT', reply: NEVER });
  assert.deepEqual(await site.work(NOON + DAY), []);
  assert.equal(site.place('failed').length, 1);
});

test('a template that is wrong keeps nobody from being told: the built-in one takes its place', async t => {
  const site = await alarmSite(t);
  site.repository.git('config', 'refpost.templates', site.repository.folder);
  writeFileSync(join(site.repository.folder, 'administrator.hbs'), '{{nonsense}}');
  await site.add('push-1', ['one']);
  site.server.play({ at: 'RCPT', nth: 1, reply: NEVER });
  assert.deepEqual(await site.work(), ['refpost: mails about r were given up']);
  assert.match(asText(site.server.received[0]), /These mails were given up/);
});

/** A recorded push of one commit. */
function record(site: AlarmSite, id: string): void {
  const clone = new TestRepository(`${site.repository.folder}-${id}`);
  const commit = clone.commit({ message: id });
  clone.git('push', '-q', site.repository.folder, `HEAD:refs/heads/${id}`);
  const update = { ref: `refs/heads/${id}`, old: '0'.repeat(40), new: commit };
  const push = {
    ...testPush(id),
    kind: 'push' as const,
    repository: site.repository.folder,
    updates: [update],
  };
  writeFileSync(join(site.root, 'drop', 'new', id), formatRecord(push));
}

const [FIRST, SECOND, THIRD] = [
  '20261122T112500-00000001',
  '20261122T112600-00000002',
  '20261122T112700-00000003',
];
const HELD: Readonly<Record<string, readonly [key: string, wrong: string, words: RegExp]>> = {
  'settings are wrong': [
    'refpost.maxMails',
    'many',
    /a setting is wrong: refpost\.maxMails = "many".*What to do: correct/s,
  ],
  'a template is wrong': [
    'refpost.templates',
    'TEMPLATES',
    /commit\.hbs cannot be used.*What to do: templates\/README/s,
  ],
  'nobody gets mail': ['refpost.to', '', /refpost\.to is not set\n.*What to do: git -C/s],
};
for (const [title, [key, wrong, words]] of Object.entries(HELD)) {
  test(`where ${title}, the administrator is told at once, once, with the remedy; and again when it comes back`, async t => {
    const site = await alarmSite(t);
    site.repository.git('config', 'refpost.to', 'list@example.org');
    const folder = join(site.repository.folder, 'templates');
    mkdirSync(folder);
    writeFileSync(join(folder, 'commit.hbs'), '{{#if x}}');
    const set = (on: boolean) => {
      if (on) site.repository.git('config', '--replace-all', key, wrong === 'TEMPLATES' ? folder : wrong);
      else if (key === 'refpost.to') site.repository.git('config', key, 'list@example.org');
      else site.repository.git('config', '--unset', key);
    };
    set(true);
    record(site, FIRST);
    assert.deepEqual(await site.work(), ['refpost: mails about r are held']);
    assert.deepEqual(site.server.received[0]?.to, ['root@example.org']);
    assert.match(asText(site.server.received[0]), words);
    record(site, SECOND);
    assert.deepEqual(await site.work(NOON + MINUTE), []);
    const { code, world } = await site.refpost(['status'], NOON + MINUTE);
    assert.equal(code, 69);
    assert.match(world.out().toString(), /^trouble: {4}2 pushes are held: /m);
    set(false);
    assert.equal((await site.work(NOON + 2 * MINUTE)).length, 2);
    assert.equal((await site.refpost(['status'], NOON + 2 * MINUTE)).code, 0);
    set(true);
    record(site, THIRD);
    assert.deepEqual(await site.work(NOON + 3 * MINUTE), ['refpost: mails about r are held']);
  });
}

test('settings of what mails say do not hold what is queued, those of the transport do, and status tells', async t => {
  const site = await alarmSite(t);
  await site.add('push-1', ['one']);
  site.repository.git('config', 'refpost.maxMails', 'many');
  assert.deepEqual(await site.work(), ['one']);
  await site.add('push-2', ['two']);
  site.repository.git('config', 'refpost.tls', 'sometimes');
  assert.deepEqual(await site.work(), []);
  const { code, world } = await site.refpost(['status']);
  assert.equal(code, 69);
  assert.match(world.out().toString(), /^trouble: {4}1 push is held: 2 settings are wrong:/m);
});

test('a transport that waiting does not help is told by another repository of the outbox, which has another one', async t => {
  const site = await alarmSite(t);
  const other = new TestRepository(`${site.repository.folder}-other`, '--bare');
  other.git('config', 'refpost.transport', 'sendmail:/nonexistent/sendmail');
  const push = { ...testPush('push-1'), kind: 'notify' as const, repository: other.folder };
  await (await reopen(site)).add(push, stream(testMail('one')), { now: NOON });
  assert.deepEqual(await site.work(), ['refpost: mails about r are held']);
  assert.match(asText(site.server.received[0]), /\/nonexistent\/sendmail/);
  assert.deepEqual(await site.work(NOON + HOUR), []);
});

test('where the own transport is what fails, no mail is made about it, and status tells', async t => {
  const site = await alarmSite(t);
  site.repository.git('config', 'refpost.transport', 'sendmail:/nonexistent/sendmail');
  await site.add('push-1', ['one']);
  await site.work();
  assert.equal(site.place('queue').length, 1);
  const { code, world } = await site.refpost(['status']);
  assert.equal(code, 69);
  assert.match(world.out().toString(), /^trouble: .*\/nonexistent\/sendmail.*\n {12}check the program/m);
});

test('an alarm is signed where mails are, and goes out without where the key cannot be used: that may be what it is about', async t => {
  const site = await alarmSite(t);
  const path = join(temporaryFolder(t), 'dkim.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  for (const [key, value] of [
    ['dkimDomain', 'example.org'],
    ['dkimSelector', 'key'],
    ['dkimKeyFile', path],
  ] as const)
    site.repository.git('config', `refpost.${key}`, value);
  const isSigned = () => /^DKIM-Signature:/m.test(String(site.server.received.at(-1)?.bytes));
  for (const [id, mode, signed] of [
    ['one', 0o600, true],
    ['two', 0o644, false],
  ] as const) {
    chmodSync(path, mode);
    await site.add(id, [`text of ${id}`]);
    site.server.play({ at: 'RCPT', nth: 1, reply: '550 5.1.1 no such user' });
    await site.work();
    await site.work();
    assert.equal(isSigned(), signed, id);
  }
});
