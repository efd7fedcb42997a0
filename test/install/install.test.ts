import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { OperatorError } from '../../src/errors.ts';
import { inspectHook } from '../../src/install/hook-file.ts';
import { spoolLayout } from '../../src/model/spool-layout.ts';
import { gitEnvironment, TestRepository } from '../fixtures/repository.ts';
import { hookScript } from '../hook/hooked.ts';
import { InstallSite, snapshot } from './install-site.ts';

const root = process.geteuid?.() === 0;

const OWN = `# settings of ours
[core]
	bare = true ; a comment
[refpost]
	# who reads it
	from = Commits <commits@example.org>
	to = dev@example.org
[other "x"]
	y`;

/** Made ready together where one does not touch the other, to install less often. */
const sites: Readonly<Record<string, (site: InstallSite) => void>> = {
  'a fresh repository': () => {},
  'comments and own values in the settings, a hook, a spool elsewhere': site => {
    writeFileSync(site.config, `${OWN}\n[refpost]\n\tspool = ${site.folder}/spool\n[other "x"]\n\ty`);
    site.hook('#!/bin/sh\necho earlier\n', 0o755);
  },
  'settings after ours, a hook that may not run, a folder made ready for the spool': site => {
    appendFileSync(site.config, `[refpost]\n\tspool = ${site.folder}/spool\n[x]\n\ty = 1\n`);
    mkdirSync(join(site.folder, 'spool'), { mode: 0o750 });
    site.hook('#!/bin/sh\n', 0o644);
  },
  'settings of other rights, a hook that is a link, a file of somebody else in refpost/': site => {
    chmodSync(site.config, 0o640);
    symlinkSync('/bin/true', site.hookPath);
    mkdirSync(join(site.bare, 'refpost'));
    writeFileSync(join(site.bare, 'refpost', 'notes'), 'x');
  },
  'settings that are a link, a hook that is a link to nowhere': site => {
    cpSync(site.config, join(site.folder, 'real'));
    unlinkSync(site.config);
    symlinkSync('../real', site.config);
    symlinkSync('/nonexistent', site.hookPath);
  },
  'no hooks folder': site => rmSync(dirname(site.hookPath), { recursive: true }),
  'own hooks by core.hooksPath': site => {
    site.git('config', 'core.hooksPath', 'my hooks');
    mkdirSync(join(site.bare, 'my hooks'));
    writeFileSync(join(site.bare, 'my hooks', 'post-receive'), '#!/bin/sh\n', { mode: 0o755 });
  },
};

for (const [what, prepare] of Object.entries(sites)) {
  test(`install and uninstall leave no trace: ${what}`, async t => {
    const site = new InstallSite(t);
    prepare(site);
    const before = snapshot(site.folder);
    await site.install('commits@example.org', '-dash@example.org');
    assert.notDeepEqual(snapshot(site.folder), before);
    await site.install('more@example.org');
    await site.uninstall();
    assert.deepEqual(snapshot(site.folder), before);
  });
}

test('after an install a push is recorded, and the earlier hook still runs', async t => {
  const site = new InstallSite(t);
  site.hook('#!/bin/sh\ncat >seen\n', 0o755);
  await site.install('commits@example.org');
  assert.equal(site.push().status, 0);
  assert.equal(readdirSync(site.layout.dropNew).length, 1);
  assert.match(readFileSync(join(site.bare, 'seen'), 'utf8'), /refs\/heads\/main\n$/);
});

test('install says what it did and what to do next', async t => {
  const site = new InstallSite(t);
  site.hook('#!/bin/sh\n', 0o755);
  await site.install('commits@example.org');
  assert.deepEqual(site.said, [
    'set refpost.to = commits@example.org',
    'set refpost.command = /usr/bin/true',
    `outbox: ${site.layout.root}`,
    `the hook that was there is kept as ${site.hookPath}.before-refpost, and runs after refpost's`,
    `${site.hookPath} runs ${hookScript}`,
    `From now on, mail is sent for each push. To check that it gets out: refpost doctor --repo ${site.bare}`,
    `To see what it looks like: refpost notify HEAD~1 HEAD <branch> --repo ${site.bare} --dry-run`,
  ]);
});

