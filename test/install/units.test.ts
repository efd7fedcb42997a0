import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { main } from '../../src/cli/main.ts';
import { createSpool } from '../../src/disk/create-spool.ts';
import { unitsOf } from '../../src/install/unit-text.ts';
import { TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { type TestWorld, testWorld } from '../fixtures/world.ts';

const PLAN = {
  name: 'refpost-project',
  outbox: '/srv/git/project.git/refpost',
  local: { spool: '/srv/git/project.git/refpost', repository: '/srv/git/project.git' },
  user: 998,
  group: 997,
  command: ['/usr/bin/node', '/usr/lib/node_modules/refpost/bin/refpost.js'],
  sendmail: false,
};

interface UnitSite {
  readonly folder: string;
  readonly repository: TestRepository;
  readonly units: string;
  install(...words: readonly string[]): Promise<{ readonly code: number; readonly world: TestWorld }>;
  unit(file: string): string;
}

async function unitSite(t: TestContext, name = 'project.git'): Promise<UnitSite> {
  const folder = temporaryFolder(t);
  const repository = new TestRepository(join(folder, name), '--bare');
  await createSpool(join(repository.folder, 'refpost'), 'umask');
  repository.git('config', 'refpost.transport', 'smtp://mail.example.org');
  const units = join(folder, 'units');
  mkdirSync(units);
  return {
    folder,
    repository,
    units,
    install: async (...words) => {
      const world = testWorld({
        argv: ['install', repository.folder, '--systemd', '--units', units, ...words],
      });
      return { code: await main(world, new AbortController().signal), world };
    },
    unit: file => readFileSync(join(units, file), 'utf8'),
  };
}

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

test('a service, and a timer with its own, run the worker as the owner of the outbox', async t => {
  const site = await unitSite(t);
  if (process.geteuid?.() === 0) chownSync(join(site.repository.folder, 'refpost'), 4711, 4712);
  const { code, world } = await site.install();
  assert.equal(code, 0, world.err());
  assert.deepEqual(readdirSync(site.units).toSorted(), [
    'refpost-project-once.service',
    'refpost-project-once.timer',
    'refpost-project.service',
  ]);
  const stays = site.unit('refpost-project.service');
  const owner = process.geteuid?.() === 0 ? 4711 : process.geteuid?.();
  assert.match(stays, new RegExp(`^User=${owner}$`, 'm'));
  assert.match(
    stays,
    new RegExp(`^ExecStart=\\S+ --max\\S+ \\S+/bin/refpost.js work --repo ${site.repository.folder}$`, 'm'),
  );
  assert.match(stays, new RegExp(`^ReadWritePaths=${site.repository.folder}/refpost$`, 'm'));
  assert.match(
    site.unit('refpost-project-once.service'),
    /^ExecStart=.* work --once --repo .*\nSuccessExitStatus=75$/m,
  );
  assert.match(
    world.out().toString(),
    /^ {2}systemctl daemon-reload && systemctl enable --now refpost-project\.service$/m,
  );
});

test('systemd finds nothing to complain of', { skip: !hasAnalyze && 'no systemd-analyze here' }, async t => {
  for (const [name, transport] of [
    ['project.git', 'smtp://mail.example.org'],
    ['a "b" %n $HOME\\.git', 'smtp://mail.example.org'],
    ['project.git', 'sendmail:/usr/sbin/sendmail'],
  ] as const) {
    const site = await unitSite(t, name);
    site.repository.git('config', 'refpost.transport', transport);
    assert.equal((await site.install()).code, 0);
    const files = readdirSync(site.units).map(file => join(site.units, file));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
  }
});

test('systemd thinks the service well shut off', {
  skip: !hasAnalyze && 'no systemd-analyze here',
}, async t => {
  const site = await unitSite(t);
  await site.install();
  const words = ['security', '--offline=true', '--threshold=30', join(site.units, 'refpost-project.service')];
  const { status, stdout, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('odd names reach the worker as they are', () => {
  const odd = { ...PLAN, local: { ...PLAN.local, repository: '/srv/a "b" %n $HOME\\.git' } };
  const line = unitsOf(odd)[0]
    ?.text.split('\n')
    .find(line => line.startsWith('ExecStart='));
  assert.equal(line, `ExecStart=${PLAN.command.join(' ')} work --repo "/srv/a \\"b\\" %%n $$HOME\\\\.git"`);
});

test('a git server of a fleet has an intake, and any machine a sender, who runs as whoever has the password', async t => {
  const site = await unitSite(t);
  assert.match((await site.install('--intake')).world.err(), /there is no fleet/);
  site.repository.git('config', 'refpost.outbox', 'postgres://refpost@db.example.org/refpost');
  assert.equal((await site.install('--intake')).code, 0);
  assert.match(site.unit('refpost-project.service'), / work --intake --repo .*\n(?:.*\n)*ReadWritePaths=/);
  assert.match(site.unit('refpost-project-once.service'), / work --intake --once --repo /);
  const password = join(site.folder, 'password');
  writeFileSync(password, '');
  if (process.geteuid?.() === 0) chownSync(password, 4711, 4712);
  const settings = join(site.folder, 'settings');
  const [outbox, transport] = ['postgres://refpost@db/refpost', 'smtp://mail.example.org'];
  writeFileSync(
    settings,
    `[refpost]\noutbox = ${outbox}\ntransport = ${transport}\noutboxPasswordFile = ${password}\n`,
  );
  const sender = async (...words: readonly string[]) => {
    const argv = ['install', '--systemd', '--sender', '--units', site.units, ...words];
    const world = testWorld({ argv, cwd: '/', env: { ...process.env, GIT_CONFIG_GLOBAL: settings } });
    return { code: await main(world, new AbortController().signal), said: world.out() + world.err() };
  };
  assert.match(
    (await sender()).said,
    /^ {2}systemctl daemon-reload && systemctl enable --now refpost-sender\.service$/m,
  );
  const unit = site.unit('refpost-sender.service');
  assert.match(unit, /^# Written by .* for postgres:\/\/refpost@db:5432\/refpost /);
  assert.match(unit, /^ExecStart=.* work --sender$/m);
  assert.doesNotMatch(unit, /ReadWritePaths|--repo/);
  if (process.geteuid?.() === 0) {
    assert.match(unit, /^User=4711\nGroup=4712$/m);
    chownSync(password, 0, 0);
    assert.match((await sender()).said, /a sender is not to run as root, who owns .*password/);
    chownSync(password, 4711, 4712);
  }
  const files = readdirSync(site.units).map(file => join(site.units, file));
  if (hasAnalyze)
    assert.equal(spawnSync('systemd-analyze', ['verify', '--man=no', ...files]).stderr.toString(), '');
  assert.match((await sender('--uninstall')).said, /^removed .*refpost-sender\.service\nNow/);
});

test('where a local sendmail is to be run, nothing is forbidden that it needs', () => {
  const [service] = unitsOf({ ...PLAN, sendmail: true });
  assert.match(service?.text ?? '', /^ProtectSystem=full$/m);
  assert.doesNotMatch(
    service?.text ?? '',
    /^(NoNewPrivileges|CapabilityBoundingSet|SystemCall|Restrict[A-Z]|PrivateDevices)/m,
  );
});

test('an outbox that repositories share has one set of units', async t => {
  const site = await unitSite(t);
  site.repository.git('config', 'refpost.spool', join(site.folder, 'spool'));
  await createSpool(join(site.folder, 'spool'), 'umask');
  await site.install();
  assert.ok(readdirSync(site.units).includes('refpost.service'));
});

test('to install again changes nothing, and follows what has changed', async t => {
  const site = await unitSite(t);
  await site.install();
  const before = site.unit('refpost-project.service');
  assert.equal((await site.install()).code, 0);
  assert.equal(site.unit('refpost-project.service'), before);
  site.repository.git('config', 'refpost.transport', 'sendmail:/usr/sbin/sendmail');
  assert.equal((await site.install()).code, 0);
  assert.match(site.unit('refpost-project.service'), /^ProtectSystem=full$/m);
});

test('a unit that somebody else wrote or changed stops the install before anything is written', async t => {
  const site = await unitSite(t);
  const foreign = join(site.units, 'refpost-project-once.timer');
  writeFileSync(foreign, '[Timer]\n');
  const { code, world } = await site.install();
  assert.equal(code, 73);
  assert.match(world.err(), /refpost-project-once\.timer that refpost did not write/);
  assert.deepEqual(readdirSync(site.units), ['refpost-project-once.timer']);
  rmSync(foreign);
  await site.install();
  appendFileSync(foreign, '# mine\n');
  assert.equal((await site.install()).code, 73);
});

test('uninstall takes back exactly the units that it wrote and that nobody changed', async t => {
  const site = await unitSite(t);
  writeFileSync(join(site.units, 'other.service'), '');
  await site.install();
  appendFileSync(join(site.units, 'refpost-project-once.timer'), '# mine\n');
  const { code, world } = await site.install('--uninstall');
  assert.equal(code, 0);
  assert.deepEqual(readdirSync(site.units).toSorted(), ['other.service', 'refpost-project-once.timer']);
  assert.match(world.out().toString(), /once\.timer is not as refpost wrote it, and is left/);
});

test('a unit that is enabled is not taken from under systemd', async t => {
  const site = await unitSite(t);
  await site.install();
  const wants = join(site.units, 'multi-user.target.wants');
  mkdirSync(wants);
  symlinkSync('../refpost-project.service', join(wants, 'refpost-project.service'));
  const { code, world } = await site.install('--uninstall');
  assert.equal(code, 75);
  assert.match(world.err(), /systemctl disable --now refpost-project\.service/);
  assert.equal(readdirSync(site.units).length, 4);
});

test('a folder that is not there, or an outbox that is not, is told', async t => {
  const site = await unitSite(t);
  rmSync(site.units, { recursive: true });
  assert.match((await site.install()).world.err(), /there is no folder .*units for units/);
  rmSync(join(site.repository.folder, 'refpost'), { recursive: true });
  assert.match((await site.install()).world.err(), /there is no outbox at/);
});

test('with --to the repository is installed too, and with --uninstall alone its units stay', async t => {
  const site = await unitSite(t);
  assert.equal((await site.install('--to', 'commits@example.org')).code, 0);
  assert.ok(existsSync(join(site.repository.folder, 'hooks', 'post-receive')));
  const world = testWorld({ argv: ['install', site.repository.folder, '--uninstall'] });
  assert.equal(await main(world, new AbortController().signal), 0);
  assert.equal(readdirSync(site.units).length, 3);
});
