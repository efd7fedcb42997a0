import { dirname, join } from 'node:path';
import { openGit } from '../git/git.ts';
import type { World } from '../world.ts';
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

/** What starts this program from anywhere. */
export function programCommand(home: string): string[] {
  return [process.execPath, join(home, 'bin', 'refpost.js')];
}

export function scriptOf(home: string): string {
  return join(dirname(programCommand(home)[1] as string), 'post-receive');
}
