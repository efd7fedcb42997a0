import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openRepository } from '../../src/git/open-repository.ts';
import { migrate, undoMigration } from '../../src/migrate/migrate.ts';
import { mailers } from '../../src/migrate/read-old.ts';
import { listSettings, settingsOf } from '../../src/repository/workplace.ts';
import { gitEnvironment, TestRepository } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';
import { InstallSite } from '../install/install-site.ts';
import { everyKey } from './every-key.ts';

const env = gitEnvironment({ HOME: '/home/git' });

/** A repository with the settings of a mailer, and what was said about it. */
class MigrateSite extends InstallSite {
  file: string | undefined;

  constructor(t: TestContext, mailer: string, text = everyKey[mailer] as string) {
    super(t);
    if (mailer === 'gitlab') {
      this.file = join(this.folder, 'export.json');
      writeFileSync(this.file, text);
    } else if (mailer === 'git-hooks') {
      const work = new TestRepository(join(this.folder, 'meta'));
      work.commit({ files: { 'project.config': text } });
      work.git('push', '-q', this.bare, 'HEAD:refs/meta/config');
    } else appendFileSync(this.config, `# of old\n${text}`);
  }

  async migrate(odd: { name?: string; dryRun?: boolean; keepHook?: boolean } = {}): Promise<string> {
    this.said.length = 0;
    await migrate({
      ...(await this.#call()),
      from: { name: odd.name, file: this.file },
      dryRun: odd.dryRun ?? false,
      keepHook: odd.keepHook ?? false,
      home: '/home/git',
    });
    return this.said.join('\n');
  }

  async undo(): Promise<void> {
    await undoMigration(await this.#call());
  }

  async #call() {
    return {
      git: await openRepository(this.bare, env),
      install: () => this.install(),
      uninstall: () => this.uninstall(),
      say: (line: string) => void this.said.push(line),
    };
  }

  /** Names of all files with the contents of those that migrate may change. */
  snapshot(): Readonly<Record<string, string>> {
    const names = readdirSync(this.bare, { recursive: true, encoding: 'utf8' });
    const shown = names.filter(name => !/^(objects|refpost\/installed.json)/.test(name)).toSorted();
    const isRead = (name: string) => /^(config|hooks\/.*)$/.test(name);
    return Object.fromEntries(
      shown.map(name => [name, isRead(name) ? readFileSync(join(this.bare, name), 'latin1') : '']),
    );
  }
}

for (const mailer of mailers) {
  test(`every key of ${mailer.name} is listed, refpost reads what it becomes, and all can be taken back to the byte`, async t => {
    const site = new MigrateSite(t, mailer.name);
    const { named, itself } = mailer.hook ?? {};
    if (named) site.hook(`#!/bin/sh\n# ${itself}\nexec ${HOOKS[mailer.name]}\n`, 0o755);
    const before = site.snapshot();

    const planned = await site.migrate({ dryRun: true });
    assert.deepEqual(site.snapshot(), before);
    const done = await site.migrate();
    assert.equal(fatesIn(done), fatesIn(planned));
    const listed = [...done.matchAll(/^(\S+).* \(.*\)\n {2}(mapped|but|not needed|refused): /gm)].map(
      ([, key]) => key,
    );
    const keys = mailer.keys.map(({ name }) => mailer.section + name);
    assert.deepEqual(listed.toSorted(), keys.toSorted());
    assert.doesNotMatch(done, /unknown: |s3cret/);

    const git = await openRepository(site.bare, env);
    const { wrong, config } = settingsOf(await listSettings(git), site.bare, '/home/git');
    assert.equal(wrong, undefined);
    assert.notEqual(config.to.length, 0);

    const after = site.snapshot();
    assert.match(await site.migrate(), /^nothing to do: all settings are there$/m);
    assert.deepEqual(site.snapshot(), after);

    await site.undo();
    assert.deepEqual(site.snapshot(), before);
    await assert.rejects(site.undo(), /"refpost migrate" has changed nothing in/);
  });
}

const HOOKS: Readonly<Record<string, string>> = {
  'git-multimail': 'python3 -u /usr/share/git-multimail/git_multimail.py --environment gitolite',
  'post-receive-email': '/usr/share/git-core/contrib/hooks/post-receive-email',
  asfgit: '/x1/gitbox/bin/asfgit "$@"',
  'git-hooks': 'python3 -u /srv/git-hooks/post_receive.py "$@"',
};

function fatesIn(said: string): string {
  return said
    .split('\n')
    .filter(line => /^( {2}|\S+\.\S+ = .*\()/.test(line))
    .join('\n');
}

test('the hook of the old mailer is put aside, and one that does more is left', async t => {
  const site = new MigrateSite(t, 'git-multimail');
  site.hook('#!/bin/sh\nexec /opt/git_multimail.py\n', 0o755);
  await site.migrate({ keepHook: true });
  assert.equal(readFileSync(site.hookPath, 'utf8'), '#!/bin/sh\nexec /opt/git_multimail.py\n');
  assert.match(await site.migrate(), /does not run$/m);
  assert.match(readFileSync(site.hookPath, 'utf8'), /refpost/);
  assert.equal(existsSync(`${site.hookPath}.before-refpost`), false);
  assert.match(readFileSync(`${site.hookPath}.before-migrate`, 'utf8'), /git_multimail/);

  const mixed = new MigrateSite(t, 'git-multimail');
  const own = '#!/bin/sh\ntee /tmp/x | /opt/git_multimail.py\ncurl https://example.org/\n';
  mixed.hook(own, 0o755);
  assert.match(await mixed.migrate(), /runs git-multimail, and does more: take git-multimail out of it/);
  assert.equal(readFileSync(mixed.hookPath, 'utf8'), own);

  await site.uninstall();
  assert.equal(existsSync(site.hookPath), false);
  await site.undo();
  assert.equal(readFileSync(site.hookPath, 'utf8'), '#!/bin/sh\nexec /opt/git_multimail.py\n');
  writeFileSync(join(site.bare, 'gl-conf'), '');
  assert.match(await site.migrate(), /^gitolite writes the hooks of this repository: .*--host gitolite$/m);
});

test('a hook of somebody else goes on, and refpost that was installed before stays after an undo', async t => {
  const site = new MigrateSite(t, 'git-multimail');
  site.hook('#!/bin/sh\nexec /opt/git_multimail.py\n', 0o755);
  await site.install('mine@example.org');
  const before = site.snapshot();
  assert.match(await site.migrate(), /^refpost.to is set already, and is left as it is$/m);
  assert.equal(existsSync(`${site.hookPath}.before-refpost`), false);
  await site.undo();
  assert.deepEqual(site.snapshot(), before);

  const other = new MigrateSite(t, 'post-receive-email');
  other.hook('#!/bin/sh\necho hello\n', 0o755);
  await other.migrate();
  assert.match(readFileSync(`${other.hookPath}.before-refpost`, 'utf8'), /hello/);
});

test('settings that were changed afterwards are taken back one by one, and old ones that were changed are no second migration', async t => {
  const text = '[hooks]\n\tenvelopesender = old@example.org\n\tmailinglist = commits@example.org \\\n';
  const site = new MigrateSite(t, 'post-receive-email', text);
  const before = readFileSync(site.config, 'utf8');
  await site.migrate({ keepHook: true });
  site.git('config', 'hooks.mailinglist', 'more@example.org');
  assert.match(await site.migrate({ keepHook: true }), /^refpost.to is set already, and is left as it is$/m);
  site.git('config', 'hooks.emailmaxlines', '1000');
  await assert.rejects(site.migrate({ keepHook: true }), /were changed since they were taken over/);
  site.git('config', 'refpost.envelopeFrom', 'mine@example.org');
  await site.undo();
  const after = readFileSync(site.config, 'utf8');
  assert.ok(after.startsWith(before.split('mailinglist')[0] as string));
  assert.match(after, /envelopeFrom = mine@example.org/);
  assert.doesNotMatch(after, /refpost.*to = /s);
});

test('mails go to whom they went before, from whom they came, with the prefix that they had', async t => {
  const site = new MigrateSite(t, 'git-multimail');
  const work = new TestRepository(join(site.folder, 'work'));
  const one = work.commit({ message: 'One', files: { 'a.txt': 'a' } });
  const two = work.commit({ message: 'Two', files: { 'a.txt': 'b' } });
  work.git('tag', '-m', 'v1', 'v1');
  const tag = work.git('rev-parse', 'v1');
  work.git('push', '-q', site.bare, 'main', 'v1');
  // Of every scope.
  const user = join(site.folder, 'gitconfig');
  writeFileSync(user, '[multimailhook]\n\tcommitList = first@example.org\n\tquiet\n');
  const env = gitEnvironment({ HOME: '/home/git', GIT_CONFIG_GLOBAL: user });
  const at = ['--repo', site.bare];
  const done = await runHere(['migrate', '--keep-hook', ...at], '/', env);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /^multimailhook.quiet = , true \(.*config:\d+\)$/m);
  const headersOf = async (...push: readonly string[]) => {
    const { stdout, stderr } = await runHere(['notify', ...push, '--dry-run', ...at], '/', env);
    assert.notEqual(stdout, '', stderr);
    return stdout.match(/^(From|To|Subject|Reply-To): .*$/gm);
  };
  assert.deepEqual(await headersOf('main~1', 'main', 'refs/heads/main'), [
    'From: Ada Author <bounces@example.org>',
    'To: first@example.org, commits@example.org, dev@example.org',
    'Reply-To: Ada Author <ada@example.org>',
    'Subject: [tools/mig] 01/01: Two',
    'From: "tools/mig" <bounces@example.org>',
    'To: refs@example.org',
    `Subject: [tools/mig] branch main updated (${one.slice(0, 7)} -> ${two.slice(0, 7)})`,
  ]);
  assert.deepEqual(await headersOf('0'.repeat(40), 'v1', 'refs/tags/v1'), [
    'From: "tools/mig" <bounces@example.org>',
    'To: announce@example.org, press@example.net',
    `Subject: [tools/mig] annotated tag v1 created (now ${tag.slice(0, 7)})`,
  ]);
  const undone = await runHere(['migrate', '--undo', ...at], '/', env);
  assert.equal(undone.code, 0, undone.stderr);
});

test('it says so where there is nothing to take over, or more than one thing', async t => {
  const none = new MigrateSite(t, 'git-multimail', '[hooks]\n\tallowunannotated = true\n');
  await assert.rejects(none.migrate(), /there are no settings of git-multimail, post-receive-email, asfgit/);
  await assert.rejects(none.migrate({ name: 'cvs' }), /"cvs" is no mailer that refpost knows/);
  await assert.rejects(
    none.migrate({ name: 'gitlab' }),
    /a file with the settings of the integration is needed/,
  );
  const both = new MigrateSite(t, 'git-multimail');
  appendFileSync(both.config, '[hooks]\n\tmailinglist = old@example.org\n\tallowunannotated = true\n');
  await assert.rejects(both.migrate(), /settings of git-multimail and post-receive-email/);
  const said = await both.migrate({ name: 'post-receive-email', keepHook: true });
  assert.match(
    said,
    /hooks.allowunannotated \(.*config:\d+\)\n {2}unknown: post-receive-email has no such key/,
  );
  const broken = new MigrateSite(t, 'git-hooks', '[hooks\n\tmailinglist = a@example.org');
  appendFileSync(broken.config, everyKey['git-multimail'] as string);
  assert.match(await broken.migrate({ dryRun: true }), /^git-multimail: /);
  await assert.rejects(broken.migrate({ name: 'git-hooks' }), /bad config line 1/);
  for (const text of ['', '[]', '{"a":1}', '{"recipients":', 'null', '"recipients"']) {
    const export_ = new MigrateSite(t, 'gitlab', text);
    await assert.rejects(export_.migrate(), /is not what the API of GitLab says/);
  }
});