test('the ledger is begun before the hook is there', async t => {
  const site = new InstallSite(t);
  let hookThen: boolean | undefined;
  await site.install('commits@example.org', {
    createBaseline: async (repository, spool) => {
      hookThen = existsSync(site.hookPath);
      assert.deepEqual([repository, spool], [site.bare, site.layout.root]);
      return false;
    },
  });
  assert.equal(hookThen, false);
});

test('to install again changes nothing, and adds only addresses that are missing', async t => {
  const site = new InstallSite(t);
  await site.install('a@example.org');
  const once = snapshot(site.folder);
  await site.install('a@example.org');
  assert.deepEqual(snapshot(site.folder), once);
  await site.install('b@example.org', 'a@example.org', 'b@example.org');
  assert.equal(site.git('config', '--get-all', 'refpost.to'), 'a@example.org\nb@example.org');
});

test('addresses of wider settings count as there', async t => {
  const site = new InstallSite(t);
  const global = join(site.folder, 'gitconfig');
  writeFileSync(global, '[refpost]\n\tto = a@example.org, b@example.org\n');
  await site.install('b@example.org', { env: gitEnvironment({ GIT_CONFIG_GLOBAL: global }) });
  assert.equal(site.git('config', '--local', '--get-all', 'refpost.to'), '');
});

test('a link to an older place and a copy of the hook are refreshed', async t => {
  const site = new InstallSite(t);
  await site.install('a@example.org');
  const placed = readFileSync(site.hookPath, 'utf8');
  assert.ok(placed.includes(`script='${hookScript}'\n`));
  for (const earlier of [
    () => symlinkSync('/gone/refpost/bin/post-receive', site.hookPath),
    () => symlinkSync(hookScript, site.hookPath),
    () => cpSync(hookScript, site.hookPath),
    () => writeFileSync(site.hookPath, placed.replace(hookScript, '/gone/bin/post-receive')),
  ]) {
    unlinkSync(site.hookPath);
    earlier();
    await site.install('a@example.org');
    assert.equal(readFileSync(site.hookPath, 'utf8'), placed);
  }
  assert.ok(!existsSync(`${site.hookPath}.before-refpost`));
});

test('our own command is brought up to date, one that somebody else has set is kept', async t => {
  const site = new InstallSite(t);
  const command = (): string => site.git('config', '--get-all', 'refpost.command');
  await site.install('a@example.org', { command: ["/opt/node's/node", '/opt/refpost.js'] });
  assert.equal(command(), `'/opt/node'\\''s/node' /opt/refpost.js`);
  await site.install('a@example.org', { command: ['/usr/bin/node', '/opt/refpost.js'] });
  assert.equal(command(), '/usr/bin/node /opt/refpost.js');
  site.git('config', 'refpost.command', 'sudo -u refpost refpost');
  await site.install('a@example.org');
  assert.equal(command(), 'sudo -u refpost refpost');
});

test('a command that is gone gives way, in the file where it is or by one that counts more', async t => {
  const site = new InstallSite(t);
  const global = join(site.folder, 'gitconfig');
  const gone = '/gone/bin/node /gone/refpost.js';
  writeFileSync(global, `[refpost]\n\tcommand = ${gone}\n`);
  await site.install('a@example.org', { env: gitEnvironment({ GIT_CONFIG_GLOBAL: global }) });
  assert.equal(site.git('config', '--local', '--get-all', 'refpost.command'), '/usr/bin/true');
  site.git('config', 'refpost.command', 'env X=1 /gone/refpost.js');
  await site.install();
  assert.equal(site.git('config', '--local', '--get-all', 'refpost.command'), '/usr/bin/true');
  assert.ok(site.said.includes('refpost.command names /gone/bin/node, which is not there'));
});

test('who comes to a list is named beside those who are on it', async t => {
  const site = new InstallSite(t);
  await site.install('a@example.org');
  site.said.length = 0;
  await site.install('b@example.org');
  assert.deepEqual(site.said.slice(0, 2), [
    'added refpost.to = b@example.org',
    'mails go to: a@example.org, b@example.org',
  ]);
});

test('--from is set, takes the place of the one that was there, and is taken back', async t => {
  const site = new InstallSite(t);
  const from = () => site.git('config', '--local', '--get-all', 'refpost.from');
  site.git('config', 'refpost.from', 'old@example.org');
  await site.install('a@example.org', { from: 'Commits <new@example.org>' });
  assert.equal(from(), 'Commits <new@example.org>');
  await site.uninstall();
  assert.equal(from(), 'old@example.org');
  await assert.rejects(site.install('a@example.org', { from: 'nobody' }), /"nobody" is neither an address/);
});

