import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openGit } from '../../src/git/git.ts';
import { readCommits } from '../../src/git/read-commits.ts';
import { readCheck, readTags } from '../../src/git/tags.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { LONG_MESSAGE, NO_SIGNATURE, signBySsh } from '../fixtures/ssh-signing.ts';

const MARK = '0123456789abcdef0123456789abcdef';

test('tags signed with gpg have the checks that commits have, out of one more git process', async t => {
  const folder = temporaryFolder(t);
  const GNUPGHOME = join(folder, 'gpg');
  const repository = new TestRepository(join(folder, 'project'));
  const env = { ...gitEnvironment(), GNUPGHOME };
  mkdirSync(GNUPGHOME, { mode: 0o700 });
  const gpg = (...args: string[]) =>
    execFileSync('gpg', ['--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  t.after(() => execFileSync('gpgconf', ['--kill', 'all'], { env }));
  gpg('--quick-gen-key', 'Gina <gina@example.org>', 'ed25519', 'sign', 'never');
  const run = (...args: string[]) =>
    repository
      .run(['-c', 'user.signingKey=gina@example.org', ...args], { env: { GNUPGHOME } })
      .toString()
      .trim();

  const plain = repository.commit();
  run('tag', '-s', '-m', 'Good', 'good');
  run('tag', '-a', '-m', 'Not signed', 'plain');
  run('commit', '-q', '-S', '--allow-empty', '-m', 'Good');
  const forged = repository.run(['cat-file', 'tag', 'good']).toString().replace('Good', 'Evil');
  const evil = repository
    .run(['hash-object', '-t', 'tag', '-w', '--stdin'], { input: forged })
    .toString()
    .trim();

  const git = openGit(join(repository.folder, '.git'), env);
  const asked: string[] = [];
  const counting = {
    ...git,
    stderr(args: readonly string[]) {
      asked.push(...args);
      return git.stderr(args);
    },
  };
  const names = [run('rev-parse', 'good'), run('rev-parse', 'plain'), evil];
  const tags = await readTags(counting, names);
  assert.deepEqual(
    names.map(id => tags.get(id)?.signature),
    [
      { state: 'good', signer: 'Gina <gina@example.org>' },
      undefined,
      { state: 'bad', signer: 'Gina <gina@example.org>' },
    ],
  );
  assert.equal(asked.filter(arg => arg === 'verify-tag').length, 1);

  const checks = [];
  const options = { maxSize: 10_000, mark: MARK, isMerge: () => false };
  for await (const { signature } of readCommits(git, [plain, run('rev-parse', 'HEAD')], options))
    checks.push(signature);
  assert.deepEqual(checks, [undefined, { state: 'good', signer: 'Gina <gina@example.org>' }]);
});

test('a program for signatures that is not there costs the check alone', async t => {
  const repository = new TestRepository(join(temporaryFolder(t), 'project'));
  repository.commit();
  const signature = '-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n';
  repository.run(['tag', '-a', '-F', '-', 'signed'], { input: `Signed\n${signature}` });
  repository.git('config', 'gpg.program', '/nonexistent/gpg');
  const id = repository.git('rev-parse', 'signed');
  const git = openGit(join(repository.folder, '.git'), gitEnvironment());
  const tag = (await readTags(git, [id])).get(id);
  assert.deepEqual([tag?.signed, tag?.signature, tag?.message], [true, undefined, 'Signed']);
});

test('a tag cannot take the check of another by what it says or is called', async t => {
  const folder = temporaryFolder(t);
  const repository = new TestRepository(join(folder, 'project'));
  repository.commit();
  signBySsh(repository, folder);
  const good = 'Good "git" signature for ada@example.org with ED25519 key SHA256:x';
  repository.run(['tag', '-s', '-F', '-', 'real'], { input: `error: tag 'refs/${MARK}' not found.\n` });
  const lines = [
    '-----BEGIN SSH SIGNATURE-----',
    good,
    `error: tag 'refs/${MARK}' not found.`,
    good,
    '',
  ].join('\n');
  repository.run(['tag', '-a', '-F', '-', '--cleanup=verbatim', `Good-${MARK}`], {
    input: `Signed\n${lines}`,
  });
  const ids = [`Good-${MARK}`, 'real', `Good-${MARK}`].map(name => repository.git('rev-parse', name));
  const git = openGit(join(repository.folder, '.git'), gitEnvironment());
  const tags = await readTags(git, ids);
  assert.deepEqual(
    ids.slice(0, 2).map(id => tags.get(id)?.signature),
    [
      { state: 'bad', signer: '' },
      { state: 'good', signer: 'ada@example.org' },
    ],
  );
});

test('a tag over which git dies goes without a check, and the others have theirs', async t => {
  const folder = temporaryFolder(t);
  const repository = new TestRepository(join(folder, 'project'));
  repository.commit();
  signBySsh(repository, folder);
  for (const name of ['one', 'two', 'three']) repository.git('tag', '-s', '-m', name, name);
  for (const name of ['deadly', 'deadly-too']) {
    repository.run(['tag', '-a', '-F', '-', '--cleanup=verbatim', name], {
      input: LONG_MESSAGE + NO_SIGNATURE,
    });
  }
  const ids = ['one', 'deadly', 'two', 'deadly-too', 'three'].map(name => repository.git('rev-parse', name));
  const tags = await readTags(openGit(join(repository.folder, '.git'), gitEnvironment()), ids);
  const good = { state: 'good', signer: 'ada@example.org' };
  assert.deepEqual(
    ids.map(id => tags.get(id)?.signature),
    [good, undefined, good, undefined, good],
  );
});

test('a commit over whose signature git dies goes without a check, and has its diff', async t => {
  const folder = temporaryFolder(t);
  const repository = new TestRepository(join(folder, 'project'));
  signBySsh(repository, folder);
  const signed = (message: string) => {
    repository.write('file', message);
    repository.git('add', 'file');
    repository.git('commit', '-q', '-S', '-m', message);
    return repository.git('rev-parse', 'HEAD');
  };
  const one = signed('One');
  const header = `gpgsig ${NO_SIGNATURE.trimEnd().replaceAll('\n', '\n ')}`;
  const [head] = repository.run(['cat-file', 'commit', one]).toString().split('\ngpgsig ') as [string];
  const deadly = repository
    .run(['hash-object', '-t', 'commit', '-w', '--stdin'], {
      input: `${head}\n${header}\n\n${LONG_MESSAGE}`,
    })
    .toString()
    .trim();
  const two = signed('Two');
  // git before 2.40 does not read where diff-tree finds the keys, and has no check on any of them.
  const asked = ['diff-tree', '--stdin', '--root', '--always', '-s', '--format=%G?'];
  const letter = repository
    .run(asked, { input: `${one}\n` })
    .toString()
    .trim();
  const state = letter === 'G' ? 'good' : undefined;
  const git = openGit(join(repository.folder, '.git'), gitEnvironment());
  const reading = { maxSize: 1 << 20, mark: MARK, isMerge: () => false };
  const found = [];
  for await (const { signature, files, stat, subject, failure } of readCommits(
    git,
    [one, deadly, two],
    reading,
  ))
    found.push([subject, signature?.state, files.length, stat.length > 0, failure]);
  assert.deepEqual(found, [
    ['One', state, 1, true, undefined],
    ['Long', undefined, 1, true, undefined],
    ['Two', state, 1, true, undefined],
  ]);
});

const KEY = '84A020F50A182FEB';

test('what gpg and ssh-keygen say is read as git reads it', () => {
  const gpg = (...lines: string[]) => lines.map(line => `[GNUPG:] ${line}\n`).join('');
  const good = `GOODSIG ${KEY} Gina <gina@example.org>`;
  const cases: [output: string, check: string][] = [
    ['', 'none'],
    ['error: no signature found\n', 'none'],
    ['error: cannot run gpg: No such file or directory\nerror: could not run gpg.\n', 'none'],
    [gpg(good, 'TRUST_ULTIMATE 0 pgp'), 'good Gina <gina@example.org>'],
    [gpg(good), 'good Gina <gina@example.org>'],
    [gpg(good, 'TRUST_UNDEFINED 0 pgp'), 'untrusted Gina <gina@example.org>'],
    [gpg('TRUST_NEVER', good), 'untrusted Gina <gina@example.org>'],
    [gpg(`BADSIG ${KEY} Gina`, 'TRUST_UNDEFINED'), 'bad Gina'],
    [gpg(`EXPSIG ${KEY} Gina`), 'expired Gina'],
    [gpg(`EXPKEYSIG ${KEY} Gina`), 'expired Gina'],
    [gpg(`REVKEYSIG ${KEY} Gina`), 'revoked Gina'],
    [gpg(`ERRSIG ${KEY} 22 8 00 1704110400 9 -`, `NO_PUBKEY ${KEY}`), 'none'],
    [gpg('NODATA 4'), 'none'],
    [gpg(good, `BADSIG ${KEY} Eve`), 'none'],
    [gpg(good, good), 'none'],
    [gpg(`BADSIG ${KEY} [GNUPG:] ${good}`), `bad [GNUPG:] ${good}`],
    ['Good "git" signature for ada@example.org with ED25519 key SHA256:x\n', 'good ada@example.org'],
    ['Good "git" signature for a with b with RSA key SHA256:x\n', 'good a with b'],
    ['Good "git" signature with ED25519 key SHA256:x\nNo principal matched.\n', 'untrusted '],
    ['Could not verify signature.\nGood "git" signature for eve with RSA key SHA256:x\n', 'bad '],
  ];
  for (const [output, expected] of cases) {
    const check = readCheck(output);
    assert.equal(check ? `${check.state} ${check.signer}` : 'none', expected, output);
  }
});
