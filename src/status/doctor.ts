import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { renderContext } from '../announce/render-context.ts';
import { isExecutable, probe } from '../delivery/probe.ts';
import { senderOptions } from '../delivery/sender-options.ts';
import { describeTransport, resolveTransport } from '../delivery/transport.ts';
import { openDrop } from '../drop/drop.ts';
import { OperatorError } from '../errors.ts';
import { submoduleRepositories } from '../git/submodule-repositories.ts';
import { scriptOf, shellCommand } from '../hook/worker.ts';
import { inspectHook } from '../install/hook-file.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { holder } from '../outbox/directory/lock.ts';
import { openOutbox } from '../outbox/directory/open-outbox.ts';
import { renderSamples } from '../render/templates.ts';
import type { Workplace } from '../repository/workplace.ts';

/** One thing that has to be in place: what was found or, where it is not right, what to do. */
type Finding = { readonly ok: string } | { readonly wrong: string; readonly remedy: string };

interface Check {
  readonly name: string;
  readonly look: (world: World, workplace: Workplace) => Promise<Finding>;
}

const CHECKS: readonly Check[] = [
  { name: 'git', look: gitVersion },
  { name: 'recipients', look: recipients },
  { name: 'templates', look: templates },
  { name: 'submodules', look: submodules },
  { name: 'hook', look: hook },
  { name: 'worker', look: worker },
  { name: 'outbox', look: outbox },
  { name: 'queue', look: queue },
  { name: 'transport', look: transport },
];

/** `refpost doctor`: a line a check, `ok` or what to do. Returns true if all is well. Sends nothing. */
export async function examine(world: World, workplace: Workplace): Promise<boolean> {
  tell(world, 'repository', { ok: workplace.git.gitDir });
  tell(world, 'settings', { ok: 'all of them make sense' });
  let well = true;
  for (const { name, look } of CHECKS) {
    const finding = await look(world, workplace).catch(faultFound);
    if ('wrong' in finding) well = false;
    tell(world, name, finding);
  }
  return well;
}

function tell(world: World, name: string, finding: Finding): void {
  const mark = 'ok' in finding ? paint(world, 'ok', 32) : paint(world, 'no', 31);
  const text =
    'ok' in finding ? finding.ok : `${finding.wrong}\n    ${finding.remedy.replaceAll('\n', '\n    ')}`;
  world.stdout.write(`${mark}  ${name}: ${text}\n`);
}

function paint(world: World, word: string, colour: number): string {
  const plain = !world.stdout.isTTY || world.env.NO_COLOR;
  return plain ? word : `\u001b[${colour}m${word}\u001b[0m`;
}

function faultFound(error: unknown): Finding {
  if (error instanceof OperatorError) return { wrong: error.message, remedy: error.remedy };
  throw error;
}

async function gitVersion(_: World, { git }: Workplace): Promise<Finding> {
  return { ok: (await git.ask(['version'])).trim() };
}

async function recipients(_: World, { config, git }: Workplace): Promise<Finding> {
  if (config.to.length > 0) return { ok: config.to.join(', ') };
  return {
    wrong: 'refpost.to is not set: nobody gets a mail',
    remedy: `git -C '${git.gitDir}' config --add refpost.to commits@example.org`,
  };
}

async function templates(world: World, workplace: Workplace): Promise<Finding> {
  renderSamples(renderContext(world, workplace).templates, join(world.home, 'templates'));
  return { ok: workplace.config.templates ?? 'those that come with refpost' };
}

async function submodules(_: World, { config, git }: Workplace): Promise<Finding> {
  const found = submoduleRepositories(git.gitDir, config.submodules);
  const missing = config.submodules.find(path => submoduleRepositories('', [path]).length === 0);
  if (missing === undefined) return { ok: found.length === 0 ? 'none is listed' : found.join(', ') };
  return {
    wrong: `refpost.submodules names ${missing}, which is not a repository, or cannot be read by this user`,
    remedy: 'name the directory of a repository on this disk, or unset it',
  };
}

async function hook(world: World, { git }: Workplace): Promise<Finding> {
  const folder = resolve(
    git.gitDir,
    (await git.ask(['rev-parse', '--git-path', 'hooks'])).replace(/\n$/, ''),
  );
  const state = await inspectHook(folder, [scriptOf(world.home)]);
  const path = join(folder, 'post-receive');
  if (state === 'ours') return { ok: path };
  return {
    wrong: state === 'foreign' ? `${path} is not refpost's` : `there is no ${path}`,
    remedy: `refpost install ${git.gitDir}\n(a hook of your own does as well: let it call "refpost hook")`,
  };
}

/** The hook starts the worker by this; a bare PATH, as ssh gives it, must not matter. */
async function worker(_: World, { config, spool }: Workplace): Promise<Finding> {
  const other = await holder(spool).catch(() => undefined);
  if (other?.alive) return { ok: `process ${other.pid} is at work` };
  if (config.worker === 'service') {
    return {
      wrong: 'refpost.worker is service, and no worker runs',
      remedy: 'start "refpost work", or unset refpost.worker',
    };
  }
  if (config.command === undefined) return { ok: 'started by the hook as "refpost", from its PATH' };
  const missing = shellCommand(config.command).find(word => word.startsWith('/') && !existsSync(word));
  if (missing === undefined) return { ok: 'started by the hook' };
  return { wrong: `refpost.command names ${missing}, which is not there`, remedy: 'refpost install again' };
}

async function outbox(_: World, { spool }: Workplace): Promise<Finding> {
  const layout = spoolLayout(spool);
  for (const folder of [
    layout.dropTmp,
    layout.dropNew,
    layout.queue,
    layout.done,
    layout.failed,
    layout.ledger,
  ]) {
    try {
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch {
      return {
        wrong: `${folder} cannot be written by this user`,
        remedy: 'refpost install makes it; mind its owner and rights',
      };
    }
  }
  return { ok: spool };
}

async function queue(_: World, { spool, shared }: Workplace): Promise<Finding> {
  const box = openOutbox(spool, shared);
  const count = { queue: 0, failed: 0 };
  for (const place of ['queue', 'failed'] as const) {
    for await (const _listed of box.entries(place)) count[place]++;
  }
  const bad = (await openDrop(spool).condemned()).length;
  if (count.failed > 0) {
    return {
      wrong: `${count.failed} pushes have mails that were given up`,
      remedy: 'refpost outbox list; then retry or drop',
    };
  }
  if (bad > 0)
    return { wrong: `${bad} records could not be read`, remedy: `look into ${spoolLayout(spool).dropBad}` };
  return { ok: count.queue === 0 ? 'empty' : `${count.queue} pushes wait` };
}

async function transport(world: World, { config }: Workplace): Promise<Finding> {
  const address = resolveTransport(config.transport, isExecutable);
  const wrong = await probe(address, senderOptions(world, config));
  if (wrong === undefined) return { ok: describeTransport(address) };
  return {
    wrong,
    remedy: 'mend refpost.transport, refpost.tls or the login; mails wait in the outbox meanwhile',
  };
}
