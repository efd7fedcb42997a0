import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { spoolRights } from '../../src/disk/create-spool.ts';
import { OperatorError } from '../../src/errors.ts';
import { openRepository } from '../../src/git/open-repository.ts';
import { listSettings, openWorkplace, settingsOf } from '../../src/repository/workplace.ts';
import { gitEnvironment } from '../fixtures/repository.ts';
import { testWorld } from '../fixtures/world.ts';
import { Hooked, LINE } from './hooked.ts';

interface Comes {
  /** Relative to the test's folder, which is the home directory; absent where nobody may guess. */
  readonly spool?: string;
  readonly group?: true;
  readonly service?: true;
  /** The worker says what is wrong with the settings; the hook records the push and starts it. */
  readonly faulty?: true;
}

const SPOOL = 'project.git/refpost';

/** What stands in a config file, and what it comes to for the hook in sh, the hook in TypeScript and the worker alike. */
const table: readonly (readonly [config: string, comes: Comes])[] = [
  ['', { spool: SPOOL }],
  ['[refpost]\n spool = HERE/x', { spool: 'x' }],
  ['[refpost]\n spool = HERE/x/ ; a comment', { spool: 'x' }],
  ['[refpost]\n spool = "  HERE/x \t"', { spool: 'x' }],
  ['[refpost]\n spool = "HERE/\\nx"', {}],
  ['[refpost]\n spool = "HERE/x\\n\\n"', { spool: 'x' }],
  ['[refpost]\n spool = "HERE/a\tb"', {}],
  ['[refpost]\n spool = "HERE/\\nx"\n spool = HERE/y', { spool: 'y' }],
  ['[refpost]\n spool = "HERE/a  b \'c\' ä\u00a0"', { spool: "a  b 'c' ä\u00a0" }],
  ['[refpost]\n spool = ~/x', { spool: 'x' }],
  ['[refpost]\n spool = ~', { spool: '.' }],
  ['[refpost]\n spool = ~root/x', {}],
  ['[refpost]\n spool = x', {}],
  ['[refpost]\n spool', {}],
  ['[refpost]\n spool = HERE/x\n spool =', { spool: SPOOL }],
  ['[refpost]\n spool = HERE/x\n spool = "  "', { spool: SPOOL }],
  ['[RefPost]\n SPOOL = HERE/x\n[refpost "x"]\n spool = HERE/y', { spool: 'x', faulty: true }],
  ['[include]\n path = ../more', { spool: 'x' }],
  ['[refpost]\n spool = %(prefix)/x', {}],
  ['[refpost]\n spool = HERE/y/../x', { spool: 'x' }],
  ['[refpost]\n worker = Service', { spool: SPOOL, service: true }],
  ['[refpost]\n worker = " SERVICE "', { spool: SPOOL, service: true }],
  ['[refpost]\n worker = services', { spool: SPOOL, faulty: true }],
  ['[refpost]\n worker', { spool: SPOOL, faulty: true }],
  ['[refpost]\n worker = service\n worker =', { spool: SPOOL }],
  ['[refpost]\n worker = "service\\nrefpost"', { spool: SPOOL, faulty: true }],
  ['[core]\n sharedRepository', { spool: SPOOL, group: true }],
  ['[core]\n sharedRepository =', { spool: SPOOL }],
  ['[core]\n sharedRepository = True', { spool: SPOOL, group: true }],
  ['[core]\n sharedRepository = group\n sharedRepository = umask', { spool: SPOOL }],
  ['[core]\n sharedRepository = everybody', { spool: SPOOL, group: true }],
  ['[core]\n sharedRepository = 0660', { spool: SPOOL, group: true }],
  ['[core]\n sharedRepository = 664', { spool: SPOOL, group: true }],
  ['[core]\n sharedRepository = 0640', { spool: SPOOL }],
  ['[core]\n sharedRepository = off', { spool: SPOOL }],
];

for (const [config, comes] of table) {
  test(`hook, "refpost hook" and worker agree on ${JSON.stringify(config)}`, async t => {
    const hooked = new Hooked(t);
    const { folder, bare } = hooked;
    hooked.worker('touch "$out"');
    appendFileSync(join(folder, 'more'), `[refpost]\n\tspool = ${folder}/x\n`);
    appendFileSync(join(bare, 'config'), `\n${config.replaceAll('HERE', folder)}\n`);
    const env = { HOME: folder };
    const spool = comes.spool === undefined ? undefined : join(folder, comes.spool);

    const ran = hooked.runWhole(['sh'], LINE, env);
    if (spool === undefined) assert.match(ran.stderr, /^refpost: this push is not recorded.*refpost\.spool/);
    else {
      assert.equal(ran.stderr, '');
      assert.equal(readdirSync(join(spool, 'drop/new')).length, 1);
      // Only a spool that the hook has made has the rights that it gives.
      if (spool !== folder) assert.equal((statSync(spool).mode & 0o020) !== 0, comes.group ?? false);
      assert.equal(hooked.worked, !comes.service);
    }

    const world = testWorld({ env: gitEnvironment(env) });
    const git = await openRepository(bare, world.env);
    const ofHook = async () => settingsOf(await listSettings(git), git.gitDir, folder);
    const ofWorker = () => openWorkplace(world, bare, []);
    if (spool === undefined) {
      await assert.rejects(ofHook, OperatorError);
      await assert.rejects(ofWorker, OperatorError);
      assert.ok(!existsSync(join(bare, 'refpost')));
      return;
    }
    const settings = await ofHook();
    assert.deepEqual(
      [settings.spool, settings.config.worker === 'service'],
      [spool.replace(/\/\.$/, ''), comes.service ?? false],
    );
    assert.equal((spoolRights(settings.shared).folder & 0o020) !== 0, comes.group ?? false);
    if (comes.faulty) return assert.rejects(ofWorker, OperatorError);
    const workplace = await ofWorker();
    assert.deepEqual(
      [workplace.spool, workplace.config.worker === 'service', workplace.shared],
      [settings.spool, settings.config.worker === 'service', settings.shared],
    );
  });
}
