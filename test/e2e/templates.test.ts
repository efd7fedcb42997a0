import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileOptions, isText, keyOf, readTemplate } from '../../src/render/templates.ts';
import { run } from '../fixtures/processes.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { refpostProgram } from '../fixtures/server-repository.ts';
import { HOME } from '../fixtures/world.ts';

const TEMPLATES = join(HOME, 'templates');
const DIST = join(HOME, 'dist');

test('the package has the bundle and the templates, and nothing that was compiled on this machine', async () => {
  const { stdout } = await run(['npm', 'pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: HOME });
  const paths: string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path);
  for (const path of ['bin/package.json', 'dist/main.cjs', 'dist/apart.cjs', 'templates/apache/commit.hbs'])
    assert.ok(paths.includes(path), path);
  assert.deepEqual(
    paths.filter(path => path.includes('.cache')),
    [],
  );
});

test('the bundle has each template as it is in templates/', () => {
  const bundle = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.c?js$/.test(file))
    .map(file => readFileSync(join(DIST, file), 'latin1'))
    .join('');
  const missing = readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.hbs'))
    .filter(file => {
      const { text } = readTemplate([TEMPLATES], file);
      return !bundle.includes(keyOf(text, compileOptions(isText(file))));
    });
  assert.deepEqual(missing, []);
});

/** The mails of a dry run with templates of one's own, and whether handlebars' compiler was loaded for them. */
async function mailsBy(repository: TestRepository, templates?: string) {
  // handlebars' compiler says for which files it is there, where node asks for it.
  const spy = join(repository.folder, 'spy.cjs');
  writeFileSync(
    spy,
    `process.on('exit', () => { if (require.extensions['.hbs']) process.stderr.write('compiler'); });`,
  );
  const settings = [
    'to=commits@example.org',
    'html=true',
    ...(templates === undefined ? [] : [`templates=${templates}`]),
  ];
  const { code, stdout, stderr } = await run(
    [
      ...[...refpostProgram, 'notify', 'HEAD~1', 'HEAD', 'main', '--dry-run'],
      ...settings.flatMap(setting => ['-c', `refpost.${setting}`]),
    ],
    { cwd: repository.folder, env: gitEnvironment({ NODE_OPTIONS: `--require=${spy}` }) },
  );
  assert.equal(code, 0, stderr);
  // Two runs have no more in common than what is in the mails.
  const mails = stdout.replace(/^(From |(Date|Message-ID|In-Reply-To|References): ).*\n/gm, '');
  return { mails: mails.replace(/=_[\w-]+/g, 'boundary'), compiler: stderr };
}

test('templates that come with refpost need no compiler, a copy of them neither, and a changed one makes the same as it would by itself', async t => {
  const folder = temporaryFolder(t);
  const repository = new TestRepository(temporaryFolder(t));
  for (const title of ['One', 'Two']) repository.commit({ message: title, files: { [title]: 'a line\n' } });
  const builtIn = await mailsBy(repository);
  assert.equal(builtIn.compiler, '');
  assert.match(builtIn.mails, /^\s*<html/m);

  cpSync(join(TEMPLATES, 'apache'), folder, { recursive: true });
  const copied = await mailsBy(repository, folder);
  assert.deepEqual(copied, builtIn);

  // A comment leaves nothing in a mail, so that each template is compiled and says what the one says that comes with refpost.
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    writeFileSync(path, `${readFileSync(path, 'utf8')}{{! the end }}`);
  }
  const changed = await mailsBy(repository, folder);
  assert.deepEqual(changed, { ...builtIn, compiler: 'compiler' });
});
