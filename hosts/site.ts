import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programCommand, shellWords } from '../src/hook/worker.ts';
import { run, waitUntil } from '../test/fixtures/processes.ts';
import { configLines, gitEnvironment, TestRepository, temporaryFolder } from '../test/fixtures/repository.ts';
import { startInbox } from '../test/fixtures/smtp-inbox.ts';
import type { CleanUps } from '../test/fixtures/trials.ts';

/** A home for an account of a host with settings of refpost, a repository to push from, and where its mails come in. */
export async function openSite(t: CleanUps) {
  const inbox = await startInbox(t);
  const home = temporaryFolder(t);
  const work = new TestRepository(join(home, 'work'));
  work.commit();
  const settings = {
    'refpost.to': 'commits@example.org',
    'refpost.from': 'git@example.org',
    'refpost.transport': `smtp://127.0.0.1:${inbox.port}`,
    'refpost.command': shellWords(programCommand(resolve('.'))),
    'init.defaultBranch': 'master',
    'user.name': 'Ada',
    'user.email': 'ada@example.org',
  };
  writeFileSync(join(home, '.gitconfig'), configLines(settings));
  const field = (bytes: Buffer, name: string) =>
    new RegExp(`^${name}: (.*)\r$`, 'm').exec(bytes.toString())?.[1];
  const seen = () =>
    inbox.received
      .map(({ bytes }) => `${field(bytes, 'X-Git-Repo')}: ${field(bytes, 'X-Git-Pusher')}`)
      // Those about the settings of the host are another matter.
      .filter(line => !line.startsWith('gitolite-admin'))
      .toSorted();
  return {
    home,
    work: work.folder,
    /** `<repository>: <pusher>` of so many mails, and of what comes in the second after. */
    pushers: async (count: number) => {
      await waitUntil('the mails of all pushes', () => seen().length >= count, {
        explain: () => seen().join('\n'),
      });
      await sleep(1000);
      return seen();
    },
  };
}

/** Runs a program that has to succeed, with a home and no other settings of git. */
export async function succeed(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const { code, stderr } = await run(command, {
    env: gitEnvironment({ GIT_CONFIG_GLOBAL: undefined, GIT_TERMINAL_PROMPT: '0', ...env }),
  });
  if (code !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
}
