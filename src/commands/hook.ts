import { createSpool } from '../disk/create-spool.ts';
import { openDrop, pushId } from '../drop/drop.ts';
import { recordOf } from '../drop/record.ts';
import { type Git, openGit } from '../git/git.ts';
import { originOf, repositoryOf } from '../hook/origin.ts';
import { programCommand, shellCommand, startWorker } from '../hook/worker.ts';
import { spoolLayout } from '../model/spool-layout.ts';
import type { World } from '../model/world.ts';
import { readIdentity } from '../repository/identity.ts';
import { type HookSettings, hookSettings, listSettings } from '../repository/workplace.ts';

/** All that a hook's run depends on. */
export interface HookCall {
  /** Standard input, whole. */
  readonly stdin: Buffer;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Eight random hex digits. */
  readonly random: string;
  /** How to start refpost where refpost.command says nothing: this program. */
  readonly command: readonly string[];
  readonly openGit: (gitDir: string) => Pick<Git, 'ask'> | Promise<Pick<Git, 'ask'>>;
}

/**
 * `refpost hook`: bin/post-receive for people who write their own hook, with the same record and the same promises.
 * Resolves with the one line to print on standard error, if something failed; the exit code is 0 in any case.
 */
export async function hook(call: HookCall): Promise<string | undefined> {
  if (call.stdin.length === 0) return undefined;
  const stored = await store(call).catch((cause: Error) => cause);
  if (stored instanceof Error)
    return failure('is not recorded, and the next one will bring its mails', stored.message);
  const { repository, settings } = stored;
  if (settings.service) return undefined;
  const command = settings.command === undefined ? call.command : shellCommand(settings.command);
  const layout = spoolLayout(settings.spool);
  const reason = await startWorker(command, repository, layout, call.env).catch(
    (cause: Error) => cause.message,
  );
  return reason === undefined ? undefined : failure('waits in the outbox for a worker', reason);
}

interface Stored {
  readonly repository: string;
  readonly settings: HookSettings;
}

async function store(call: HookCall): Promise<Stored> {
  const repository = repositoryOf(call.cwd, call.env.GIT_DIR);
  const git = await call.openGit(repository);
  const settings = hookSettings(await listSettings(git), repository, call.env.HOME);
  const id = pushId(call.now, call.random);
  const identity = await readIdentity(repository);
  const record = recordOf(
    {
      kind: 'push',
      id,
      repository,
      time: call.now,
      overrides: [],
      ...(identity ? { identity } : {}),
      ...originOf(call.env),
    },
    call.stdin,
    call.env.GIT_NAMESPACE,
  );
  await createSpool(settings.spool, settings.shared);
  await openDrop(settings.spool).store(id, record);
  return { repository, settings };
}

function failure(fate: string, reason: string): string {
  return `refpost: this push ${fate} (${reason.trim().replace(/\s*\n\s*/g, ' ')}); the push itself is fine`;
}

/** `refpost hook`: standard input to a recorded push. */
export async function hookHere(world: World, random: string): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of world.stdin) chunks.push(chunk as Buffer);
  const complaint = await hook({
    stdin: Buffer.concat(chunks),
    env: world.env,
    cwd: world.cwd,
    now: world.now(),
    random,
    command: programCommand(world.home),
    openGit: gitDir => openGit(gitDir, world.env),
  });
  if (complaint !== undefined) world.stderr.write(`${complaint}\n`);
}