test('--receiver is set, and what there is to do at the other end is said; what would contradict the settings changes nothing', async t => {
  const site = new InstallSite(t);
  const receiver = () => site.git('config', '--local', '--get-all', 'refpost.receiver');
  await assert.rejects(
    site.install('a@example.org', { receiver: 'mailman' }),
    /"mailman" is none of mailman3/,
  );
  site.git('config', 'refpost.oversize', 'attach');
  await assert.rejects(site.install('a@example.org', { receiver: 'mailman3' }), /that mailman3 takes/);
  assert.deepEqual([receiver(), site.said], ['', []]);
  site.git('config', 'refpost.oversize', 'split');
  await site.install('a@example.org', { receiver: 'Mailman3' });
  assert.equal(receiver(), 'mailman3');
  assert.match(site.said.join('\n'), /\nat mailman3:\n {2}subscribe the address of refpost\.from/);
  site.said.splice(0);
  await site.install('a@example.org', { receiver: 'none' });
  assert.equal(receiver(), 'none');
  assert.doesNotMatch(site.said.join('\n'), /^at /m);
});

test('what will be asked about one day is noted', async t => {
  const site = new InstallSite(t);
  site.git('config', 'multimailhook.mailingList', 'list@example.org');
  chmodSync(join(site.bare, 'objects'), 0o2775);
  if (root) chownSync(join(site.bare, 'objects'), 0, 54321);
  const notes = () => site.said.splice(0).filter(line => line.startsWith('note: '));
  await site.install('a@example.org', { host: 'build7' });
  const [sender, group, multimail, ...rest] = root ? notes() : ['', '', ...notes()];
  assert.deepEqual(rest, []);
  assert.match(multimail ?? '', /^note: multimailhook\.\* settings/);
  if (root)
    assert.match(
      `${sender}\n${group}`,
      /mails are from git@build7: nobody elsewhere .*\n.*core\.sharedRepository group/,
    );
  site.git('config', 'core.sharedRepository', 'group');
  site.git('config', '--remove-section', 'multimailhook');
  await site.install('a@example.org', { host: 'build7', from: '{author.name}, at work <a@example.org>' });
  assert.deepEqual(notes(), []);
  await site.install('a@example.org', { from: 'root@example.org' });
  assert.match(
    notes().join(),
    /^note: mails are from root@example\.org: filters and lists .* refpost\.from commits@/,
  );
});

