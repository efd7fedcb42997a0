import { openGit } from '../git/git.ts';
import { programCommand } from '../hook/worker.ts';
import type { World } from '../model/world.ts';
import { hook } from './hook.ts';

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
