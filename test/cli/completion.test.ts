import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { run } from '../fixtures/processes.ts';
import { gitEnvironment, TestRepository, temporaryFolder } from '../fixtures/repository.ts';
import { runHere } from '../fixtures/run-here.ts';

/** What a shell that has read our script offers after a line, in its own order. */
type Complete = (folder: string, script: string, line: string) => Promise<string[]>;

/** As bash calls the function: the words of the line, the last one being written. */
const inBash: Complete = async (folder, script, line) => {
  const code = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _refpost 2>/dev/null; printf "%s\\n" "\${COMPREPLY[@]}"`;
  return lines(folder, ['bash', '--norc', '-c', code, 'bash', script, ...line.split(' ')]);
};

const inFish: Complete = async (folder, script, line) => {
  const offered = await lines(folder, [
    'fish',
    '--no-config',
    '-c',
    `source ${script}; complete -C '${line}'`,
  ]);
  return offered.map(each => each.split('\t')[0] as string);
};

/** Typed in a terminal of its own. The list stands between the line and the next one, which prints the mark. */
const inZsh: Complete = async (folder, script, line) => {
  const code = `zmodload zsh/zpty; zpty z zsh -f -i
zpty -w z 'PS1=">>"; stty columns 300; autoload -U compinit; compinit -u -D; source ${script}; print -r rea""dy'
zpty -r z out '*ready*>>*'; zpty -w -n z '${line}'$'\\t'; zpty -w z $'\\C-uprint -r mar\\'\\'k'
zpty -r z out '*mark*'; print -r -- "$out"; zpty -d z`;
  const { stdout } = await run(['zsh', '-f', '-c', code], { cwd: folder, env: gitEnvironment() });
  return stripVTControlCharacters(stdout)
    .split(/\s+/)
    .filter(word => word !== '');
};

async function lines(folder: string, command: readonly string[]): Promise<string[]> {
  const { stdout } = await run(command, { cwd: folder, env: gitEnvironment() });
  return stdout.split('\n').filter(line => line !== '');
}

const shells: Readonly<Record<string, Complete>> = { bash: inBash, zsh: inZsh, fish: inFish };

const cases: readonly (readonly [line: string, offered: readonly string[], notOffered: readonly string[]])[] =
  [
    ['refpost ', ['install', 'outbox', 'help'], ['--raw']],
    ['refpost outbox ', ['list', 'show', 'retry', 'drop'], ['install']],
    ['refpost outbox show --', ['--raw', '--repo'], ['--all']],
    ['refpost config max', ['maxMails', 'maxSize'], ['refs']],
    ['refpost work -c refpost.max', ['refpost.maxMails='], ['refpost.to=']],
    ['refpost completion ', ['bash', 'zsh', 'fish'], ['install']],
    ['refpost notify ', ['main', 'topic'], ['install']],
  ];

for (const [shell, complete] of Object.entries(shells)) {
  test(`${shell} completes commands, options, settings and refs`, async t => {
    const { script, repository } = await scene(t, shell);
    if (!script) return;
    repository.git('branch', 'topic');
    for (const [line, offered, notOffered] of cases) {
      const found = await complete(repository.folder, script, line);
      assert.deepEqual([line, offered.filter(word => !found.includes(word))], [line, []]);
      assert.deepEqual([line, notOffered.filter(word => found.includes(word))], [line, []]);
    }
  });

  test(`${shell} runs nothing that a ref is called`, async t => {
    const { script, repository } = await scene(t, shell);
    if (!script) return;
    repository.git('branch', `x$(echo$IFS'ran'>ran)`);
    repository.git('branch', 'y`echo$IFS"ran">ran`');
    await complete(repository.folder, script, 'refpost notify ');
    assert.equal(spawnSync('ls', ['ran'], { cwd: repository.folder }).status, 2);
  });
}

async function scene(t: TestContext, shell: string) {
  const repository = new TestRepository(temporaryFolder(t));
  repository.commit();
  if (spawnSync(shell, ['-c', 'true']).status !== 0) {
    t.skip(`${shell} is not here`);
    return { script: undefined, repository };
  }
  const script = join(temporaryFolder(t), 'script');
  writeFileSync(script, (await runHere(['completion', shell], '/')).stdout);
  return { script, repository };
}

test('a shell that has no completion is refused, whatever it is called', async () => {
  for (const shell of ['tcsh', 'constructor', '']) {
    const { code, stderr } = await runHere(['completion', shell], '/');
    assert.deepEqual([code, stderr], [64, 'error: there is completion for bash, zsh and fish\n']);
  }
});