test('where the package is gone a push says so in one line, and the earlier hook runs', async t => {
  const site = new InstallSite(t);
  site.hook('#!/bin/sh\ncat >seen\nexit 3\n', 0o755);
  const script = join(site.folder, "it's here", 'post-receive');
  mkdirSync(dirname(script));
  cpSync(hookScript, script);
  await site.install('a@example.org', { script });
  const hooked = () => inspectHook(site.hookPath, [], site.bare);
  assert.equal(await hooked(), 'ours');
  rmSync(script);
  assert.equal(await hooked(), 'dangling');
  const { status, stderr } = site.push();
  assert.equal(status, 0);
  assert.match(
    stderr,
    /^remote: refpost: this push is not recorded \([^\n]*it's here[^\n]* is gone[^\n]*\n$/,
  );
  assert.match(readFileSync(join(site.bare, 'seen'), 'utf8'), /refs\/heads\/main\n$/);
  await site.uninstall();
  assert.equal(readFileSync(site.hookPath, 'utf8'), '#!/bin/sh\ncat >seen\nexit 3\n');
});

for (const [how, share] of Object.entries({
  'a link': (site: InstallSite, shared: string) => {
    rmSync(dirname(site.hookPath), { recursive: true });
    symlinkSync(shared, dirname(site.hookPath));
  },
  'an absolute core.hooksPath': (site: InstallSite, shared: string) => {
    site.git('config', 'core.hooksPath', shared);
  },
  'a core.hooksPath with ~': (site: InstallSite) => {
    site.git('config', 'core.hooksPath', '~/hooks');
  },
})) {
  test(`hooks shared by ${how} are for the repository in which refpost was installed first, alone`, async t => {
    const [one, other] = [new InstallSite(t), new InstallSite(t)];
    const shared = join(one.folder, 'hooks');
    const env = gitEnvironment({ HOME: one.folder });
    for (const site of [one, other]) share(site, shared);
    mkdirSync(shared);
    await one.install('a@example.org', { env });
    await assert.rejects(other.install('b@example.org', { env }), /for another repository/);
    assert.equal(other.push(env).stderr, '');
    assert.ok(!existsSync(other.layout.root));
    assert.equal(one.push(env).stderr, '');
    assert.equal(readdirSync(one.layout.dropNew).length, 1);
    rmSync(one.layout.dropNew, { recursive: true });
    await one.uninstall(env);
    assert.deepEqual(readdirSync(shared), []);
    await other.install('b@example.org', { env });
  });
}

test('where somebody has linked the hook for all repositories, install leaves it and does the rest', async t => {
  const site = new InstallSite(t);
  const hooks = join(site.folder, 'hooks');
  mkdirSync(hooks);
  symlinkSync(hookScript, join(hooks, 'post-receive'));
  writeFileSync(join(site.folder, 'gitconfig'), `[core]\n\thooksPath = ${hooks}\n`);
  const env = gitEnvironment({ GIT_CONFIG_GLOBAL: join(site.folder, 'gitconfig') });
  await site.install('a@example.org', { env });
  assert.ok(site.said.includes(`${hooks}/post-receive is refpost's already, and is left as it is`));
  await site.uninstall(env);
  assert.equal(readlinkSync(join(hooks, 'post-receive')), hookScript);
});

test('a global core.hooksPath that came later does not stop an uninstall, and a folder for hooks that cannot be written not an install', async t => {
  const site = new InstallSite(t);
  await site.install('a@example.org');
  chmodSync(dirname(site.hookPath), 0o555);
  await site.install('b@example.org');
  chmodSync(dirname(site.hookPath), 0o755);
  writeFileSync(join(site.folder, 'gitconfig'), '[core]\n\thooksPath = /nonexistent\n');
  await site.uninstall(gitEnvironment({ GIT_CONFIG_GLOBAL: join(site.folder, 'gitconfig') }));
  assert.ok(!existsSync(site.hookPath));
});

test('settings that were changed since are kept, and only what install added is taken back', async t => {
  const site = new InstallSite(t);
  site.git('config', 'refpost.to', 'dev@example.org');
  await site.install('commits@example.org', 'gone@example.org');
  site.git('config', 'refpost.from', 'x@example.org');
  site.git('config', '--fixed-value', '--unset', 'refpost.to', 'gone@example.org');
  await site.install('late@example.org');
  await site.uninstall();
  const left = site.git('config', '--local', '--get-regexp', '^refpost');
  assert.equal(left, 'refpost.to dev@example.org\nrefpost.from x@example.org');
  const said = site.said.join('\n');
  assert.match(said, /^removed refpost\.to = commits@example\.org$/m);
  assert.match(
    said,
    /^refpost\.to = gone@example\.org was changed or removed since: there is nothing to undo$/m,
  );
});

test('a hook that somebody has put in place of ours is not touched', async t => {
  const site = new InstallSite(t);
  site.hook('#!/bin/sh\n# first\n', 0o755);
  await site.install('a@example.org');
  unlinkSync(site.hookPath);
  site.hook('#!/bin/sh\n# second\n', 0o755);
  await site.uninstall();
  assert.match(readFileSync(site.hookPath, 'utf8'), /second/);
  assert.match(readFileSync(`${site.hookPath}.before-refpost`, 'utf8'), /first/);
  assert.match(site.said.join('\n'), /is not refpost's any more/);
});

test('a spool that still holds pushes or mails stays', async t => {
  for (const place of ['dropNew', 'dropBad', 'queue', 'failed'] as const) {
    const site = new InstallSite(t);
    await site.install('a@example.org');
    writeFileSync(join(site.layout[place], 'something'), '');
    await site.uninstall();
    assert.ok(existsSync(join(site.layout[place], 'something')), place);
    assert.match(site.said.join('\n'), /is left: 1 push in it is not finished/);
    assert.ok(!existsSync(site.hookPath));
    assert.equal(site.git('config', '--get-regexp', '^refpost'), '');
  }
});

test('a spool that another repository uses stays', async t => {
  const site = new InstallSite(t);
  const spool = spoolLayout(join(site.folder, 'spool'));
  site.git('config', 'refpost.spool', spool.root);
  await site.install('a@example.org');
  writeFileSync(join(spool.ledger, 'of another one'), '');
  await site.uninstall();
  assert.deepEqual(readdirSync(spool.ledger), ['of another one']);
});

test('a repository with a work tree and its linked work trees share one hook', async t => {
  const site = new InstallSite(t);
  const main = new TestRepository(join(site.folder, 'main'));
  main.commit();
  main.git('worktree', 'add', '-q', '../linked');
  mkdirSync(join(site.folder, 'linked', 'sub'));
  await site.install('a@example.org', { folder: join(site.folder, 'linked', 'sub') });
  assert.ok(existsSync(join(main.folder, '.git', 'hooks', 'post-receive')));
  assert.ok(existsSync(join(main.folder, '.git', 'refpost', 'drop', 'new')));
});

const refused: Readonly<Record<string, readonly [RegExp, (site: InstallSite) => Promise<void>]>> = {
  'no address': [/no recipient is given/, site => site.install()],
  'a bad address': [/"a b@example.org" is not an address/, site => site.install('a b@example.org')],
  'an address with a name': [/is not an address/, site => site.install('A <a@example.org>')],
  'a relative spool': [
    /spool = "here" .*config:\d+.* is not an absolute path/,
    site => {
      site.git('config', 'refpost.spool', 'here');
      return site.install('a@example.org');
    },
  ],
  'a folder that is no repository': [
    /is not a git repository/,
    site => site.install('a@example.org', { folder: join(site.folder) }),
  ],
  'hooks of all repositories': [
    /core.hooksPath = \/srv\/hooks is a global setting/,
    site => {
      writeFileSync(join(site.folder, 'gitconfig'), '[core]\n\thooksPath = /srv/hooks\n');
      const env = gitEnvironment({ GIT_CONFIG_GLOBAL: join(site.folder, 'gitconfig') });
      return site.install('a@example.org', { env });
    },
  ],
  'two earlier hooks': [
    /an earlier one is kept/,
    site => {
      site.hook('#!/bin/sh\n', 0o755);
      cpSync(site.hookPath, `${site.hookPath}.before-refpost`);
      return site.install('a@example.org');
    },
  ],
  'settings that are locked': [
    /being changed by another program/,
    site => {
      writeFileSync(`${site.config}.lock`, '');
      return site.install('a@example.org');
    },
  ],
  'an uninstall of nothing': [/was not installed/, site => site.uninstall()],
  'a damaged receipt': [
    /installed.json is damaged/,
    async site => {
      await site.install('a@example.org');
      writeFileSync(join(site.bare, 'refpost', 'installed.json'), '{');
      await site.uninstall();
    },
  ],
};

for (const [what, [sentence, act]] of Object.entries(refused)) {
  test(`${what} is refused with a sentence`, async t => {
    const site = new InstallSite(t);
    await assert.rejects(act(site), error => error instanceof OperatorError && sentence.test(error.message));
    assert.ok(!existsSync(`${site.hookPath}.new`));
  });
}

test('what was refused for a reason that can be seen beforehand has changed nothing', async t => {
  const site = new InstallSite(t);
  site.git('config', 'refpost.spool', 'here');
  const before = snapshot(site.folder);
  await assert.rejects(site.install('a@example.org'));
  assert.deepEqual(snapshot(site.folder), before);
});

test('root does not install for another user', { skip: !root && 'only root can try' }, async t => {
  const site = new InstallSite(t);
  chownSync(site.bare, 12345, 12345);
  const safe = gitEnvironment({
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  });
  await assert.rejects(site.install('a@example.org', { env: safe }), /belongs to (user 12345|another user)/);
});

test('without rights nothing is changed, and the sentence names the folder', async t => {
  const site = new InstallSite(t);
  const before = snapshot(site.folder);
  if (root) process.seteuid?.(65534);
  else chmodSync(site.bare, 0o500);
  try {
    const env = gitEnvironment({
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    });
    await assert.rejects(site.install('a@example.org', { env }), OperatorError);
  } finally {
    if (root) process.seteuid?.(0);
    else chmodSync(site.bare, 0o755);
  }
  assert.deepEqual(snapshot(site.folder), before);
});
