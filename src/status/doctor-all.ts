import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fault } from '../errors.ts';
import { inspectHook } from '../install/hook-file.ts';
import { type HostReceipt, hostReceipts, stateFolder } from '../install/host-receipt.ts';
import { repositoriesBelow } from '../install/repositories-below.ts';
import type { World } from '../model/world.ts';
import { openTolerated, type Tolerated } from '../repository/workplace.ts';
import { MAIL_CHECKS } from './check-mail.ts';
import { OUTBOX_CHECKS } from './check-outbox.ts';
import { REPOSITORY_CHECKS } from './check-repository.ts';
import { exitCodeOf, show } from './doctor.ts';
import { type Checks, type Finding, fail, failure, ok } from './finding.ts';

/** What is the same for all repositories with the same settings, and takes a process or a server to find out: looked at once for each. */
const ONCE: Readonly<Record<string, (place: Tolerated) => string>> = {
  node: () => '',
  git: () => '',
  worker: ({ config, spool }) => (config.worker === 'service' ? spool : `${config.command}`),
  fleet: ({ config }) => JSON.stringify(config.outbox),
  // Of a fleet's server it is that of all its repositories.
  queue: ({ config, git }) => (config.outbox ? JSON.stringify(config.outbox) : git.gitDir),
  templates: ({ audiences }) => audiences.map(({ config }) => config.templates).join(),
  transport: ({ audiences }) => audiences.map(({ config }) => `${config.transport} ${config.from}`).join(),
};

/**
 * `refpost doctor --all`: a line for each repository below some folders in which all is right, what is wrong with the others, and a sum. One after
 * the other, so that it takes no more than one does.
 * @param folders all that `install --host` knows of, where none is named
 * @returns the exit code
 */
export async function examineAll(world: World, folders: readonly string[]): Promise<number> {
  const receipts = await hostReceipts(stateFolder(world.env));
  const roots =
    folders.length > 0
      ? folders.map(folder => resolve(world.cwd, folder))
      : receipts.flatMap(({ roots }) => roots);
  if (roots.length === 0) throw fault.noRepositoriesKnown();
  const seen = new Set<string>();
  const all: Finding[] = [];
  let [total, right] = [0, 0];
  for (const root of new Set(roots)) {
    const receipt = receipts.find(one => one.roots.includes(root));
    for await (const repository of repositoriesBelow(root)) {
      const findings = await examineOne(world, repository, receipt, seen).catch(error => [
        ['repository', failure(error)] as const,
      ]);
      const wrong = findings.filter(([, { mark }]) => mark !== 'ok');
      total += 1;
      if (wrong.length === 0) right += 1;
      show(world, repository, wrong.length === 0 ? ok('all is right') : worst(wrong));
      all.push(...wrong.map(([, finding]) => finding));
    }
  }
  const sum = `${total === 1 ? '1 repository' : `${total} repositories`}, ${right} of them without a finding`;
  world.stdout.write(`${sum}\n`);
  return exitCodeOf(all);
}

type Named = readonly [name: string, finding: Finding];

/** All findings with a repository, as one with the mark of the worst. */
function worst(findings: readonly Named[]): Finding {
  const text = findings.map(
    ([name, { what, remedy }]) => `${name}: ${what}${remedy === undefined ? '' : `\n${remedy}`}`,
  );
  const mark = findings.some(([, finding]) => finding.mark === 'FAIL') ? 'FAIL' : 'warn';
  return { mark, what: text.join('\n') };
}

async function examineOne(
  world: World,
  repository: string,
  receipt: HostReceipt | undefined,
  seen: Set<string>,
): Promise<readonly Named[]> {
  const place = await openTolerated(world, repository, []);
  const { wrong, spool } = place;
  const found: Named[] = wrong ? [['settings', fail(wrong.message, wrong.remedy)]] : [];
  // The first push makes the outbox.
  const checks: Checks = {
    ...REPOSITORY_CHECKS,
    ...(existsSync(spool) ? OUTBOX_CHECKS : {}),
    ...(wrong ? {} : MAIL_CHECKS),
  };
  for (const [name, look] of Object.entries(checks)) {
    const key = `${name} ${ONCE[name]?.(place)}`;
    if (ONCE[name] && seen.has(key)) continue;
    seen.add(key);
    const findings = [await look(world, place).catch(failure)].flat();
    const isElsewhere =
      name === 'hook' && findings.some(({ mark }) => mark === 'FAIL') && (await hasHostHook(receipt));
    if (!isElsewhere) found.push(...findings.map(finding => [name, finding] as const));
  }
  return found;
}

/** Whether the host runs a hook of its own for all repositories, outside of them. */
async function hasHostHook(receipt: HostReceipt | undefined): Promise<boolean> {
  for (const change of receipt?.changes ?? []) {
    const isOutside = change.kind === 'hook' && change.links === undefined;
    if (isOutside && !change.path.endsWith(join('hooks', 'post-receive.d', 'refpost')))
      if ((await inspectHook(change.path, [change.script], '').catch(() => undefined)) === 'ours')
        return true;
  }
  return false;
}
