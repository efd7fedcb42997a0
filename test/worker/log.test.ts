import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorkplace } from '../../src/repository/workplace.ts';
import { openLog } from '../../src/worker/log.ts';
import { waitUntil } from '../fixtures/processes.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { HOME, testWorld } from '../fixtures/world.ts';

const HOSTILE = 'x"\n2026-01-01T00:00:00.000Z sent\u001b[31m\u009b\u2028\u202e';

test('a line is words for people, and nothing in a value ends it, forges another or drives a terminal', t => {
  const world = testWorld();
  const log = openLog(world, join(temporaryFolder(t), 'log'), 'text');
  log('sent', { push: 'p-1', mail: '1/4', entry: 7, until: undefined, reply: HOSTILE });
  assert.equal(
    world.err(),
    '2024-06-01T12:00:00.000Z sent push=p-1 mail=1/4 entry=7 reply=' +
      '"x\\"\\n2026-01-01T00:00:00.000Z sent\\u001b[31m\\u009b\\u2028\\u202e"\n',
  );
});

test('as JSON, a line is one object with the same fields, and its numbers are numbers', t => {
  const world = testWorld();
  const file = join(temporaryFolder(t), 'log');
  openLog(world, file, 'json')('sent', { push: 'p-1', entry: 7, until: undefined, reply: HOSTILE });
  const line = readFileSync(file, 'utf8');
  assert.match(line, /^[\x20-\x7e]+\n$/);
  assert.deepEqual(JSON.parse(line), {
    time: '2024-06-01T12:00:00.000Z',
    event: 'sent',
    push: 'p-1',
    entry: 7,
    reply: HOSTILE,
  });
});

test('a log file that is moved away between two lines loses none of them', t => {
  const file = join(temporaryFolder(t), 'log');
  const log = openLog(testWorld(), file, 'text');
  log('one', {});
  renameSync(file, `${file}.1`);
  log('two', {});
  log.close();
  assert.match(readFileSync(`${file}.1`, 'utf8'), /^\S+ one\n$/);
  assert.match(readFileSync(file, 'utf8'), /^\S+ two\n$/);
});

test('lines that come at once after another are written together, in their order, and soon', async t => {
  const world = testWorld();
  const file = join(temporaryFolder(t), 'log');
  const log = openLog(world, file, 'text');
  for (const event of ['one', 'two', 'three']) log(event, {});
  assert.match(world.err(), /^\S+ one\n$/);
  await waitUntil('the others are written', () => world.err().includes('three'));
  assert.match(readFileSync(file, 'utf8'), /^\S+ one\n\S+ two\n\S+ three\n$/);
  log('four', {});
  log.close();
  assert.match(world.err(), / four\n$/);
});

const LOGROTATE = ['logrotate', '/usr/sbin/logrotate'].find(
  path => spawnSync(path, ['--version']).status === 0,
);

test("logrotate takes the guide's example, and no line is lost", {
  skip: !LOGROTATE && 'no logrotate here',
}, t => {
  const folder = temporaryFolder(t);
  const example = readFileSync(join(HOME, 'docs', 'logrotate.conf'), 'utf8');
  const owner = (option: string) => spawnSync('id', [option], { encoding: 'utf8' }).stdout.trim();
  const conf = example
    .replaceAll(/^\/.*\{$/gm, `${folder}/refpost.log {`)
    .replace('su git git', `su ${owner('-un')} ${owner('-gn')}`);
  writeFileSync(join(folder, 'conf'), conf, { mode: 0o644 });
  const log = openLog(testWorld(), join(folder, 'refpost.log'), 'text');
  log('one', {});
  const words = ['--force', '--state', join(folder, 'state'), join(folder, 'conf')];
  const { status, stderr } = spawnSync(LOGROTATE ?? '', words, { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  log('two', {});
  log.close();
  const lines = readdirSync(folder)
    .filter(name => name.startsWith('refpost.log'))
    .map(name => readFileSync(join(folder, name), 'utf8').trim().split(' ')[1]);
  assert.deepEqual(lines.toSorted(), ['one', 'two']);
});

test('a log file that cannot be written costs the file, not the line', t => {
  const world = testWorld();
  openLog(world, temporaryFolder(t), 'text')('one', {});
  assert.match(world.err(), /^\S+ one\n$/);
});

test('a format that is none is told with the other wrong settings', async t => {
  const { folder } = new TestRepository(join(temporaryFolder(t), 'r'));
  const overrides = [{ key: 'refpost.logFormat', value: 'xml' }];
  await assert.rejects(openWorkplace(testWorld(), folder, overrides), /logFormat.*is none of text, json/);
});
